// The way of a frame through the core, and what happens when a second, 5 s, 15 s and 30 s are over.

import { angleStep, closeWindow, openAngle } from './angle';
import { closeCountSecond, countStep, openCounts, takeCounts } from './counts';
import { closeEpoch } from './epoch';
import { closeGaitSecond, gaitStep } from './gait';
import { KIND_UNUSABLE, KIND_USABLE } from './layout';
import { enqueue, queueHasRoom } from './queue';
import { EPOCH_S, HALF_EPOCH_S, stateAt, WINDOW_S } from './state';
import { wearStep } from './wear';

/** No body gives this; f32 holds its squares with ease. */
const NUMBER_MAX: f32 = 64;
/** Missing for so long is said. */
const UNUSABLE_S: f32 = 1;
/** A shorter pause is filled with the last value for the filter of the counts; after a longer one it begins anew. */
const HOLD_S: f32 = 0.2;

export function openStream(at: usize): void {
  const state = stateAt(at);
  state.nextSecondAt = firstFrameOf(at, 1);
  state.countsFirst = NaN;
  openAngle(at);
}

/** Takes numbers until they end or the findings need polling. Returns how many. */
export function take(at: usize, from: usize, count: i32): i32 {
  const state = stateAt(at);
  let taken = 0;
  for (; taken < count && queueHasRoom(at); taken++) {
    const g = load<f32>(from + ((<usize>taken) << 2));
    if (state.channel === 0) state.x = g;
    else if (state.channel === 1) state.y = g;
    if (++state.channel < 3) continue;
    state.channel = 0;
    takeFrame(at, state.x, state.y, g);
  }
  return taken;
}

function takeFrame(at: usize, x: f32, y: f32, z: f32): void {
  const state = stateAt(at);
  // A comparison with NaN is false.
  if (abs(x) <= NUMBER_MAX && abs(y) <= NUMBER_MAX && abs(z) <= NUMBER_MAX) takeUsable(at, x, y, z);
  else takeMissing(at);
  state.taken += 1;
  if (state.taken >= state.nextSecondAt) closeSecond(at);
}

function takeUsable(at: usize, x: f32, y: f32, z: f32): void {
  const state = stateAt(at);
  if (state.isUnusable) enqueue(at, KIND_USABLE, <f64>state.taken / <f64>state.rateHz);
  state.isUnusable = 0;
  state.missingCount = 0;
  if (!state.isRunning) openCounts(at, z);
  state.isRunning = 1;
  countStep(at, z);
  const norm = sqrt(x * x + y * y + z * z);
  gaitStep(at, norm, state.taken);
  angleStep(at, x, y, z, norm);
  const isFirst = state.epochCount === 0;
  wearStep(at, 0, x, isFirst);
  wearStep(at, 1, y, isFirst);
  wearStep(at, 2, z, isFirst);
  state.lastZ = z;
  state.secondCount += 1;
  state.epochCount += 1;
}

function takeMissing(at: usize): void {
  const state = stateAt(at);
  state.missingCount += 1;
  if (<f32>state.missingCount > HOLD_S * state.rateHz) state.isRunning = 0;
  if (state.isRunning) countStep(at, state.lastZ);
  if (state.isUnusable || <f32>state.missingCount < UNUSABLE_S * state.rateHz) return;
  state.isUnusable = 1;
  enqueue(at, KIND_UNUSABLE, <f64>(state.taken + 1 - state.missingCount) / <f64>state.rateHz);
}

/** The frame with which second `second` begins. */
function firstFrameOf(at: usize, second: i64): i64 {
  return <i64>ceil(<f64>second * <f64>stateAt(at).rateHz);
}

function closeSecond(at: usize): void {
  const state = stateAt(at);
  const isThere = <f32>state.secondCount / state.rateHz >= 0.5;
  state.seconds += 1;
  state.nextSecondAt = firstFrameOf(at, state.seconds + 1);
  state.secondCount = 0;
  closeCountSecond(at, isThere);
  closeGaitSecond(at, isThere);
  if (state.seconds % <i64>WINDOW_S === 0) closeWindow(at);
  const inEpoch = state.seconds % <i64>EPOCH_S;
  if (inEpoch === <i64>HALF_EPOCH_S) state.countsFirst = takeCounts(at);
  if (inEpoch === 0) endEpoch(at);
}

function endEpoch(at: usize): void {
  const state = stateAt(at);
  // The last second may not be whole.
  const endS = min(<f64>state.seconds, <f64>state.taken / <f64>state.rateHz);
  closeEpoch(at, endS, takeCounts(at));
  state.countsFirst = NaN;
}

/** The end of the signal: the epoch that is open is closed. */
export function finish(at: usize): void {
  const state = stateAt(at);
  if (state.taken > firstFrameOf(at, state.seconds)) closeSecond(at);
  const inEpoch = state.seconds % <i64>EPOCH_S;
  if (inEpoch === 0) return;
  if (state.seconds % <i64>WINDOW_S !== 0) closeWindow(at);
  if (inEpoch < <i64>HALF_EPOCH_S) state.countsFirst = takeCounts(at);
  endEpoch(at);
}
