// Two ends and a bearer that harms what it carries, in made time: everything follows from the seed.
import type { PacketEvent, PacketLink } from './packet-link.ts';

export interface Harm {
  /** Chances per packet, 0..1. */
  readonly drop?: number;
  readonly duplicate?: number;
  readonly reorder?: number;
  readonly corrupt?: number;
}

export interface Wire {
  readonly a: PacketLink;
  readonly b: PacketLink;
  readonly harm: Harm;
  /** One way, ms. */
  readonly delayMs?: number;
  readonly random: () => number;
}

interface Flying {
  readonly atMs: number;
  readonly to: 'a' | 'b';
  readonly packet: Uint8Array;
}

/** Small, seeded, and good enough for harm (Park & Miller 1988). */
export function randomOf(seed: number): () => number {
  let state = (seed % 2147483646) + 1;
  return () => {
    state = (state * 48271) % 2147483647;
    return state / 2147483647;
  };
}

export function entropyOf(random: () => number): (count: number) => Uint8Array {
  return (count) => Uint8Array.from({ length: count }, () => Math.floor(random() * 256));
}

/** Runs both ends until `isDone`, calling `turn` whenever time has moved. Returns the time, ms; throws when nothing moves any more. */
export class Run {
  readonly wire: Wire;
  readonly got: Record<'a' | 'b', PacketEvent[]> = { a: [], b: [] };
  nowMs = 0;
  packets = 0;
  #flying: Flying[] = [];

  constructor(wire: Wire) {
    this.wire = wire;
  }

  until(isDone: () => boolean, limitMs: number): number {
    while (!isDone()) {
      this.#pump('a');
      this.#pump('b');
      if (isDone()) break;
      const times = [this.#flying[0]?.atMs, this.wire.a.deadlineMs, this.wire.b.deadlineMs].filter(
        (time) => time != null,
      );
      if (times.length === 0) throw new Error(`nothing moves at ${this.nowMs} ms`);
      this.nowMs = Math.max(this.nowMs, Math.min(...times));
      if (this.nowMs > limitMs) throw new Error(`not done at ${limitMs} ms`);
      this.#land();
    }
    return this.nowMs;
  }

  #pump(from: 'a' | 'b'): void {
    this.got[from].push(...this.wire[from].take());
    for (let packet = this.wire[from].next(this.nowMs); packet !== null; packet = this.wire[from].next(this.nowMs))
      this.#launch(from === 'a' ? 'b' : 'a', packet);
  }

  #launch(to: 'a' | 'b', packet: Uint8Array): void {
    const { harm, random, delayMs = 10 } = this.wire;
    this.packets++;
    if (random() < (harm.drop ?? 0)) return;
    const bytes = packet.slice();
    if (random() < (harm.corrupt ?? 0)) bytes[Math.floor(random() * bytes.length)]! ^= 1 << Math.floor(random() * 8);
    const copies = random() < (harm.duplicate ?? 0) ? 2 : 1;
    for (let copy = 0; copy < copies; copy++) {
      const lateMs = random() < (harm.reorder ?? 0) ? random() * 3 * delayMs : 0;
      this.#flying.push({ atMs: this.nowMs + delayMs + lateMs, to, packet: bytes });
    }
    this.#flying.sort((one, other) => one.atMs - other.atMs);
  }

  #land(): void {
    while (this.#flying.length > 0 && this.#flying[0]!.atMs <= this.nowMs) {
      const { to, packet } = this.#flying.shift()!;
      this.wire[to].receive(packet, this.nowMs);
    }
  }
}
