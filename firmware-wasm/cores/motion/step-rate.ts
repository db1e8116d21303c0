// The rate of steps in the autocorrelation of the norm.
//
// A row repeats itself after one step, and better after two: left and right differ, and the arm swings once in two steps. So the best lag
// may be a step or a stride, and its half is asked whether it is a step too. Where one lag could be both a slow step and a fast stride, how
// hard the movement is decides: nobody makes 140 steps a minute and more with a quiet arm.

import { PEAK_COUNT } from './state';

/** Of a step, in s: 205 to 58 a minute. */
const STEP_S_MIN: f32 = 0.293;
const STEP_S_MAX: f32 = 1.04;
/** Lags from 0.12 s, a shiver that must not be taken for its own double, to the longest stride. */
const LAG_S_MIN: f32 = 0.12;
const LAG_S_MAX: f32 = 2 * STEP_S_MAX;
/** Likeness of the best lag: less is no rhythm. */
const LIKENESS_MIN: f32 = 0.5;
/** A shorter lag is preferred if it is worse by no more than this. */
const LIKENESS_SLACK: f32 = 0.1;
/** The half of a lag is a peak too if one is so near. */
const HALF_S: f32 = 0.06;
/** A step this short is a run or a hurried walk (140 a minute, Chase 2023), so it wants this variance of the norm, g^2. */
const HURRY_S: f32 = 0.43;
const HURRY_VARIANCE: f32 = 0.02;
/** From this variance on it is a run, and 0.46 s (130 a minute) too long for its step. */
const RUN_VARIANCE: f32 = 0.09;
const RUN_STEP_S_MAX: f32 = 0.46;

/** Lags of the grid that are looked at, and two for the curve through the last of them. */
export function lagCountOf(gridHz: f32): i32 {
  return <i32>(LAG_S_MAX * gridHz) + 2;
}

/** Steps a second, from the autocorrelation by lag at `likeness`; 0 if there is no rhythm. `peaks`: room for PEAK_COUNT of them. */
export function findStepHz(likeness: usize, gridHz: f32, variance: f32, peaks: usize): f32 {
  const end = findPeaks(likeness, lagCountOf(gridHz), LAG_S_MIN * gridHz, peaks);
  const best = firstGoodPeak(peaks, end, load<f32>(likeness));
  if (best === 0) return 0;
  const stepS = stepOf(best / gridHz, peakNear(peaks, end, best / 2, HALF_S * gridHz) / gridHz, variance);
  return stepS >= STEP_S_MIN && stepS <= STEP_S_MAX ? 1 / stepS : 0;
}

/** Step time where the row repeats itself after `bestS`, and somewhat after `halfS` (0: it does not). */
function stepOf(bestS: f32, halfS: f32, variance: f32): f32 {
  // Too long for a step: a stride.
  if (bestS > STEP_S_MAX) return bestS / 2;
  // A half that repeats too is the step, unless that were a hurry with a quiet arm.
  if (halfS >= STEP_S_MIN && (halfS >= HURRY_S || variance >= HURRY_VARIANCE)) return halfS;
  if (variance >= RUN_VARIANCE && bestS > RUN_STEP_S_MAX) return bestS / 2;
  return bestS;
}

/**
 * Writes lag and height of every peak from `lagMin` on to `peaks`, and returns where they end. Between two lags of the grid the curve goes
 * through the cubic of the four around: the norm holds nothing above half of the grid's rate, nor does its autocorrelation.
 */
function findPeaks(likeness: usize, lagCount: i32, lagMin: f32, peaks: usize): usize {
  const most = peaks + <usize>(8 * PEAK_COUNT);
  let a = load<f32>(likeness);
  let b = load<f32>(likeness, 4);
  let c = load<f32>(likeness, 8);
  let earlier: f32 = a;
  for (let lag = 1; lag <= lagCount - 2 && peaks < most; lag++) {
    likeness += 4;
    const d = load<f32>(likeness, 8);
    const later = <f32>0.5625 * (b + c) - <f32>0.0625 * (a + d);
    const atLag = b >= earlier && b > later;
    if ((atLag || (later >= b && later > c)) && <f32>lag >= lagMin) {
      if (atLag) writePeak(peaks, <f32>lag, earlier, b, later);
      else writePeak(peaks, <f32>lag + 0.5, b, later, c);
      peaks += 8;
    }
    earlier = later;
    a = b;
    b = c;
    c = d;
  }
  return peaks;
}

/** The top of the parabola through three points that are half a lag apart. */
function writePeak(at: usize, lag: f32, before: f32, height: f32, after: f32): void {
  const bend = before - 2 * height + after;
  const shift: f32 = bend < 0 ? (0.5 * (before - after)) / bend : 0;
  store<f32>(at, height + 0.25 * (after - before) * shift, 4);
  store<f32>(at, lag + 0.5 * shift);
}

/** The shortest lag of a peak that is nearly as high as the highest; 0 if none is high enough. */
function firstGoodPeak(peaks: usize, end: usize, unit: f32): f32 {
  let highest: f32 = 0;
  for (let peak = peaks; peak < end; peak += 8) {
    if (load<f32>(peak, 4) > highest) highest = load<f32>(peak, 4);
  }
  if (highest < LIKENESS_MIN * unit) return 0;
  while (load<f32>(peaks, 4) < highest - LIKENESS_SLACK * unit) peaks += 8;
  return load<f32>(peaks);
}

/** The lag of a peak within `reach` of `lag`; 0 if there is none. */
function peakNear(peaks: usize, end: usize, lag: f32, reach: f32): f32 {
  for (; peaks < end; peaks += 8) {
    if (abs(load<f32>(peaks) - lag) <= reach) return load<f32>(peaks);
  }
  return 0;
}
