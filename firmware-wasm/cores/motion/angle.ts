// Five seconds: how much the norm varies in them, which way the device lies and by how much that has changed (van Hees 2015, 2018).

import { medianOf } from '../../dsp/order';
import { sortAscending } from '../../dsp/sort';
import { CHANGE_COUNT, CHANGES, NORMS, SORTED, stateAt, WINDOW_S } from './state';

/** The angle has changed when it did by more than this. */
const TURN_DEG: f64 = 5;
/** Half of the last five minutes. */
const CHANGES_MIN: i32 = CHANGE_COUNT / 2;
/** At rest, gravity alone is measured: a mean deviation below the first and a norm that is off by the second is something else. */
const REST_G: f64 = 0.02;
const GRAVITY_ERROR_G: f64 = 0.3;
const DEGREES: f64 = 57.29577951308232;

/** A window without a value. */
const NO_CHANGE: f64 = -1;

export function openAngle(at: usize): void {
  for (let i = 0; i < CHANGE_COUNT; i++) store<f64>(changeAt(at, i), NO_CHANGE);
  stateAt(at).angleBefore = NaN;
}

export function angleStep(at: usize, x: f32, y: f32, z: f32, norm: f32): void {
  const state = stateAt(at);
  store<f32>(at + NORMS + ((<usize>state.windowCount) << 2), norm);
  state.windowCount += 1;
  state.sumX += x;
  state.sumY += y;
  state.sumZ += z;
  state.sumNorm += norm;
  state.sumOver += max(0, norm - 1);
}

/** Ends the 5 s. */
export function closeWindow(at: usize): void {
  const state = stateAt(at);
  state.enmoSum += <f64>state.sumOver;
  if (2 * state.windowCount >= <i32>(<f32>WINDOW_S * state.rateHz)) judgeWindow(at);
  else changeTo(at, NaN);
  state.windowCount = 0;
  state.sumX = 0;
  state.sumY = 0;
  state.sumZ = 0;
  state.sumNorm = 0;
  state.sumOver = 0;
}

function judgeWindow(at: usize): void {
  const state = stateAt(at);
  const count = <f64>state.windowCount;
  const mean = state.sumNorm / <f32>state.windowCount;
  let deviation: f32 = 0;
  for (let i = 0; i < state.windowCount; i++) deviation += abs(load<f32>(at + NORMS + ((<usize>i) << 2)) - mean);
  const mad = <f64>deviation / count;
  state.madSum += mad;
  state.madCount += 1;
  if (mad < REST_G && abs(<f64>mean - 1) > GRAVITY_ERROR_G) state.noGravityCount += 1;
  state.epochX += <f64>state.sumX / count;
  state.epochY += <f64>state.sumY / count;
  state.epochZ += <f64>state.sumZ / count;
  changeTo(at, angleOf(<f64>state.sumX, <f64>state.sumY, <f64>state.sumZ));
}

/** Takes the angle of a window; NaN: there is none. */
function changeTo(at: usize, angle: f64): void {
  const state = stateAt(at);
  const change = abs(angle - state.angleBefore);
  state.angleBefore = angle;
  store<f64>(changeAt(at, state.changeNext), isNaN(change) ? NO_CHANGE : change);
  state.changeNext = (state.changeNext + 1) % CHANGE_COUNT;
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

/** Median of the changes of the last five minutes; NaN if half of them are not there. */
export function medianChange(at: usize): f64 {
  let count = 0;
  for (let i = 0; i < CHANGE_COUNT; i++) {
    const change = load<f64>(changeAt(at, i));
    if (change < 0) continue;
    store<f64>(at + SORTED + ((<usize>count) << 3), change);
    count++;
  }
  if (count < CHANGES_MIN) return NaN;
  sortAscending(at + SORTED, count);
  return medianOf(at + SORTED, count);
}

function changeAt(at: usize, index: i32): usize {
  return at + CHANGES + ((<usize>index) << 3);
}

/** Angle of z above the plane of x and y in degrees; NaN for nothing. */
export function angleOf(x: f64, y: f64, z: f64): f64 {
  const flat = x * x + y * y;
  const norm = Math.sqrt(flat + z * z);
  if (norm === 0) return NaN;
  // The tangent of a quarter of the angle, by halving twice; its series is then short.
  const half = z / (Math.sqrt(flat) + norm);
  const t = half / (1 + Math.sqrt(1 + half * half));
  const square = t * t;
  let sum: f64 = 0;
  for (let k: f64 = 23; k >= 1; k -= 2) sum = 1 / k - square * sum;
  return 4 * DEGREES * t * sum;
}
