// Five seconds: how much the norm varies in them, which way the device lies and by how much that has changed (van Hees 2015, 2018).

import { CHANGE_COUNT, CHANGES, NORMS, SORTED, stateAt, WINDOW_S } from './state';

/** The angle has changed when it did by more than this. */
const TURN_DEG: f32 = 5;
/** Half of the last five minutes. */
const CHANGES_MIN: i32 = CHANGE_COUNT / 2;
/** At rest, gravity alone is measured: a mean deviation below the first and a norm that is off by the second is something else. */
const REST_G: f32 = 0.02;
const GRAVITY_ERROR_G: f32 = 0.3;
const DEGREES: f32 = 57.29577951308232;

/** A window without a value: no angle changes by so much. */
const NO_CHANGE: f32 = 1000;

export function openAngle(at: usize): void {
  // The changes, and the same sorted.
  for (let i = 0; i < 2 * CHANGE_COUNT; i++) store<f32>(at + CHANGES + ((<usize>i) << 2), NO_CHANGE);
  stateAt(at).angleBefore = NaN;
}

/** Ends the 5 s. */
export function closeWindow(at: usize): void {
  const state = stateAt(at);
  state.enmoSum += state.sumOver;
  if (2 * state.windowCount >= <i32>(<f32>WINDOW_S * state.rateHz)) judgeWindow(at);
  else changeTo(at, NaN);
  state.windowCount = 0;
  state.normCount = 0;
  state.sumNorm = 0;
  state.sumX = 0;
  state.sumY = 0;
  state.sumZ = 0;
  state.sumOver = 0;
}

function judgeWindow(at: usize): void {
  const state = stateAt(at);
  const count = <f32>state.windowCount;
  const mean = state.sumNorm / <f32>state.normCount;
  const mad = deviationOf(at + NORMS, state.normCount, mean);
  state.madSum += mad;
  state.madCount += 1;
  if (mad < REST_G && abs(mean - 1) > GRAVITY_ERROR_G) state.noGravityCount += 1;
  state.epochX += state.sumX / count;
  state.epochY += state.sumY / count;
  state.epochZ += state.sumZ / count;
  changeTo(at, angleOf(state.sumX, state.sumY, state.sumZ));
}

/** Mean distance from the mean: what lies above it and what lies below are as much. */
function deviationOf(at: usize, count: i32, mean: f32): f32 {
  let above: f32 = 0;
  for (let i = 0; i < count; i++) {
    const value = load<f32>(at + ((<usize>i) << 2));
    if (value > mean) above += value - mean;
  }
  return (above + above) / <f32>count;
}

/** Takes the angle of a window; NaN: there is none. */
function changeTo(at: usize, angle: f32): void {
  const state = stateAt(at);
  const change = abs(angle - state.angleBefore);
  state.angleBefore = angle;
  keepChange(at, isNaN(change) ? NO_CHANGE : change);
  if (isNaN(angle)) {
    state.quietCount = 0;
    return;
  }
  state.angleSum += angle;
  state.angleCount += 1;
  if (change <= TURN_DEG) {
    state.quietCount += 1;
    return;
  }
  state.quietCount = 0;
  if (change > TURN_DEG) state.turnCount += 1;
}

/** Puts a change in the place of the one of five minutes ago. Those that exist are kept sorted; one that does not is above them all. */
function keepChange(at: usize, change: f32): void {
  const state = stateAt(at);
  const cell = at + CHANGES + ((<usize>state.changeNext) << 2);
  state.changeNext = state.changeNext + 1 < CHANGE_COUNT ? state.changeNext + 1 : 0;
  const old = load<f32>(cell);
  const oldBits = load<u32>(cell);
  store<f32>(cell, change);
  state.changeCount += <i32>(change < NO_CHANGE) - <i32>(old < NO_CHANGE);
  const last = sortedAt(at, CHANGE_COUNT - 1);
  let place = at + SORTED;
  while (load<u32>(place) !== oldBits) place += 4;
  for (; place < last && load<f32>(place, 4) < change; place += 4) store<f32>(place, load<f32>(place, 4));
  for (; place > at + SORTED && load<f32>(place - 4) > change; place -= 4) store<f32>(place, load<f32>(place - 4));
  store<f32>(place, change);
}

/** Median of the changes of the last five minutes; NaN if half of them are not there. */
export function medianChange(at: usize): f32 {
  const count = stateAt(at).changeCount;
  if (count < CHANGES_MIN) return NaN;
  return 0.5 * (load<f32>(sortedAt(at, (count - 1) >> 1)) + load<f32>(sortedAt(at, count >> 1)));
}

function sortedAt(at: usize, index: i32): usize {
  return at + SORTED + ((<usize>index) << 2);
}

/** Angle of z above the plane of x and y in degrees; NaN for nothing. */
export function angleOf(x: f32, y: f32, z: f32): f32 {
  const flat = x * x + y * y;
  const norm = sqrt(flat + z * z);
  if (norm === 0) return NaN;
  // The tangent of a quarter of the angle, by halving twice; its series is then short.
  const half = z / (sqrt(flat) + norm);
  const t = half / (sqrt<f32>(half * half + 1) + 1);
  const square = t * t;
  let sum: f32 = 0;
  for (let k: f32 = 17; k >= 1; k -= 2) sum = 1 / k - square * sum;
  return 4 * DEGREES * t * sum;
}
