// Intervals as people have them, to intervals as the cores take them. What cannot be is refused here with its place and a hint;
// the cores would refuse it too, but with a status number.
import type { PlainInterval } from '@maibo/cores';
import { MaiboError } from '../errors.ts';

/** One RR interval as a caller has it. */
export interface HrvInterval extends PlainInterval {
  /** Time of the beat that ends it, s, on any clock. Where an interval begins later than the one before ended, there is a gap. */
  readonly endS?: number;
}

/** What a core takes (ABI.md): shorter is no heart beat, longer no interval. */
const RR_MS_MIN = 10;
const RR_MS_MAX = 1e9;
/** No heart has a median interval of less than this many ms, and none one of more s. */
const MEDIAN_SECONDS_MAX = 10;
/** Intervals farther apart than this from where the one before ended are not its neighbours. Stamps are rounded, gaps are longer. */
export const ADJACENT_S = 0.05;

/** Errors: `input-range` for a length, quality, gap or time that cannot be, with the number of the interval counted from 0. */
export function plainIntervals(intervals: readonly (number | HrvInterval)[]): PlainInterval[] {
  const all = intervals.map((interval) => (typeof interval === 'number' ? { rrMs: interval } : interval));
  for (const [index, interval] of all.entries()) requirePossible(interval, index, all);
  let lastS: number | null = null;
  return all.map((interval, index) => {
    const { endS, ...plain } = interval;
    const gapS = endS === undefined || lastS === null ? 0 : endS - interval.rrMs / 1000 - lastS;
    if (endS !== undefined) lastS = requireRising(endS, lastS, index);
    return gapS > ADJACENT_S ? { ...plain, afterGap: true, gapMs: Math.min(RR_MS_MAX, gapS * 1000) } : plain;
  });
}

function requirePossible(interval: HrvInterval, index: number, all: readonly HrvInterval[]): void {
  const { rrMs, gapMs = 0, quality } = interval;
  const where = `interval ${index}`;
  if (!(rrMs >= RR_MS_MIN && rrMs <= RR_MS_MAX)) {
    const message = `an RR interval of ${rrMs} ms is not possible; expected ${RR_MS_MIN} to ${RR_MS_MAX} ms`;
    throw new MaiboError('input-range', message, { where, ...(lookLikeSeconds(all) ? { hint: SECONDS_HINT } : {}) });
  }
  if (!(gapMs >= 0 && gapMs <= RR_MS_MAX)) {
    throw new MaiboError('input-range', `a gap of ${gapMs} ms is not possible; expected 0 to ${RR_MS_MAX} ms`, {
      where,
    });
  }
  if (quality !== undefined && quality !== null && (quality < 0 || quality > 1)) {
    throw new MaiboError('input-range', `a quality of ${quality} is not possible; expected 0 to 1`, { where });
  }
}

const SECONDS_HINT = 'these look like seconds; multiply them by 1000';

function lookLikeSeconds(all: readonly HrvInterval[]): boolean {
  const lengths = all.map(({ rrMs }) => rrMs).filter((rrMs) => rrMs > 0);
  const median = lengths.toSorted((a, b) => a - b)[lengths.length >> 1];
  return median !== undefined && median < MEDIAN_SECONDS_MAX;
}

function requireRising(endS: number, lastS: number | null, index: number): number {
  if (Number.isFinite(endS) && (lastS === null || endS >= lastS)) return endS;
  const message = lastS === null ? `${endS} is no time` : `it ends at ${endS} s, before the one before it (${lastS} s)`;
  throw new MaiboError('input-range', message, { where: `interval ${index}`, hint: 'times must be numbers that rise' });
}
