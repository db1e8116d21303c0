// Beats to RR intervals. Only what cannot be an interval is flagged here; telling ectopic beats and missed beats apart is a core's work.
import { type NnInterval, NnSeries } from './nn-series.ts';

export type RrFlag = 'ok' | 'gap' | 'short' | 'long' | 'poor';

/** How records write the flags. */
export const RR_FLAG_NUMBERS: Readonly<Record<RrFlag, number>> = { ok: 0, gap: 1, short: 2, long: 3, poor: 4 };

export interface RrPoint {
  /** Time of the beat that ends the interval, seconds from the start of the stream. */
  readonly endS: number;
  readonly rrMs: number;
  /** 'gap': signal was missing or unusable in between. 'poor': a beat at one of its ends is not trusted. */
  readonly flag: RrFlag;
}

/** 300 beats a minute: faster than any heart that beats in rhythm. */
export const RR_MIN_MS = 200;
/** 25 beats a minute. Longer than this is a pause or a missed beat. */
export const RR_MAX_MS = 2_400;

/**
 * Beats state the probability that they are right; below this the intervals on both sides of one are not used. At 0.8 one bad interval in five
 * at the very worst gets through, and far fewer on the whole: most good beats state 0.95 and more.
 */
export const BEAT_QUALITY_MIN = 0.8;

/** The plausibility of one interval between two beats with signal in between. */
export function rrFlagOf(rrMs: number): RrFlag {
  if (rrMs < RR_MIN_MS) return 'short';
  return rrMs > RR_MAX_MS ? 'long' : 'ok';
}

export class RrSeries {
  #lastBeatS: number | null = null;
  #broken = false;
  #lastQuality = 1;

  /** Signal was lost here: the next interval spans a gap. */
  break(): void {
    this.#broken = true;
  }

  /** The interval that this beat ends, or null for the first beat. A source that states no quality is believed. */
  addBeat(timeS: number, quality: number | null): RrPoint | null {
    const fromS = this.#lastBeatS;
    const broken = this.#broken;
    const isPoor = Math.min(this.#lastQuality, quality ?? 1) < BEAT_QUALITY_MIN;
    this.#lastQuality = quality ?? 1;
    this.#lastBeatS = timeS;
    this.#broken = false;
    if (fromS === null) return null;
    const rrMs = (timeS - fromS) * 1000;
    if (broken) return { endS: timeS, rrMs, flag: 'gap' };
    return { endS: timeS, rrMs, flag: isPoor ? 'poor' : rrFlagOf(rrMs) };
  }
}

/** Intervals as the HRV core takes them: bad ones left out, and what follows them marked as not adjacent, with how much is missing. */
export function usableIntervals(points: readonly RrPoint[]): NnInterval[] {
  const builder = new NnSeries();
  for (const { flag, rrMs, endS } of points) {
    if (flag === 'ok') builder.add({ rrMs, fromS: endS - rrMs / 1000, toS: endS });
    else builder.break();
  }
  return builder.intervals;
}
