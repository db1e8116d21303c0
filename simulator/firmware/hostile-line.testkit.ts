// A serial line with an enemy in it: what the board and the host send each other is torn into pieces, dropped, doubled and flipped, by seed.
import { mkdirSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { dirname } from 'node:path';
import { type Link, openSerialLink } from '@maibo/sdk';
import { openPty } from '../device/pty.ts';
import { createFaultyLink, type Harm } from '../world/faulty-link.ts';

const HARM: Harm = { drop: 0.01, flip: 0.01, duplicate: 0.01 };
const PIECE_BYTES_MAX = 16;

export class HostileLine {
  /** The name of the host's end, which stays; the pty behind it is another one for every host that comes. */
  readonly path: string;
  readonly counts = { drop: 0, flip: 0, duplicate: 0 };
  readonly #seed: number;
  readonly #board: Link;
  #near: Link | null = null;
  #connections = 0;
  #isOver = false;
  #running: Promise<unknown> = Promise.resolve();

  private constructor(board: Link, path: string, seed: number) {
    this.#board = board;
    this.path = path;
    this.#seed = seed;
  }

  /** `boardPath` is the board's pty. */
  static async open(boardPath: string, path: string, seed: number): Promise<HostileLine> {
    const line = new HostileLine(await openSerialLink({ path: boardPath }), path, seed);
    mkdirSync(dirname(path), { recursive: true });
    line.#connect();
    line.#running = Promise.all([line.#carryToHosts(), line.#carryToBoard()]);
    return line;
  }

  async close(): Promise<void> {
    this.#isOver = true;
    rmSync(this.path, { force: true });
    await Promise.all([this.#board.close(), this.#near?.close()]);
    await this.#running;
  }

  /** A new pty, hostile from its first byte. */
  #connect(): Link {
    const pty = openPty();
    if (pty === null) throw new Error('no pty here');
    const seed = this.#seed + this.#connections++;
    const near = createFaultyLink(pty.link, { seed, incoming: HARM, outgoing: HARM, pieceBytesMax: PIECE_BYTES_MAX });
    symlinkSync(pty.slavePath, `${this.path}.new`);
    renameSync(`${this.path}.new`, this.path);
    this.#near = near;
    return near;
  }

  async #carryToBoard(): Promise<void> {
    while (!this.#isOver) {
      const near = this.#near as ReturnType<typeof createFaultyLink>;
      try {
        for await (const chunk of near.chunks) await this.#board.write(chunk);
      } catch {
        // The host went.
      }
      for (const kind of ['drop', 'flip', 'duplicate'] as const) this.counts[kind] += near.counts[kind];
      await near.close();
      if (!this.#isOver) this.#connect();
    }
  }

  async #carryToHosts(): Promise<void> {
    try {
      for await (const chunk of this.#board.chunks) await this.#near?.write(chunk).catch(() => undefined);
    } catch {
      // The board went.
    }
  }
}
