// A device's counter that runs over, made one that does not.

/**
 * Counters of `bits` bits, read in order, not more than half a turn apart; a reading behind the last by less than half a turn is an earlier
 * moment, as of a record that waited. 32 bits at 1 ms turn over every 49.7 days.
 */
export class TickCounter {
  readonly #turn: number;
  #last: number | null = null;

  /** Throws RangeError for bits outside 8..48. */
  constructor(bits: number) {
    if (!(Number.isInteger(bits) && bits >= 8 && bits <= 48)) throw new RangeError(`${bits} bits, expected 8..48`);
    this.#turn = 2 ** bits;
  }

  /** Ticks since the counter was first 0, as far as that can be told. Throws RangeError for a reading outside the counter. */
  read(value: number): number {
    if (!(Number.isInteger(value) && value >= 0 && value < this.#turn)) throw new RangeError(`counter reads ${value}`);
    if (this.#last === null) {
      this.#last = value;
      return value;
    }
    const ahead = (((value - this.#last) % this.#turn) + this.#turn) % this.#turn;
    const ticks = this.#last + (ahead < this.#turn / 2 ? ahead : ahead - this.#turn);
    this.#last = Math.max(this.#last, ticks);
    return ticks;
  }
}
