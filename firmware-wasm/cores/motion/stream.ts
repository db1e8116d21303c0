// The way of frames through the core, and what happens when a second, 5 s, 15 s and 30 s are over. Frames go in runs, the sums of which
// stay in registers: on a device a load or a store costs more than an addition.

import { closeWindow, openAngle } from './angle';
import { closeCountSecond, openCounts, takeCounts } from './counts';
import { closeEpoch } from './epoch';
import { breakGait, closeGaitSecond } from './gait';
import { KIND_UNUSABLE, KIND_USABLE } from './layout';
import { holdFrame, isUsable, moveRun } from './movement';
import { enqueue, queueHasRoom } from './queue';
import { EPOCH_S, HALF_EPOCH_S, MotionState, stateAt, WINDOW_S } from './state';
import { wearRun } from './wear';

/** Missing for so long is said. */
const UNUSABLE_S: f32 = 1;
/** After a longer pause the filter of the counts begins anew. */
const HOLD_S: f32 = 0.2;
/** A shorter pause is filled with the last frame; after a longer one the gait begins anew too. */
const BRIDGE_S: f32 = 0.5;
/** A frame in the unit of `secondLate`, of which every rate within 10 and 100 Hz is a whole number. */
const FRAME_UNITS: i32 = 1 << 20;

export function openStream(at: usize): void {
  const state = stateAt(at);
  openSecond(at);
  state.countsFirst = NaN;
  openAngle(at);
}

/** Takes numbers until they end or the findings need polling. Returns how many. */
export function take(at: usize, from: usize, count: i32): i32 {
  const state = stateAt(at);
  let taken = 0;
  while (taken < count && queueHasRoom(at)) {
    const next = from + ((<usize>taken) << 2);
    if (state.channel === 0 && count - taken >= 3) {
      taken += 3 * takeFrames(at, next, (count - taken) / 3);
      continue;
    }
    store<f32>(at + offsetof<MotionState>('x') + ((<usize>state.channel) << 2), load<f32>(next));
    taken += 1;
    state.channel = (state.channel + 1) % 3;
    if (state.channel === 0) takeFrames(at, at + offsetof<MotionState>('x'), 1);
  }
  return taken;
}

/** Takes frames that are all there, or one that is missing, of one second. Returns how many. */
function takeFrames(at: usize, from: usize, countMax: i32): i32 {
  const state = stateAt(at);
  let count = 1;
  if (isUsable(from)) count = takeUsable(at, from, min(countMax, state.secondLeft));
  else takeMissing(at);
  state.taken += count;
  state.secondLeft -= count;
  if (state.secondLeft === 0) closeSecond(at, true);
  return count;
}

function takeUsable(at: usize, from: usize, countMax: i32): i32 {
  const state = stateAt(at);
  if (state.isUnusable) enqueue(at, KIND_USABLE, <f64>state.taken / <f64>state.rateHz);
  state.isUnusable = 0;
  if (!state.isRunning || <f32>state.missingCount > HOLD_S * state.rateHz) openCounts(at, load<f32>(from, 8));
  state.missingCount = 0;
  state.isRunning = 1;
  const count = moveRun(at, from, countMax);
  wearRun(at, from, count);
  const last = from + <usize>(12 * (count - 1));
  state.lastZ = load<f32>(last, 8);
  state.lastY = load<f32>(last, 4);
  state.lastX = load<f32>(last);
  state.secondCount += count;
  state.windowCount += count;
  state.epochCount += count;
  return count;
}

function takeMissing(at: usize): void {
  const state = stateAt(at);
  state.missingCount += 1;
  const missing = <f32>state.missingCount;
  if (missing > BRIDGE_S * state.rateHz) {
    if (state.isRunning) breakGait(at);
    state.isRunning = 0;
  } else if (state.isRunning) holdFrame(at);
  if (state.isUnusable || missing < UNUSABLE_S * state.rateHz) return;
  state.isUnusable = 1;
  enqueue(at, KIND_UNUSABLE, <f64>(state.taken + 1 - state.missingCount) / <f64>state.rateHz);
}

/** A second has the frames whose times lie in it: the first is the first at or after its start. */
function openSecond(at: usize): void {
  const state = stateAt(at);
  const units = <i32>(state.rateHz * <f32>FRAME_UNITS) - state.secondLate;
  state.secondLeft = (units + FRAME_UNITS - 1) / FRAME_UNITS;
  state.secondLate = state.secondLeft * FRAME_UNITS - units;
}

function closeSecond(at: usize, isWhole: bool): void {
  const state = stateAt(at);
  const isThere = <f32>state.secondCount >= 0.5 * state.rateHz;
  state.seconds += 1;
  state.secondCount = 0;
  openSecond(at);
  closeCountSecond(at, isThere);
  closeGaitSecond(at, isThere);
  if (state.seconds % WINDOW_S === 0) closeWindow(at);
  const inEpoch = state.seconds % EPOCH_S;
  if (inEpoch === HALF_EPOCH_S) state.countsFirst = takeCounts(at);
  if (inEpoch === 0) endEpoch(at, isWhole);
}

function endEpoch(at: usize, isWhole: bool): void {
  const state = stateAt(at);
  const endS = <f64>state.seconds;
  closeEpoch(at, isWhole ? endS : min(endS, <f64>state.taken / <f64>state.rateHz), takeCounts(at));
  state.countsFirst = NaN;
}

/** The end of the signal: the epoch that is open is closed. */
export function finish(at: usize): void {
  const state = stateAt(at);
  if (<f64>state.taken > ceil(<f64>state.seconds * <f64>state.rateHz)) closeSecond(at, false);
  const inEpoch = state.seconds % EPOCH_S;
  if (inEpoch === 0) return;
  if (state.seconds % WINDOW_S !== 0) closeWindow(at);
  if (inEpoch < HALF_EPOCH_S) state.countsFirst = takeCounts(at);
  endEpoch(at, false);
}
