// Whether samples come as often as they are said to. They are counted and not timed, so a rate that is wrong makes every interval wrong.

/** Over less time a burst of the port would count for much. */
const WINDOW_MS = 10_000;
/** Rates that differ by less are the same: crystals do, and the sleep of a sketch. */
const SHARE_MAX = 0.05;

export class ArrivalRate {
  readonly #rateHz: number;
  #toldHz: number;
  #sinceMs: number | null = null;
  #count = 0;

  /** `rateHz`: samples a second as they were promised. */
  constructor(rateHz: number) {
    this.#rateHz = rateHz;
    this.#toldHz = rateHz;
  }

  /** So many came at this time. Gives how many a second come, once for each rate that is not the promised one; else null. */
  take(count: number, atMs: number): number | null {
    // What comes first may have waited long: the window begins behind it.
    if (this.#sinceMs === null) {
      this.#sinceMs = atMs;
      return null;
    }
    this.#count += count;
    const windowMs = atMs - this.#sinceMs;
    if (windowMs < WINDOW_MS) return null;
    const foundHz = (this.#count * 1000) / windowMs;
    this.#sinceMs = atMs;
    this.#count = 0;
    return this.#news(foundHz);
  }

  /** The port paused: what came before says nothing of what comes. */
  restart(): void {
    this.#sinceMs = null;
    this.#count = 0;
  }

  #news(foundHz: number): number | null {
    const isAsPromised = isNear(foundHz, this.#rateHz);
    const isTold = isNear(foundHz, this.#toldHz);
    if (isAsPromised) this.#toldHz = this.#rateHz;
    if (isAsPromised || isTold) return null;
    this.#toldHz = foundHz;
    return foundHz;
  }
}

function isNear(aHz: number, bHz: number): boolean {
  return Math.abs(aHz - bHz) <= SHARE_MAX * bHz;
}
