// The 25 time-domain indices, under NeuroKit2's definitions (NOTES.md says where and why not). The intervals are worked on in
// place: first the ones that need the order in time, then a sort, then the ones that need the order of size.

import { medianDistanceOf, medianOf, quantileOf } from '../../dsp/order';
import { sortAscending } from '../../dsp/sort';
import { deviationOf, meanOf } from '../../dsp/spread';
import { HrvTime } from './layout';
import { computeSegments } from './segments';
import { computeTriangles } from './triangle';
import { has, put } from './values';

/** Makes the median distance of a normal distribution its standard deviation: 1 / 0.6745. */
const NORMAL_PER_MAD: f64 = 1.4826;

/** Fill `time` from `count` intervals at `at`, negative ones following a gap. Destroys the order of the intervals. */
export function computeTimeDomain(time: HrvTime, at: usize, count: i32): void {
  memory.fill(changetype<usize>(time), 0, offsetof<HrvTime>());
  time.count = <u32>count;
  if (count === 0) return;
  computeDifferences(time, at, count);
  for (let i = 0; i < count; i++) {
    const to = at + ((<usize>i) << 3);
    store<f64>(to, abs(load<f64>(to)));
  }
  computeSpread(time, at, count);
  computeSegments(time, at, count, 1, offsetof<HrvTime>('SDANN1'), offsetof<HrvTime>('SDNNI1'));
  computeSegments(time, at, count, 2, offsetof<HrvTime>('SDANN2'), offsetof<HrvTime>('SDNNI2'));
  computeSegments(time, at, count, 5, offsetof<HrvTime>('SDANN5'), offsetof<HrvTime>('SDNNI5'));
  computeRatios(time);
  sortAscending(at, count);
  computeOrder(time, at, count);
  if (count >= 2) computeTriangles(time, at, count);
}

/** Indices of successive differences; none reaches across a gap. */
function computeDifferences(time: HrvTime, at: usize, count: i32): void {
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
  put(time, offsetof<HrvTime>('RMSSD'), Math.sqrt(squares / <f64>differenceCount));
  // NeuroKit2 divides by the differences plus one: without gaps that is the number of intervals.
  put(time, offsetof<HrvTime>('pNN50'), (100 * <f64>above50Count) / <f64>(differenceCount + 1));
  put(time, offsetof<HrvTime>('pNN20'), (100 * <f64>above20Count) / <f64>(differenceCount + 1));
  if (differenceCount < 2) return;
  const mean = sum / <f64>differenceCount;
  squares = 0;
  for (let i = 1; i < count; i++) {
    const away = differenceAt(at, i) - mean;
    if (!isNaN(away)) squares += away * away;
  }
  put(time, offsetof<HrvTime>('SDSD'), Math.sqrt(squares / <f64>(differenceCount - 1)));
}

/** Interval `index` minus the one before it, or NaN where a gap lies between. */
function differenceAt(at: usize, index: i32): f64 {
  const here = at + ((<usize>index) << 3);
  return load<f64>(here) < 0 ? NaN : load<f64>(here) - abs(load<f64>(here - 8));
}

function computeSpread(time: HrvTime, at: usize, count: i32): void {
  const mean = meanOf(at, count);
  put(time, offsetof<HrvTime>('MeanNN'), mean);
  if (count < 2) return;
  put(time, offsetof<HrvTime>('SDNN'), deviationOf(at, count, mean));
}

/** A ratio exists where both its terms do; `put` refuses the quotient of a zero denominator. */
function computeRatios(time: HrvTime): void {
  if (has(time, offsetof<HrvTime>('SDNN'))) put(time, offsetof<HrvTime>('CVNN'), time.SDNN / time.MeanNN);
  if (!has(time, offsetof<HrvTime>('RMSSD'))) return;
  put(time, offsetof<HrvTime>('CVSD'), time.RMSSD / time.MeanNN);
  put(time, offsetof<HrvTime>('SDRMSSD'), time.SDNN / time.RMSSD);
}

/** Indices of the sorted intervals. One interval has a place but no spread. */
function computeOrder(time: HrvTime, at: usize, count: i32): void {
  const median = medianOf(at, count);
  put(time, offsetof<HrvTime>('MedianNN'), median);
  put(time, offsetof<HrvTime>('Prc20NN'), quantileOf(at, count, 0.2));
  put(time, offsetof<HrvTime>('Prc80NN'), quantileOf(at, count, 0.8));
  put(time, offsetof<HrvTime>('MinNN'), load<f64>(at));
  put(time, offsetof<HrvTime>('MaxNN'), load<f64>(at + ((<usize>(count - 1)) << 3)));
  if (count < 2) return;
  const mad = NORMAL_PER_MAD * medianDistanceOf(at, count, median);
  put(time, offsetof<HrvTime>('MadNN'), mad);
  put(time, offsetof<HrvTime>('MCVNN'), mad / median);
  put(time, offsetof<HrvTime>('IQRNN'), quantileOf(at, count, 0.75) - quantileOf(at, count, 0.25));
}
