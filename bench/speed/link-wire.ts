// Two ends and a bearer in made time: a fixed delay, a time per packet, a chance of loss. Every run follows from its seed.
import type { Random } from '../fuzz/random.ts';

/** `PacketLink`, `HostPeer`, `DevicePeer` and the model of go-back-N are such ends. */
export interface WireEnd {
  receive(packet: Uint8Array, nowMs: number): void;
  next(nowMs: number): Uint8Array | null;
  readonly deadlineMs: number | null;
}

export type Side = 'a' | 'b';

export interface WireOptions {
  /** One way. */
  readonly delayMs: number;
  /** Between the beginnings of two packets of one direction. */
  readonly packetMs: number;
  /** Chance of a packet, in either direction. */
  readonly drop: number;
  readonly random: Random;
  /** Every packet that is sent, lost ones too. */
  readonly onPacket?: (from: Side, packet: Uint8Array) => void;
}

interface Direction {
  readonly flying: { readonly atMs: number; readonly packet: Uint8Array }[];
  freeAtMs: number;
  isBlocked: boolean;
}

export class LinkWire {
  readonly #ends: Readonly<Record<Side, WireEnd>>;
  readonly #options: WireOptions;
  readonly #from: Readonly<Record<Side, Direction>> = { a: newDirection(), b: newDirection() };
  nowMs = 0;

  constructor(a: WireEnd, b: WireEnd, options: WireOptions) {
    this.#ends = { a, b };
    this.#options = options;
  }

  /** Throws Error when that is not before `limitMs`. */
  until(isDone: () => boolean, limitMs = this.nowMs + 3_600_000): void {
    for (;;) {
      this.#pump('a');
      this.#pump('b');
      if (isDone()) return;
      const nextMs = this.#nextMs();
      if (nextMs > limitMs) throw new Error(`not done at ${limitMs} ms, and next at ${nextMs}`);
      this.#moveTo(nextMs);
    }
  }

  /** Everything that happens up to that time. */
  at(timeMs: number): void {
    do {
      this.#pump('a');
      this.#pump('b');
      this.#moveTo(Math.min(timeMs, this.#nextMs()));
    } while (this.nowMs < timeMs);
  }

  #nextMs(): number {
    return Math.max(this.nowMs, Math.min(this.#dueMs('a'), this.#dueMs('b')));
  }

  #moveTo(timeMs: number): void {
    this.nowMs = timeMs;
    this.#land('a', 'b');
    this.#land('b', 'a');
  }

  #dueMs(side: Side): number {
    const { flying, freeAtMs, isBlocked } = this.#from[side];
    const landsMs = flying[0]?.atMs ?? Number.POSITIVE_INFINITY;
    return Math.min(landsMs, isBlocked ? freeAtMs : (this.#ends[side].deadlineMs ?? Number.POSITIVE_INFINITY));
  }

  #pump(side: Side): void {
    const direction = this.#from[side];
    const { delayMs, packetMs, drop, random, onPacket } = this.#options;
    direction.isBlocked = false;
    for (;;) {
      if (this.nowMs < direction.freeAtMs) {
        direction.isBlocked = true;
        return;
      }
      const packet = this.#ends[side].next(this.nowMs);
      if (packet === null) return;
      onPacket?.(side, packet);
      direction.freeAtMs = this.nowMs + packetMs;
      if (random.next() >= drop) direction.flying.push({ atMs: this.nowMs + delayMs, packet: packet.slice() });
    }
  }

  #land(from: Side, to: Side): void {
    const { flying } = this.#from[from];
    while (flying.length > 0 && flying[0]!.atMs <= this.nowMs)
      this.#ends[to].receive(flying.shift()!.packet, this.nowMs);
  }
}

function newDirection(): Direction {
  return { flying: [], freeAtMs: 0, isBlocked: false };
}
