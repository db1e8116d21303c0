// Steps. Walking and running repeat themselves: every second the autocorrelation of the last 6 s of the norm, at 25 Hz, is asked for a
// rhythm of steps (60 to 200 a minute), and a rhythm that lasts 3 s is counted from its beginning. Steps are the rhythm's rate times its
// time, as in Straczkiewicz 2023, not peaks: a peak that is split in two or lost does not matter.

import { GRID, GRID_COUNT, GRID_HZ, GRID_ROW, GRID_ROW_COUNT, LIKENESS, stateAt } from './state';
import { findStepHz } from './step-rate';

/** Edge of each of two one-pole low-passes: what is above is no step, and would be folded down by the grid. */
const SMOOTH_HZ: f64 = 6;
/** A pause up to here is bridged by a straight line. */
const BRIDGE_S: f32 = 0.5;
/** Shorter stretches hold too few steps to have a rhythm. */
const ROW_COUNT_MIN: i32 = 100;
/** Standard deviation of the norm: less is no step, more reliable a threshold than a rhythm that breathing has too. */
const MOVING_G: f32 = 0.03;
/** Seconds of one rhythm before it is gait. */
const RHYTHM_S: i32 = 3;
/** One rhythm: step rates within this share. */
const RHYTHM_SHARE: f32 = 0.15;

/** Seconds of another rhythm, or of none, that do not end one: at the next that fits they are counted too. */
const ODD_S: i32 = 2;
/** The newest 2 s must hold this share of the row's mean variance: else a walk would go on while its last seconds leave the row. */
const NEWEST_COUNT: i32 = 50;
const NEWEST_SHARE: f32 = 0.3;

const TURN: f64 = 6.283185307179586;

export function designGait(at: usize): void {
  const state = stateAt(at);
  const rateHz = <f64>state.rateHz;
  state.smoothGain = <f32>((TURN * SMOOTH_HZ) / (TURN * SMOOTH_HZ + rateHz));
  state.gridStep = state.rateHz / GRID_HZ;
}

/** Takes the norm of frame `frame`. */
export function gaitStep(at: usize, norm: f32, frame: i64): void {
  const state = stateAt(at);
  const span = <f32>(frame - state.gridFrame);
  state.gridFrame = frame;
  if (state.gridLength === 0 || span > BRIDGE_S * state.rateHz) {
    openGrid(at, norm);
    return;
  }
  const before = state.smooth1;
  state.smooth0 += state.smoothGain * (norm - state.smooth0);
  state.smooth1 += state.smoothGain * (state.smooth0 - state.smooth1);
  state.gridAhead -= span;
  for (; state.gridAhead <= 0; state.gridAhead += state.gridStep) {
    addPoint(at, state.smooth1 + (state.gridAhead / span) * (state.smooth1 - before));
  }
}

function openGrid(at: usize, norm: f32): void {
  const state = stateAt(at);
  state.smooth0 = norm;
  state.smooth1 = norm;
  state.gridLength = 0;
  state.gridAhead = state.gridStep;
  addPoint(at, norm);
}

function addPoint(at: usize, value: f32): void {
  const state = stateAt(at);
  if (state.gridLength === GRID_COUNT) keepLast(at);
  store<f32>(at + GRID + ((<usize>state.gridLength) << 2), value);
  state.gridLength += 1;
}

/** Drops all but the last 6 s of the grid. */
function keepLast(at: usize): void {
  const state = stateAt(at);
  const dropped = state.gridLength - GRID_ROW_COUNT;
  if (dropped <= 0) return;
  memory.copy(at + GRID, at + GRID + ((<usize>dropped) << 2), (<usize>GRID_ROW_COUNT) << 2);
  state.gridLength = GRID_ROW_COUNT;
}

/** Ends a second: is there a rhythm, and has it lasted? */
export function closeGaitSecond(at: usize, isThere: bool): void {
  const state = stateAt(at);
  keepLast(at);
  const stepHz = isThere && state.gridLength >= ROW_COUNT_MIN ? stepHzOfRow(at) : 0;
  const goesOn = state.rhythmS > 0 && abs(stepHz - state.rhythmHz) <= RHYTHM_SHARE * state.rhythmHz;
  if (goesOn) {
    creditGait(at, stepHz);
  } else if (state.rhythmS >= RHYTHM_S && state.oddS < ODD_S) {
    state.oddS += 1;
  } else {
    state.rhythmS = stepHz > 0 ? 1 : 0;
    state.rhythmHz = stepHz;
    state.oddS = 0;
  }
}

/** One second more of the rhythm. Those that were waited for, or were odd, are counted now; they may lie in the epoch before. */
function creditGait(at: usize, stepHz: f32): void {
  const state = stateAt(at);
  state.rhythmS += 1;
  state.rhythmHz = stepHz;
  if (state.rhythmS < RHYTHM_S) return;
  const seconds = state.rhythmS === RHYTHM_S ? RHYTHM_S : 1 + state.oddS;
  state.oddS = 0;
  state.gaitS += seconds;
  state.cadenceSum += <f64>stepHz * <f64>seconds;
  state.stepsDue += <f64>stepHz * <f64>seconds;
}

/** Step rate of the last 6 s, 0 if there is none. */
function stepHzOfRow(at: usize): f32 {
  const count = stateAt(at).gridLength;
  const from = at + GRID;
  const row = at + GRID_ROW;
  let sum: f32 = 0;
  for (let i = 0; i < count; i++) sum += load<f32>(from + ((<usize>i) << 2));
  const mean = sum / <f32>count;
  let squares: f32 = 0;
  let newest: f32 = 0;
  for (let i = 0; i < count; i++) {
    const away = load<f32>(from + ((<usize>i) << 2)) - mean;
    store<f32>(row + ((<usize>i) << 2), away);
    squares += away * away;
    if (i >= count - NEWEST_COUNT) newest += away * away;
  }
  const variance = squares / <f32>count;
  if (variance < MOVING_G * MOVING_G) return 0;
  if (newest < NEWEST_SHARE * variance * <f32>NEWEST_COUNT) return 0;
  return findStepHz(row, count, variance, at + LIKENESS);
}
