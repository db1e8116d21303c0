// The rate of steps in a row of norms, by autocorrelation.
//
// A row repeats itself after one step, and better after two: left and right differ, and the arm swings once in two steps. So the best lag
// may be a step or a stride, and its half is asked whether it is a step too. Where one lag could be both a slow step and a fast stride, how
// hard the movement is decides: nobody makes 140 steps a minute and more with a quiet arm.

import { GRID_HZ } from './state';

/** Lags from 0.12 s, a shiver that must not be taken for its own double, to 2.4 s, beyond a stride of 60 steps a minute. */
const LAG_MIN: i32 = 3;
const LAG_MAX: i32 = 60;
/** Of a step, in s: 205 to 58 a minute. */
const STEP_S_MIN: f32 = 0.293;
const STEP_S_MAX: f32 = 1.04;
/** Likeness of the best lag: less is no rhythm. */
const LIKENESS_MIN: f32 = 0.5;
/** A shorter lag is preferred if it is worse by no more than this. */
const LIKENESS_SLACK: f32 = 0.1;
/** A step this short is a run or a hurried walk (140 a minute, Chase 2023), so it wants this variance of the norm, g^2. */
const HURRY_S: f32 = 0.43;
const HURRY_VARIANCE: f32 = 0.02;
/** From this variance on it is a run, and 0.46 s (130 a minute) too long for its step. */
const RUN_VARIANCE: f32 = 0.09;
const RUN_STEP_S_MAX: f32 = 0.46;

/** Steps a second in `count` values at `row` without their mean; 0 if there is no rhythm. `likeness`: room for LAG_MAX + 2 values. */
export function findStepHz(row: usize, count: i32, variance: f32, likeness: usize): f32 {
  const lagMax = min(LAG_MAX, (count >> 1) + 4);
  for (let lag = 2; lag <= lagMax + 1; lag++) {
    store<f32>(likeness + ((<usize>lag) << 2), likenessAt(row, count, lag) / variance);
  }
  const best = firstGoodPeak(likeness, lagMax);
  if (best === 0) return 0;
  const bestS = placeOf(likeness, best) / GRID_HZ;
  const half = peakNear(likeness, <i32>nearest((bestS / 2) * GRID_HZ));
  const stepS = stepOf(bestS, half > 0 ? placeOf(likeness, half) / GRID_HZ : 0, variance);
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

function likenessAt(row: usize, count: i32, lag: i32): f32 {
  let sum: f32 = 0;
  const ahead = row + ((<usize>lag) << 2);
  const end = (<usize>(count - lag)) << 2;
  for (let i: usize = 0; i < end; i += 4) sum += load<f32>(row + i) * load<f32>(ahead + i);
  return sum / <f32>(count - lag);
}

function likenessOf(likeness: usize, lag: i32): f32 {
  return load<f32>(likeness + ((<usize>lag) << 2));
}

function isPeak(likeness: usize, lag: i32): bool {
  const value = likenessOf(likeness, lag);
  return value >= likenessOf(likeness, lag - 1) && value > likenessOf(likeness, lag + 1);
}

/** The shortest lag of a peak that is nearly as high as the highest; 0 if none is high enough. */
function firstGoodPeak(likeness: usize, lagMax: i32): i32 {
  let highest: f32 = 0;
  for (let lag = LAG_MIN; lag <= lagMax; lag++) {
    if (isPeak(likeness, lag)) highest = max(highest, likenessOf(likeness, lag));
  }
  if (highest < LIKENESS_MIN) return 0;
  for (let lag = LAG_MIN; lag <= lagMax; lag++) {
    if (isPeak(likeness, lag) && likenessOf(likeness, lag) >= highest - LIKENESS_SLACK) return lag;
  }
  return 0;
}

/** The peak at `lag` or beside it; 0 if there is none. */
function peakNear(likeness: usize, lag: i32): i32 {
  for (let near = max(LAG_MIN, lag - 1); near <= lag + 1; near++) {
    if (isPeak(likeness, near)) return near;
  }
  return 0;
}

/** Where the parabola through a peak and its neighbours is highest. */
function placeOf(likeness: usize, lag: i32): f32 {
  const before = likenessOf(likeness, lag - 1);
  const after = likenessOf(likeness, lag + 1);
  const bend = before - 2 * likenessOf(likeness, lag) + after;
  return bend < 0 ? <f32>lag + (0.5 * (before - after)) / bend : <f32>lag;
}
