// What is on the way, and what of it has to go again. Selective repeat: the other's bitmap says what came, and a packet counts as lost
// when one that was sent after it has come. So nothing goes twice within a round trip, however often the other complains.
import { type AckPacket, WINDOW_MAX } from './packet-codec.ts';
import type { SendQueue } from './send-queue.ts';

const RTO_MIN_MS = 200;
/** Before the first round trip is known (RFC 6298, 2.1): a handshake is a few packets one after the other, and each that is lost costs it. */
const RTO_FIRST_MS = 1_000;
const RTO_MAX_MS = 3_000;
const RTO_PER_ROUND_TRIP = 4;
/** Time-outs in a row without any progress: the other is gone. */
export const SILENCES_MAX = 10;
/** While the other has no room, this often it is asked. */
const PROBE_MS = 1_000;

interface Sent {
  readonly packet: Uint8Array;
  /** Counts transmissions, so that "sent after it" has a meaning for repeats too. */
  order: number;
  sentMs: number;
  times: number;
  hasCome: boolean;
}

export interface SenderStats {
  /** DATA packets, repeats included; of them repeats. */
  readonly sent: number;
  readonly repeated: number;
  readonly timeouts: number;
  /** Smoothed round trip, ms; null before the first. */
  readonly roundTripMs: number | null;
}

export class Sender {
  readonly #queue: SendQueue;
  readonly #window: number;
  readonly #isStorming: boolean;
  /** Packets on the way, the oldest first; the first has seq `#base`. */
  readonly #onTheWay: Sent[] = [];
  #base = 0;
  #credit: number;
  #order = 0;
  #lostBefore = 0;
  #roundTripMs: number | null = null;
  #silences = 0;
  #quietSinceMs = 0;
  #counts = { sent: 0, repeated: 0, timeouts: 0 };

  /** `isStorming` breaks the rule above: it is for a simulator that shows that its checker would see it. */
  constructor(queue: SendQueue, window: number, isStorming = false) {
    this.#isStorming = isStorming;
    this.#queue = queue;
    this.#window = Math.min(window, WINDOW_MAX);
    this.#credit = this.#window;
  }

  get stats(): SenderStats {
    return { ...this.#counts, roundTripMs: this.#roundTripMs };
  }

  get isDead(): boolean {
    return this.#silences > SILENCES_MAX;
  }

  get isIdle(): boolean {
    return this.#onTheWay.length === 0 && this.#queue.isEmpty;
  }

  /** When `next` has to be asked though nothing arrives; null when there is nothing to wait for. */
  get deadlineMs(): number | null {
    if (this.#onTheWay.length > 0) return this.#quietSinceMs + this.#timeoutMs();
    return this.#queue.isEmpty ? null : this.#quietSinceMs + PROBE_MS;
  }

  /** The packet that has to go now, or null. */
  next(nowMs: number, packetBytesMax: number): Uint8Array | null {
    return this.#repeatLost(nowMs) ?? this.#sendNew(nowMs, packetBytesMax) ?? this.#breakSilence(nowMs);
  }

  /** False when no honest receiver says so. */
  take(ack: AckPacket, nowMs: number): boolean {
    const past = (ack.next - this.#base) & 0xff;
    // An older acknowledgement that was overtaken lies behind the base.
    if (past > 0x80) return true;
    if (past > this.#onTheWay.length) return false;
    this.#credit = Math.min(ack.credit, this.#window);
    if (this.#isStorming && past === 0) this.#lostBefore = Number.POSITIVE_INFINITY;
    let isProgress = past > 0;
    for (const sent of this.#onTheWay.splice(0, past)) this.#came(sent, nowMs);
    this.#base = ack.next;
    this.#onTheWay.slice(1).forEach((sent, index) => {
      if (sent.hasCome || ((ack.bitmap[index >>> 3] ?? 0) & (1 << (index & 7))) === 0) return;
      this.#came(sent, nowMs);
      isProgress = true;
    });
    if (isProgress || this.#onTheWay.length === 0) {
      this.#silences = 0;
      this.#quietSinceMs = nowMs;
    }
    return true;
  }

  #came(sent: Sent, nowMs: number): void {
    if (sent.hasCome) return;
    sent.hasCome = true;
    this.#lostBefore = Math.max(this.#lostBefore, sent.order);
    // Karn: of a packet that went twice nobody knows which of them was answered.
    if (sent.times > 1) return;
    const tripMs = nowMs - sent.sentMs;
    this.#roundTripMs = this.#roundTripMs === null ? tripMs : this.#roundTripMs + (tripMs - this.#roundTripMs) / 8;
  }

  #repeatLost(nowMs: number): Uint8Array | null {
    const lost = this.#onTheWay.find((sent) => !sent.hasCome && sent.order < this.#lostBefore);
    return lost === undefined ? null : this.#repeat(lost, nowMs);
  }

  #repeat(sent: Sent, nowMs: number): Uint8Array {
    sent.order = ++this.#order;
    sent.sentMs = nowMs;
    sent.times++;
    this.#counts.sent++;
    this.#counts.repeated++;
    return sent.packet;
  }

  #sendNew(nowMs: number, packetBytesMax: number): Uint8Array | null {
    const count = this.#onTheWay.length;
    if (count >= this.#window || count >= this.#credit) return null;
    const packet = this.#queue.cut((this.#base + count) & 0xff, packetBytesMax);
    if (packet === null) return null;
    if (count === 0) this.#quietSinceMs = nowMs;
    this.#onTheWay.push({ packet, order: ++this.#order, sentMs: nowMs, times: 1, hasCome: false });
    this.#counts.sent++;
    return packet;
  }

  #breakSilence(nowMs: number): Uint8Array | null {
    const deadlineMs = this.deadlineMs;
    if (deadlineMs === null || nowMs < deadlineMs) return null;
    this.#quietSinceMs = nowMs;
    this.#silences++;
    if (this.isDead) return null;
    this.#counts.timeouts++;
    const oldest = this.#onTheWay.find((sent) => !sent.hasCome);
    return oldest === undefined ? this.#probe() : this.#repeat(oldest, nowMs);
  }

  /** A number that was acknowledged before: the other takes it for a repeat, drops it and says again where it is. */
  #probe(): Uint8Array {
    return Uint8Array.of(0, (this.#base - 1) & 0xff);
  }

  #timeoutMs(): number {
    const roundTripMs = this.#roundTripMs;
    const usualMs = roundTripMs === null ? RTO_FIRST_MS : Math.max(RTO_MIN_MS, RTO_PER_ROUND_TRIP * roundTripMs);
    return Math.min(RTO_MAX_MS, usualMs * 2 ** Math.min(this.#silences, 4));
  }
}
