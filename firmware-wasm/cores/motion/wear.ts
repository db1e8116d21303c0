// Is the device worn? As van Hees 2011, 2013: not, when for an hour two of three axes neither spread nor shift. The hour here begins at any
// epoch instead of every 15 minutes, and the spread is asked for in every epoch of it instead of over all.

import { KIND_OFF_WRIST, KIND_ON_WRIST, WEAR_OFF, WEAR_ON, WEAR_UNKNOWN } from './layout';
import { enqueue } from './queue';
import { Axis, axisAt, EPOCH_S, stateAt } from './state';

const SPREAD_G: f32 = 0.013;
const RANGE_G: f32 = 0.05;
const AXES_MIN: i32 = 2;
/** Epochs of an hour. */
const OFF_EPOCHS: i32 = 120;

/** `isFirst`: of the epoch. */
export function wearStep(at: usize, index: i32, g: f32, isFirst: bool): void {
  const axis = axisAt(at, index);
  if (isFirst) {
    axis.base = g;
    axis.sum = 0;
    axis.squares = 0;
    axis.least = g;
    axis.most = g;
  }
  const away = g - axis.base;
  axis.sum += away;
  axis.squares += away * away;
  axis.least = min(axis.least, g);
  axis.most = max(axis.most, g);
}

/** Ends an epoch at `endS` and says whether the device is worn. */
export function closeWear(at: usize, endS: f64, isThere: bool): u16 {
  const state = stateAt(at);
  if (!isThere) {
    state.stillEpochs = 0;
    return WEAR_UNKNOWN;
  }
  // The last epoch may be shorter than the others.
  const startS = (ceil(endS / <f64>EPOCH_S) - 1) * <f64>EPOCH_S;
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
    if (range < RANGE_G && spreadOf(axis, <f32>stateAt(at).epochCount) < SPREAD_G) still++;
  }
  return still;
}

function spreadOf(axis: Axis, count: f32): f32 {
  const mean = axis.sum / count;
  return sqrt(max(0, axis.squares / count - mean * mean));
}
