// Intervals for the HRV cores, one after the other, with the holes between them measured.

/** Longest gap that a core takes (ABI.md); nothing is computed across one anyway. */
const GAP_MS_MAX = 1e9;

export interface NnInterval {
  readonly rrMs: number;
  /** It does not follow the interval before it. */
  readonly afterGap: boolean;
  /** What lies between the two; 0 without a gap. */
  readonly gapMs: number;
}

export class NnSeries {
  readonly intervals: NnInterval[] = [];
  #endS = 0;
  #broken = false;

  /** What comes next does not follow what came last. */
  break(): void {
    this.#broken = true;
  }

  /** An interval and where it lies in the recording; its length may have been corrected. */
  add({ rrMs, fromS, toS }: { rrMs: number; fromS: number; toS: number }): void {
    const afterGap = this.#broken && this.intervals.length > 0;
    const gapMs = afterGap ? Math.min(GAP_MS_MAX, Math.max(0, (fromS - this.#endS) * 1000)) : 0;
    this.intervals.push({ rrMs, afterGap, gapMs });
    this.#endS = toS;
    this.#broken = false;
  }
}
