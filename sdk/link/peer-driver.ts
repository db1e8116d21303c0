// Moves the packets of a sans-IO end over a link: as soon as they come, and on time when nothing comes. Over a link of bytes they go in frames.
import { encodeFrame, SerialFramer } from '@maibo/protocols';
import type { Clock, Link } from '../world/world.ts';

/** `HostPeer` and `DevicePeer` are such ends. */
export interface PeerEnd {
  receive(packet: Uint8Array, nowMs: number): void;
  next(nowMs: number): Uint8Array | null;
  /** When `next` wants to be asked although nothing came; null: never. */
  readonly deadlineMs: number | null;
}

/** Frames are gathered up to this size: one write carries many packets. */
const WRITE_BYTES = 32 * 1024;
/** Two ends in one process can keep each other busy for ever: after so many turns everybody else has one. */
const TURNS_MAX = 64;
/** Said to nobody: without a reason, abort() makes an error with a stack each time. */
const DROPPED = 'dropped';

export class PeerDriver {
  readonly #end: PeerEnd;
  readonly #link: Link;
  readonly #clock: Clock;
  readonly #onTurn: () => void;
  readonly #framer = new SerialFramer();
  #wake: (() => void) | null = null;
  /** The sleep that is under way. */
  #alarm: { readonly atMs: number; readonly stop: AbortController } | null = null;
  #isKicked = false;
  #isStopped = false;
  #receivedBytes = 0;

  /** `onTurn` is called whenever the end may have something to tell. */
  constructor(end: PeerEnd, link: Link, clock: Clock, onTurn: () => void) {
    this.#end = end;
    this.#link = link;
    this.#clock = clock;
    this.#onTurn = onTurn;
  }

  get receivedBytes(): number {
    return this.#receivedBytes;
  }

  /** Frames that came damaged. */
  get badFrames(): number {
    return Object.values(this.#framer.counts.faults).reduce((sum, count) => sum + count, 0);
  }

  /** Why nobody answers, as far as it can be told from what came instead; for people. */
  get silenceHint(): string {
    const { name, carries } = this.#link;
    const { badFrames } = this;
    const { frames } = this.#framer.counts;
    if (frames > 0 && badFrames > 0)
      return `${badFrames} of ${frames + badFrames} frames came damaged over ${name}: is the line bad, or does somebody else read from it?`;
    if (carries === 'packets' || frames > 0) return 'does the device speak Maibo Link?';
    if (this.#receivedBytes === 0) return `nothing came over ${name}: is that the port, and is the device switched on?`;
    return `what came over ${name} holds no frame: is the baud rate that of the device, and does it speak Maibo Link?`;
  }

  /** The end has something to say that it did not have before. */
  kick(): void {
    this.#isKicked = true;
    this.#wake?.();
  }

  stop(): void {
    this.#isStopped = true;
    this.kick();
  }

  /** Until `stop`, or until the link ends; throws what the link throws. */
  async run(): Promise<void> {
    try {
      await this.#turn();
    } finally {
      this.#dropAlarm();
    }
  }

  async #turn(): Promise<void> {
    const chunks = this.#link.chunks[Symbol.asyncIterator]();
    let coming: Promise<Arrived> | null = null;
    for (let turn = 1; ; turn++) {
      if (turn % TURNS_MAX === 0) await this.#clock.sleep(0);
      this.#isKicked = false;
      // Told to stop while it writes, it still says what there is to say: the last word often is a bye.
      const isLast = this.#isStopped;
      const said = this.#gather();
      this.#onTurn();
      for (const bytes of said) await this.#link.write(bytes);
      if (isLast) return;
      coming ??= arrival(chunks.next());
      const arrived: Arrived | null = await this.#await(coming, said.length > 0);
      if (arrived === null) continue;
      coming = null;
      if ('failure' in arrived) throw arrived.failure;
      if (arrived.chunk === null) return;
      this.#take(arrived.chunk);
    }
  }

  /** What goes out now: one write for a link of bytes, one a packet for a radio. */
  #gather(): Uint8Array[] {
    const isWire = this.#link.carries === 'bytes';
    const pieces: Uint8Array[] = [];
    let sizeBytes = 0;
    while (sizeBytes < WRITE_BYTES) {
      const packet = this.#end.next(this.#clock.nowMonotonicMs());
      if (packet === null) break;
      const piece = isWire ? encodeFrame(packet) : packet;
      pieces.push(piece);
      sizeBytes += piece.length;
    }
    return isWire && pieces.length > 1 ? [Buffer.concat(pieces)] : pieces;
  }

  /** The next chunk; null when it is time to look again. */
  async #await(coming: Promise<Arrived>, hasMore: boolean): Promise<Arrived | null> {
    if (hasMore || this.#isKicked) return Promise.race([coming, Promise.resolve(null)]);
    const woken = new Promise<null>((resolve) => {
      this.#wake = () => resolve(null);
    });
    const { deadlineMs } = this.#end;
    if (deadlineMs !== null) this.#setAlarm(deadlineMs);
    try {
      return await Promise.race([coming, woken]);
    } finally {
      this.#wake = null;
    }
  }

  /** One sleep serves many turns: to wake too early costs a look, a sleep a turn costs a timer and what ends it. */
  #setAlarm(atMs: number): void {
    if (this.#alarm !== null && this.#alarm.atMs <= atMs) return;
    this.#dropAlarm();
    const alarm = { atMs, stop: new AbortController() };
    this.#alarm = alarm;
    const waitMs = Math.max(0, atMs - this.#clock.nowMonotonicMs());
    void this.#clock.sleep(waitMs, alarm.stop.signal).then(() => {
      if (this.#alarm !== alarm) return;
      this.#alarm = null;
      this.#wake?.();
    });
  }

  #dropAlarm(): void {
    this.#alarm?.stop.abort(DROPPED);
    this.#alarm = null;
  }

  #take(chunk: Uint8Array): void {
    this.#receivedBytes += chunk.length;
    if (this.#link.carries === 'packets') {
      this.#end.receive(chunk, this.#clock.nowMonotonicMs());
      return;
    }
    for (const frame of this.#framer.push(chunk)) {
      if (frame.ok) this.#end.receive(frame.value, this.#clock.nowMonotonicMs());
    }
  }
}

type Arrived = { readonly chunk: Uint8Array | null } | { readonly failure: unknown };

/** A chunk that is waited for outlives many turns, so what it fails with is a value: nobody may be looking at that moment. */
function arrival(next: Promise<IteratorResult<Uint8Array>>): Promise<Arrived> {
  return next.then(
    (result) => ({ chunk: result.done ? null : result.value }),
    (failure: unknown) => ({ failure }),
  );
}
