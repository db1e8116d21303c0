// Chance that can be had again: every input of a run has a stream of its own, named by the seed of the run and the input's number.

export class Random {
  #state: number;

  constructor(seed: number, index: number) {
    this.#state = (Math.imul(seed ^ 0x5bd1_e995, 0x9e37_79b1) ^ Math.imul(index + 1, 0x85eb_ca6b)) | 0;
    this.next();
  }

  /** 0 <= x < 1. Mulberry32 (Tommy Ettinger, public domain): small, and good enough to pick edits. */
  next(): number {
    this.#state = (this.#state + 0x6d2b_79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  }

  below(count: number): number {
    return Math.floor(this.next() * count);
  }

  pick<T>(list: readonly T[]): T {
    return list[this.below(list.length)] as T;
  }

  bytes(count: number): Uint8Array {
    return Uint8Array.from({ length: count }, () => this.below(256));
  }
}
