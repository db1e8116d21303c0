// How long to wait before the next attempt: exponential with full jitter (M. Brooker, "Exponential Backoff And Jitter", AWS Architecture
// Blog, 2015), so that a room full of devices does not come back in step. Owns no clock: the caller says what time it is.
import type { Entropy } from '../world/world.ts';

export interface BackOffOptions {
  /** Upper bound of the first wait; it doubles with each attempt. */
  readonly firstMs?: number;
  readonly mostMs?: number;
  /** A connection that held this long starts the count afresh. */
  readonly stableMs?: number;
}

const FIRST_MS = 1_000;
const MOST_MS = 60_000;
const STABLE_MS = 60_000;

export class BackOff {
  readonly #entropy: Entropy;
  readonly #options: Required<BackOffOptions>;
  #attempts = 0;
  #upSinceMs: number | null = null;

  constructor(entropy: Entropy, options: BackOffOptions = {}) {
    this.#entropy = entropy;
    this.#options = { firstMs: FIRST_MS, mostMs: MOST_MS, stableMs: STABLE_MS, ...options };
  }

  /** Attempts that failed in a row, as far as they count. */
  get attempts(): number {
    return this.#attempts;
  }

  /** The connection is up as of now. */
  up(nowMs: number): void {
    this.#upSinceMs ??= nowMs;
  }

  /** It failed or went away: how long to wait, 0 up to `mostMs`. */
  nextMs(nowMs: number): number {
    const { firstMs, mostMs, stableMs } = this.#options;
    if (this.#upSinceMs !== null && nowMs - this.#upSinceMs >= stableMs) this.#attempts = 0;
    this.#upSinceMs = null;
    const ceilingMs = Math.min(mostMs, firstMs * 2 ** this.#attempts);
    this.#attempts = Math.min(this.#attempts + 1, ATTEMPTS_MAX);
    return Math.round(ceilingMs * this.#share());
  }

  /** 0..1, drawn from four bytes. */
  #share(): number {
    const [a = 0, b = 0, c = 0, d = 0] = this.#entropy.bytes(4);
    return (((a << 24) | (b << 16) | (c << 8) | d) >>> 0) / 0xffff_ffff;
  }
}

/** Past this the wait has long been `mostMs`; the power of two stays finite. */
const ATTEMPTS_MAX = 64;
