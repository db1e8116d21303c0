// Intervals as most callers have them: lengths, and where one does not follow the one before.
import type { Interval } from '../generated/cores.gen.ts';

export interface PlainInterval {
  readonly rrMs: number;
  readonly afterGap?: boolean;
  /** Length of the gap before it; left out or 0 when it is not known. Means nothing without `afterGap`. */
  readonly gapMs?: number;
  /** Probability 0..1 that the interval is right; left out or null when nobody knows. */
  readonly quality?: number | null;
}

/** Intervals as the cores take them. Lengths in ms; a length, a gap or a quality that cannot be is for the core to refuse. */
export function toIntervals(intervals: readonly PlainInterval[]): Interval[] {
  return intervals.map(({ rrMs, afterGap = false, gapMs = 0, quality }) => ({
    rrMs,
    gapMs: afterGap ? gapMs : 0,
    quality: quality ?? Number.NaN,
    afterGap,
  }));
}

/** Options of `HrvCore` and `HrvNonlinearCore` for one window of everything, in default definitions and without standard errors. */
export const WHOLE_SERIES = { windowMs: 0, stepMs: 0, profile: 0, blockCount: 0 } as const;
