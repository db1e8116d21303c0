// The 25 time-domain indices, under NeuroKit2's definitions (NOTES.md says where and why not), and the two spreads of the Poincare plot,
// which are made of the same sums. The intervals are worked on in place: first what needs their order in time, then a sort, then what
// needs the order of size.

import { TICKS_PER_MS } from '../../dsp/tick-intervals';
import { HrvIndices, PROFILE_NEUROKIT, PROFILE_NEUROKIT_NORMALISED, PROFILE_TASKFORCE } from './layout';
import { beginMoments, MOMENTS_BYTES } from './moments';
import { medianDistanceOf, quantileOf, twiceMedianOf } from './order';
import { computeSegments } from './segments';
import { lengthAt, msOf, signedAt } from './series';
import { sortAscending } from './sort';
import { computeTriangles } from './triangle';
import { has, put } from './values';

/** Makes the median distance of a normal distribution its standard deviation: 1 / 0.6745. */
const NORMAL_PER_MAD: f64 = 1.4826;

export const TIME_DOMAIN_WORK_BYTES: usize = 2 * MOMENTS_BYTES;

/** Fill `time` from what needs the order of the `count` intervals at `at`; `work`: TIME_DOMAIN_WORK_BYTES. */
export function computeInTime(time: HrvIndices, at: usize, count: i32, profile: i32, work: usize): void {
  if (count === 0) return;
  const allTicks = computeSpread(time, at, count, work);
  computeDifferences(time, at, count, sharesOfIntervals(profile), work);
  // SDANN1 SDNNI1 SDANN2 SDNNI2 SDANN5 SDNNI5 lie one after the other.
  let place = offsetof<HrvIndices>('SDANN1');
  for (let minutes = 1; minutes <= 5; minutes += 2 * minutes - 1, place += 16) {
    computeSegments(time, at, count, allTicks, minutes, place, place + 8, work);
  }
  computeRatios(time);
}

/** The others. Destroys the order of the intervals. */
export function computeInOrder(time: HrvIndices, at: usize, count: i32, profile: i32): void {
  if (count === 0) return;
  for (let i = 0; i < count; i++) store<i32>(at + ((<usize>i) << 2), lengthAt(at, i));
  sortAscending(at, count);
  computeOrder(time, at, count);
  if (count >= 2) computeTriangles(time, at, count, isNeurokit(profile));
}

/** Mean and deviation of the intervals; answers how long they are together, ticks. */
function computeSpread(time: HrvIndices, at: usize, count: i32, work: usize): i64 {
  const lengths = beginMoments(work);
  for (let i = 0; i < count; i++) lengths.add(lengthAt(at, i));
  put(time, offsetof<HrvIndices>('MeanNN'), lengths.mean());
  put(time, offsetof<HrvIndices>('SDNN'), lengths.deviation());
  return <i64>count * lengths.origin + lengths.sum;
}

/** Indices of successive intervals, none of which reaches across a gap: of their differences, and for SD2 of their sums. */
function computeDifferences(time: HrvIndices, at: usize, count: i32, ofIntervals: bool, work: usize): void {
  const differences = beginMoments(work);
  const sums = beginMoments(work + MOMENTS_BYTES);
  let above50Count = 0;
  let above20Count = 0;
  let before = lengthAt(at, 0);
  for (let i = 1; i < count; i++) {
    const here = signedAt(at, i);
    if (here > 0) {
      const difference = here - before;
      differences.add(difference);
      sums.add(here + before);
      above50Count += i32(abs(difference) > 50 * TICKS_PER_MS);
      above20Count += i32(abs(difference) > 20 * TICKS_PER_MS);
    }
    before = abs(here);
  }
  if (differences.count === 0) return;
  const wholeCount = differences.count + i32(ofIntervals);
  put(time, offsetof<HrvIndices>('RMSSD'), differences.rootMeanSquare());
  put(time, offsetof<HrvIndices>('pNN50'), (100 * <f64>above50Count) / <f64>wholeCount);
  put(time, offsetof<HrvIndices>('pNN20'), (100 * <f64>above20Count) / <f64>wholeCount);
  const deviation = differences.deviation();
  // Brennan et al. 2001: across and along the line of identity.
  const across = deviation * Math.SQRT1_2;
  const along = sums.deviation() * Math.SQRT1_2;
  put(time, offsetof<HrvIndices>('SDSD'), deviation);
  put(time, offsetof<HrvIndices>('SD1'), across);
  put(time, offsetof<HrvIndices>('SD2'), along);
  put(time, offsetof<HrvIndices>('SD1SD2'), across / along);
  put(time, offsetof<HrvIndices>('S'), Math.PI * across * along);
}

/**
 * pNN50 and pNN20 are shares of the successive differences. NeuroKit2 and the Task Force divide by the number of intervals, which
 * without gaps is one more.
 */
function sharesOfIntervals(profile: i32): bool {
  return isNeurokit(profile) || profile === PROFILE_TASKFORCE;
}

function isNeurokit(profile: i32): bool {
  return profile === PROFILE_NEUROKIT || profile === PROFILE_NEUROKIT_NORMALISED;
}

/** A ratio exists where both its terms do; `put` refuses the quotient of a zero denominator. */
function computeRatios(time: HrvIndices): void {
  if (has(time, offsetof<HrvIndices>('SDNN'))) put(time, offsetof<HrvIndices>('CVNN'), time.SDNN / time.MeanNN);
  if (!has(time, offsetof<HrvIndices>('RMSSD'))) return;
  put(time, offsetof<HrvIndices>('CVSD'), time.RMSSD / time.MeanNN);
  put(time, offsetof<HrvIndices>('SDRMSSD'), time.SDNN / time.RMSSD);
}

/** Indices of the sorted intervals. One interval has a place but no spread. */
function computeOrder(time: HrvIndices, at: usize, count: i32): void {
  const twiceMedian = twiceMedianOf(at, count);
  const median = msOf(<f64>twiceMedian / 2);
  put(time, offsetof<HrvIndices>('MedianNN'), median);
  put(time, offsetof<HrvIndices>('Prc20NN'), quantileOf(at, count, 0.2));
  put(time, offsetof<HrvIndices>('Prc80NN'), quantileOf(at, count, 0.8));
  put(time, offsetof<HrvIndices>('MinNN'), msOf(<f64>signedAt(at, 0)));
  put(time, offsetof<HrvIndices>('MaxNN'), msOf(<f64>signedAt(at, count - 1)));
  if (count < 2) return;
  const mad = NORMAL_PER_MAD * medianDistanceOf(at, count, twiceMedian);
  put(time, offsetof<HrvIndices>('MadNN'), mad);
  put(time, offsetof<HrvIndices>('MCVNN'), mad / median);
  put(time, offsetof<HrvIndices>('IQRNN'), quantileOf(at, count, 0.75) - quantileOf(at, count, 0.25));
}
