// How much a device may say: so many a second on average, and a burst of `burstCount` at once.

export class RateLimit {
  readonly #perS: number;
  readonly #burstCount: number;
  #left: number;
  #lastMs: number | null = null;

  constructor(perS: number, burstCount: number) {
    this.#perS = perS;
    this.#burstCount = burstCount;
    this.#left = burstCount;
  }

  /** False when this one is over the limit. */
  take(nowMs: number): boolean {
    const wonS = this.#lastMs === null ? 0 : Math.max(0, nowMs - this.#lastMs) / 1000;
    this.#lastMs = nowMs;
    this.#left = Math.min(this.#burstCount, this.#left + wonS * this.#perS);
    if (this.#left < 1) return false;
    this.#left--;
    return true;
  }
}
