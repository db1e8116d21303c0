// A virtual wearable on a kernel pty that is always there: when its host goes, it is plugged in again and goes on where it was acknowledged.
// Its port has a name that stays, as udev's names do.
import { mkdirSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { dirname } from 'node:path';
import { systemClock, systemEntropy } from '@maibo/sdk';
import { type Freed, NOTHING_FREED } from '../device/freed-state.ts';
import { openPty, type Pty } from '../device/pty.ts';
import { Wearable, wearableKeys } from '../device/wearable.ts';
import { createWearerSource } from '../device/wearer-source.ts';
import { createWearer } from '../wearer/wearer.ts';

export interface WiredOptions {
  readonly seed: number;
  readonly durationS: number;
  /** The name of its port. */
  readonly path: string;
  readonly hosts: readonly Uint8Array[];
  readonly speed?: number;
}

export class WiredWearable {
  readonly #options: WiredOptions;
  readonly #source;
  #freed: Freed = NOTHING_FREED;
  #pty: Pty | null = null;
  #isOver = false;
  #running: Promise<void> = Promise.resolve();
  sessions = 0;

  constructor(options: WiredOptions) {
    this.#options = options;
    const wearer = createWearer({ seed: options.seed, durationS: options.durationS, rateHz: 250 });
    this.#source = createWearerSource(wearer, `wired ${options.seed}`);
  }

  get publicKey(): Uint8Array {
    return wearableKeys(this.#source).link.publicKey;
  }

  get blockCount(): number {
    return this.#source.blockCount;
  }

  /** The first block that it has not been told is stored. */
  get freedBlocks(): number {
    return this.#freed.firstBlock;
  }

  plugIn(): void {
    this.#isOver = false;
    this.#running = this.#run();
  }

  async unplug(): Promise<void> {
    this.#isOver = true;
    rmSync(this.#options.path, { force: true });
    await this.#pty?.link.close();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { path, hosts, speed = Number.POSITIVE_INFINITY } = this.#options;
    while (!this.#isOver) {
      const pty = openPty();
      if (pty === null) throw new Error('no pty here');
      this.#pty = pty;
      name(path, pty.slavePath);
      await new Wearable({
        link: pty.link,
        source: this.#source,
        clock: systemClock,
        entropy: systemEntropy,
        hosts,
        speed,
        freed: this.#freed,
        onFreed: (freed) => {
          this.#freed = freed;
        },
      }).run();
      this.sessions++;
      await pty.link.close();
    }
  }
}

function name(path: string, target: string): void {
  mkdirSync(dirname(path), { recursive: true });
  symlinkSync(target, `${path}.new`);
  renameSync(`${path}.new`, path);
}
