// Is the device worn? As van Hees 2011, 2013: not, when for an hour two of three axes neither spread nor shift. The hour here begins at any
// epoch instead of every 15 minutes, and the spread is asked for in every epoch of it instead of over all.

import { KIND_OFF_WRIST, KIND_ON_WRIST, WEAR_OFF, WEAR_ON, WEAR_UNKNOWN } from './layout';
import { enqueue } from './queue';
import { Axis, axisAt, EPOCH_S, stateAt } from './state';

const SPREAD_G: f32 = 0.013;
const RANGE_G: f32 = 0.05;
const AXES_MIN: i32 = 2;
/** Looks a second: a device that is worn shows it in an hour of them. */
const LOOK_HZ: f32 = 2;
const FRAME_BYTES: i32 = 12;
/** Epochs of an hour. */
const OFF_EPOCHS: i32 = 120;

export function designWear(at: usize): void {
  const state = stateAt(at);
  state.wearStep = max(1, <i32>nearest(state.rateHz / LOOK_HZ));
}

/** Looks at some of the frames of a run. */
export function wearRun(at: usize, from: usize, count: i32): void {
  const state = stateAt(at);
  const skipped = state.wearLeft;
  if (skipped >= count) {
    state.wearLeft = skipped - count;
    return;
  }
  const step = state.wearStep;
  const looked = (count - skipped + step - 1) / step;
  state.wearLeft = skipped + looked * step - count;
  const isFirst = state.wearCount === 0;
  state.wearCount += looked;
  from += <usize>(FRAME_BYTES * skipped);
  for (let i = 0; i < 3; i++)
    lookAt(axisAt(at, i), from + ((<usize>i) << 2), <usize>(FRAME_BYTES * step), looked, isFirst);
}

function lookAt(axis: Axis, from: usize, step: usize, count: i32, isFirst: bool): void {
  if (isFirst) {
    const g = load<f32>(from);
    axis.base = g;
    axis.sum = 0;
    axis.squares = 0;
    axis.least = g;
    axis.most = g;
  }
  let most = axis.most;
  let least = axis.least;
  let squares = axis.squares;
  let sum = axis.sum;
  const base = axis.base;
  for (; count > 0; count--) {
    const g = load<f32>(from);
    const away = g - base;
    sum += away;
    squares += away * away;
    if (g < least) least = g;
    if (g > most) most = g;
    from += step;
  }
  axis.most = most;
  axis.least = least;
  axis.squares = squares;
  axis.sum = sum;
}

/** Ends an epoch and says whether the device is worn. */
export function closeWear(at: usize, isThere: bool): u16 {
  const state = stateAt(at);
  if (!isThere) {
    state.stillEpochs = 0;
    state.wearCount = 0;
    return WEAR_UNKNOWN;
  }
  const startS = <f64>(((state.seconds - 1) / EPOCH_S) * EPOCH_S);
  const goesOn = state.stillEpochs > 0 && stillAxes(at, true) >= AXES_MIN;
  if (!goesOn) beginStill(at, startS);
  state.stillEpochs = goesOn ? state.stillEpochs + 1 : stillAxes(at, false) >= AXES_MIN ? 1 : 0;
  if (state.stillEpochs >= OFF_EPOCHS && !state.isOff) {
    state.isOff = 1;
    enqueue(at, KIND_OFF_WRIST, state.stillSinceS);
  } else if (state.stillEpochs === 0 && state.isOff) {
    state.isOff = 0;
    enqueue(at, KIND_ON_WRIST, startS);
  }
  return state.isOff ? WEAR_OFF : WEAR_ON;
}

function beginStill(at: usize, startS: f64): void {
  stateAt(at).stillSinceS = startS;
  for (let i = 0; i < 3; i++) {
    const axis = axisAt(at, i);
    axis.stillLeast = axis.least;
    axis.stillMost = axis.most;
  }
}

/** Axes that neither spread nor shift in the epoch, or together with the still epochs before it, whose range then grows. */
function stillAxes(at: usize, withBefore: bool): i32 {
  let still = 0;
  for (let i = 0; i < 3; i++) {
    const axis = axisAt(at, i);
    if (withBefore) {
      axis.stillLeast = min(axis.stillLeast, axis.least);
      axis.stillMost = max(axis.stillMost, axis.most);
    }
    const range = withBefore ? axis.stillMost - axis.stillLeast : axis.most - axis.least;
    if (range < RANGE_G && spreadOf(axis, <f32>stateAt(at).wearCount) < SPREAD_G) still++;
  }
  return still;
}

function spreadOf(axis: Axis, count: f32): f32 {
  const mean = axis.sum / count;
  return sqrt(max(0, axis.squares / count - mean * mean));
}
