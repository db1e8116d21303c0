// What has come, in and out of order, and when to say so.
import { BITMAP_BYTES_MAX, type DataPacket, encodeAck } from './packet-codec.ts';

/** At the latest this long after a packet it is acknowledged. */
const ACK_DELAY_MS = 50;
/** In the middle of a message the last acknowledgement is said again this often: the one before may be lost. */
const ACK_AGAIN_MS = 1_000;

export class Receiver {
  readonly #window: number;
  /** So many unacknowledged packets are worth a word at once: the other end can have no more than twice as many on the way. */
  readonly #halfWindow: number;
  /** Packets that came early, by their distance from the expected one. */
  #early: (DataPacket | undefined)[] = [];
  #expected = 0;
  #unsaid = 0;
  #ackDueMs: number | null = null;
  #lastAckMs = Number.NEGATIVE_INFINITY;
  #duplicates = 0;

  /** `peerWindow`: what the other end's sender goes by, beside ours. */
  constructor(window: number, peerWindow: number = window) {
    this.#window = window;
    this.#halfWindow = Math.min(window, peerWindow) / 2;
  }

  get duplicateCount(): number {
    return this.#duplicates;
  }

  /** Packets came that were not acknowledged yet. */
  get owes(): boolean {
    return this.#ackDueMs !== null;
  }

  /** Packets that are next in order, each once; empty for one that came early, twice, or from nowhere. */
  take(packet: DataPacket, nowMs: number): DataPacket[] {
    const ahead = (packet.seq - this.#expected) & 0xff;
    if (ahead >= this.#window || this.#early[ahead] !== undefined) {
      this.#duplicates++;
      this.#sayBy(Math.max(nowMs, this.#lastAckMs + ACK_DELAY_MS));
      return [];
    }
    const early = this.#early.length;
    // Without holes of its own: a search over an array skips what was never set.
    while (this.#early.length <= ahead) this.#early.push(undefined);
    this.#early[ahead] = packet;
    // A new hole, and a hole that was filled, are worth saying at once; so is half a window.
    const isHole = ahead > early;
    const isFilled = ahead === 0 && early > 0;
    this.#unsaid++;
    this.#sayBy(isHole || isFilled || this.#unsaid >= this.#halfWindow ? nowMs : nowMs + ACK_DELAY_MS);
    return ahead === 0 ? this.#inOrder() : [];
  }

  deadlineMs(isMidMessage: boolean): number | null {
    if (this.#ackDueMs !== null || !isMidMessage) return this.#ackDueMs;
    return this.#lastAckMs + ACK_AGAIN_MS;
  }

  /** The acknowledgement that is due, or null. `credit`: packets there is room for. */
  next(nowMs: number, isMidMessage: boolean, credit: number): Uint8Array | null {
    const dueMs = this.deadlineMs(isMidMessage);
    if (dueMs === null || nowMs < dueMs) return null;
    return this.acknowledge(nowMs, credit);
  }

  /** Says now where it is, due or not. */
  acknowledge(nowMs: number, credit: number): Uint8Array {
    this.#ackDueMs = null;
    this.#unsaid = 0;
    this.#lastAckMs = nowMs;
    return encodeAck(this.#expected, Math.min(credit, this.#window), this.#bitmap());
  }

  #sayBy(atMs: number): void {
    this.#ackDueMs = Math.min(this.#ackDueMs ?? Number.POSITIVE_INFINITY, atMs);
  }

  #inOrder(): DataPacket[] {
    const end = this.#early.indexOf(undefined);
    const count = end < 0 ? this.#early.length : end;
    const ready = this.#early.slice(0, count) as DataPacket[];
    this.#early = this.#early.slice(count);
    this.#expected = (this.#expected + count) & 0xff;
    return ready;
  }

  #bitmap(): Uint8Array {
    const bitmap = new Uint8Array(Math.min(BITMAP_BYTES_MAX, Math.max(0, this.#early.length - 1 + 7) >>> 3));
    for (let index = 1; index < this.#early.length; index++) {
      if (this.#early[index] !== undefined) bitmap[(index - 1) >>> 3]! |= 1 << ((index - 1) & 7);
    }
    return bitmap;
  }
}
