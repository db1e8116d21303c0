// A TCP or unix socket as a Link of bytes: the serial ports of emulators, serial servers, benches.
import { connect, type Socket } from 'node:net';
import { MaiboError } from '../errors.ts';
import type { Link } from '../world/world.ts';
import { ByteQueue } from './byte-queue.ts';
import { settles, within } from './deadline.ts';
import { parseSocketAddress } from './socket-address.ts';

export interface SocketOptions {
  readonly signal?: AbortSignal;
  /** For connecting; default 5 s. */
  readonly deadlineMs?: number;
}

export interface SocketDeadlines {
  readonly openMs: number;
  /** The other end may take nothing for so long. */
  readonly writeMs: number;
  readonly closeMs: number;
}

export const SOCKET_DEADLINES: SocketDeadlines = { openMs: 5_000, writeMs: 10_000, closeMs: 1_000 };
/** A silent TCP connection is asked after so long whether it is still there. */
const KEEP_ALIVE_MS = 10_000;

/** `to`: "host:port", or a path with a "/" in it. Errors: `link-open` with the system's reason, `usage`, the signal's reason. */
export async function openSocketLink(to: string, options: SocketOptions = {}): Promise<Link> {
  options.signal?.throwIfAborted();
  const socket = connect(parseSocketAddress(to));
  const connecting = new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('error', reject);
  });
  const deadline = { ms: options.deadlineMs ?? SOCKET_DEADLINES.openMs, signal: options.signal };
  try {
    await within(connecting, deadline, () => new Error('nobody answered'));
  } catch (cause) {
    socket.on('error', () => undefined);
    socket.destroy();
    if (options.signal?.aborted) throw options.signal.reason;
    const hint = 'does anybody listen there?';
    throw new MaiboError('link-open', 'the socket cannot be opened', { where: to, hint, cause });
  }
  return new SocketLink(socket, `socket ${to}`);
}

export class SocketLink implements Link {
  readonly name: string;
  readonly carries = 'bytes';
  readonly packetBytesMax = null;
  readonly #socket: Socket;
  readonly #queue: ByteQueue;
  readonly #deadlines: SocketDeadlines;
  readonly #writes = new Set<(failure: MaiboError) => void>();
  #end: MaiboError | null = null;
  #closing: Promise<void> | null = null;

  /** Takes over a socket that is connected. */
  constructor(socket: Socket, name: string, deadlines = SOCKET_DEADLINES) {
    this.name = name;
    this.#socket = socket;
    this.#deadlines = deadlines;
    this.#queue = new ByteQueue({ onPressure: (full) => void (full ? socket.pause() : socket.resume()) });
    // Small messages go at once: Nagle's algorithm would let each wait for the answer to the one before.
    socket.setNoDelay(true);
    socket.setKeepAlive(true, KEEP_ALIVE_MS);
    socket.on('data', (chunk: Buffer) => this.#queue.push(new Uint8Array(chunk)));
    socket.on('error', (cause) => this.#lose(cause));
    socket.on('end', () => this.#lose());
    socket.on('close', () => this.#lose());
  }

  get chunks(): AsyncIterable<Uint8Array> {
    return this.#queue;
  }

  write(bytes: Uint8Array): Promise<void> {
    if (this.#end !== null) return Promise.reject(this.#end);
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => this.#lose(new Error('no byte was taken in time')), this.#deadlines.writeMs);
      const settle = (failure: MaiboError | null) => {
        clearTimeout(timer);
        if (!this.#writes.delete(settle)) return;
        if (failure === null) resolve();
        else reject(failure);
      };
      this.#writes.add(settle);
      // The socket keeps what it is given until the system takes it.
      this.#socket.write(bytes, (cause) => {
        if (cause) this.#lose(cause);
        settle(cause ? (this.#end ?? this.#lost(cause)) : null);
      });
    });
  }

  /** What was written still leaves, if the other end takes it in time. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    const socket = this.#socket;
    const wasUp = this.#end === null;
    this.#end ??= new MaiboError('link-lost', 'the link is closed', { where: this.name });
    this.#queue.end();
    if (wasUp) {
      const closed = new Promise((resolve) => socket.once('close', resolve));
      socket.end();
      // Unread bytes would turn the end into a reset, which throws away what is on its way.
      socket.resume();
      await settles(closed, this.#deadlines.closeMs);
    }
    socket.destroy();
    this.#rejectWrites(this.#end);
  }

  #lose(cause?: unknown): void {
    if (this.#end !== null) return;
    this.#end = this.#lost(cause);
    this.#queue.end(this.#end);
    this.#rejectWrites(this.#end);
    this.#socket.destroy();
  }

  #rejectWrites(failure: MaiboError): void {
    for (const settle of this.#writes) settle(failure);
  }

  #lost(cause?: unknown): MaiboError {
    return new MaiboError('link-lost', 'the other end is gone', { where: this.name, cause });
  }
}
