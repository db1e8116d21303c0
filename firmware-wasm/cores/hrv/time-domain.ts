// The 25 time-domain indices, under NeuroKit2's definitions (NOTES.md says where and why not). The intervals are worked on in
// place: first the ones that need the order in time, then a sort, then the ones that need the order of size.

import { medianDistanceOf, medianOf, quantileOf } from '../../dsp/order';
import { sortAscending } from '../../dsp/sort';
import { deviationOf, meanOf } from '../../dsp/spread';
import { HrvIndices, PROFILE_NEUROKIT, PROFILE_NEUROKIT_NORMALISED, PROFILE_TASKFORCE } from './layout';
import { computeSegments } from './segments';
import { computeTriangles } from './triangle';
import { has, put } from './values';

/** Makes the median distance of a normal distribution its standard deviation: 1 / 0.6745. */
const NORMAL_PER_MAD: f64 = 1.4826;

/** Fill `time` from `count` intervals at `at`, negative ones following a gap. Destroys the order of the intervals. */
export function computeTimeDomain(time: HrvIndices, at: usize, count: i32, profile: i32): void {
  if (count === 0) return;
  computeDifferences(time, at, count, sharesOfIntervals(profile));
  for (let i = 0; i < count; i++) {
    const to = at + ((<usize>i) << 3);
    store<f64>(to, abs(load<f64>(to)));
  }
  computeSpread(time, at, count);
  computeSegments(time, at, count, 1, offsetof<HrvIndices>('SDANN1'), offsetof<HrvIndices>('SDNNI1'));
  computeSegments(time, at, count, 2, offsetof<HrvIndices>('SDANN2'), offsetof<HrvIndices>('SDNNI2'));
  computeSegments(time, at, count, 5, offsetof<HrvIndices>('SDANN5'), offsetof<HrvIndices>('SDNNI5'));
  computeRatios(time);
  sortAscending(at, count);
  computeOrder(time, at, count);
  if (count >= 2) computeTriangles(time, at, count, isNeurokit(profile));
}

/** Indices of successive differences; none reaches across a gap. */
function computeDifferences(time: HrvIndices, at: usize, count: i32, ofIntervals: bool): void {
  let differenceCount = 0;
  let above50Count = 0;
  let above20Count = 0;
  let sum: f64 = 0;
  let squares: f64 = 0;
  for (let i = 1; i < count; i++) {
    const difference = differenceAt(at, i);
    if (isNaN(difference)) continue;
    differenceCount++;
    sum += difference;
    squares += difference * difference;
    if (abs(difference) > 50) above50Count++;
    if (abs(difference) > 20) above20Count++;
  }
  if (differenceCount === 0) return;
  put(time, offsetof<HrvIndices>('RMSSD'), Math.sqrt(squares / <f64>differenceCount));
  const wholeCount = differenceCount + i32(ofIntervals);
  put(time, offsetof<HrvIndices>('pNN50'), (100 * <f64>above50Count) / <f64>wholeCount);
  put(time, offsetof<HrvIndices>('pNN20'), (100 * <f64>above20Count) / <f64>wholeCount);
  if (differenceCount < 2) return;
  const mean = sum / <f64>differenceCount;
  squares = 0;
  for (let i = 1; i < count; i++) {
    const away = differenceAt(at, i) - mean;
    if (!isNaN(away)) squares += away * away;
  }
  put(time, offsetof<HrvIndices>('SDSD'), Math.sqrt(squares / <f64>(differenceCount - 1)));
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

/** Interval `index` minus the one before it, or NaN where a gap lies between. */
function differenceAt(at: usize, index: i32): f64 {
  const here = at + ((<usize>index) << 3);
  return load<f64>(here) < 0 ? NaN : load<f64>(here) - abs(load<f64>(here - 8));
}

function computeSpread(time: HrvIndices, at: usize, count: i32): void {
  const mean = meanOf(at, count);
  put(time, offsetof<HrvIndices>('MeanNN'), mean);
  if (count < 2) return;
  put(time, offsetof<HrvIndices>('SDNN'), deviationOf(at, count, mean));
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
  const median = medianOf(at, count);
  put(time, offsetof<HrvIndices>('MedianNN'), median);
  put(time, offsetof<HrvIndices>('Prc20NN'), quantileOf(at, count, 0.2));
  put(time, offsetof<HrvIndices>('Prc80NN'), quantileOf(at, count, 0.8));
  put(time, offsetof<HrvIndices>('MinNN'), load<f64>(at));
  put(time, offsetof<HrvIndices>('MaxNN'), load<f64>(at + ((<usize>(count - 1)) << 3)));
  if (count < 2) return;
  const mad = NORMAL_PER_MAD * medianDistanceOf(at, count, median);
  put(time, offsetof<HrvIndices>('MadNN'), mad);
  put(time, offsetof<HrvIndices>('MCVNN'), mad / median);
  put(time, offsetof<HrvIndices>('IQRNN'), quantileOf(at, count, 0.75) - quantileOf(at, count, 0.25));
}
