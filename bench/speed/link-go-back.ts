// Go-back-N, for comparison: the receiver takes packets in order only and says once per hole where it stands; the sender then begins again
// there. Windows, delays of acknowledgements and time-outs are those of protocols/packet, so that the way of repeating is what differs.
import type { WireEnd } from './link-wire.ts';

const ACK_DELAY_MS = 50;
const RTO_MIN_MS = 200;
const RTO_PER_ROUND_TRIP = 4;

export class GoBackSender implements WireEnd {
  readonly #window: number;
  readonly #count: number;
  readonly #timeoutMs: number;
  #base = 0;
  #next = 0;
  #wentBackAt = -1;
  #quietSinceMs = 0;
  sent = 0;

  constructor(window: number, count: number, roundTripMs: number) {
    this.#window = window;
    this.#count = count;
    this.#timeoutMs = Math.max(RTO_MIN_MS, RTO_PER_ROUND_TRIP * roundTripMs);
  }

  get isDone(): boolean {
    return this.#base === this.#count;
  }

  get deadlineMs(): number | null {
    return this.#next > this.#base ? this.#quietSinceMs + this.#timeoutMs : null;
  }

  next(nowMs: number): Uint8Array | null {
    if (this.deadlineMs !== null && nowMs >= this.deadlineMs) this.#goBack(nowMs);
    if (this.#next >= Math.min(this.#count, this.#base + this.#window)) return null;
    if (this.#next === this.#base) this.#quietSinceMs = nowMs;
    this.sent++;
    return packetOf(this.#next++, 0);
  }

  receive(packet: Uint8Array, nowMs: number): void {
    const { seq: expected, flag: isHole } = readPacket(packet);
    if (expected > this.#base) {
      this.#base = expected;
      this.#next = Math.max(this.#next, expected);
      this.#quietSinceMs = nowMs;
    }
    // Said again of the same hole, it would send everything twice in one round trip.
    if (isHole === 1 && expected === this.#base && this.#wentBackAt !== expected) {
      this.#wentBackAt = expected;
      this.#goBack(nowMs);
    }
  }

  #goBack(nowMs: number): void {
    this.#next = this.#base;
    this.#quietSinceMs = nowMs;
  }
}

export class GoBackReceiver implements WireEnd {
  readonly #window: number;
  #expected = 0;
  #unsaid = 0;
  #saidHole = -1;
  #isHole = false;
  #ackDueMs: number | null = null;

  constructor(window: number) {
    this.#window = window;
  }

  get deadlineMs(): number | null {
    return this.#ackDueMs;
  }

  next(nowMs: number): Uint8Array | null {
    if (this.#ackDueMs === null || nowMs < this.#ackDueMs) return null;
    const ack = packetOf(this.#expected, this.#isHole ? 1 : 0);
    this.#ackDueMs = null;
    this.#isHole = false;
    this.#unsaid = 0;
    return ack;
  }

  receive(packet: Uint8Array, nowMs: number): void {
    const { seq } = readPacket(packet);
    const isNext = seq === this.#expected;
    if (isNext) this.#expected++;
    const isNewHole = seq > this.#expected && this.#saidHole !== this.#expected;
    if (isNewHole) {
      this.#isHole = true;
      this.#saidHole = this.#expected;
    }
    const isHalf = isNext && ++this.#unsaid * 2 >= this.#window;
    const dueMs = isNewHole || isHalf ? nowMs : nowMs + ACK_DELAY_MS;
    this.#ackDueMs = Math.min(this.#ackDueMs ?? Number.POSITIVE_INFINITY, dueMs);
  }
}

/** The model's packets carry a number that does not wrap: what the numbers cost is not compared. */
function packetOf(seq: number, flag: 0 | 1): Uint8Array {
  const packet = new Uint8Array(5);
  const view = new DataView(packet.buffer);
  view.setUint32(0, seq);
  packet[4] = flag;
  return packet;
}

function readPacket(packet: Uint8Array): { readonly seq: number; readonly flag: number } {
  return { seq: new DataView(packet.buffer, packet.byteOffset).getUint32(0), flag: packet[4]! };
}
