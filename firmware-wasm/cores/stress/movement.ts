// Acceleration in three bands: fast (above 6 Hz: tremor, typing), middle (1.5 to 3 Hz: steps, gestures), slow (0.08 to 0.25 Hz: a
// change of posture). One-pole low-passes, so that any sampling rate will do; a band is the difference of two of them.

import { expOf } from '../../dsp/single';
import { TICKS_PER_S } from '../../dsp/ticks';
import { GRAVITY, LOW_PASS_COUNT, StressState, secondAt, stateAt } from './state';

/** 2 pi times 6, 3, 1.5, 0.25 and 0.08 Hz. */
const TURN_0: f32 = 37.69911184307752;
const TURN_1: f32 = 18.84955592153876;
const TURN_2: f32 = 9.42477796076938;
const TURN_3: f32 = 1.5707963267948966;
const TURN_4: f32 = 0.5026548245743669;

/** A longer step is a pause: the filters start anew. */
const SPACING_TICKS_MAX: i64 = TICKS_PER_S / 2;
const S_PER_TICK: f32 = <f32>(1.0 / <f64>TICKS_PER_S);
/** Beyond this it is no wrist: a broken sensor. */
const G_MAX: f32 = 64;

/** Takes the three axes at `axes`. */
export function takeAcceleration(at: usize, nowTicks: i64, axes: usize): void {
  // Written so that NaN fails.
  const x = load<f32>(axes);
  const y = load<f32>(axes, 4);
  const z = load<f32>(axes, 8);
  if (!(abs(x) <= G_MAX && abs(y) <= G_MAX && abs(z) <= G_MAX)) return;
  const state = stateAt(at);
  const spacingTicks = nowTicks - state.motionTicks;
  state.motionTicks = nowTicks;
  if (!state.motionIsOn || spacingTicks > SPACING_TICKS_MAX) {
    state.motionIsOn = 1;
    startFilters(at, axes);
    return;
  }
  const spacingS = <f32>(<i32>spacingTicks) * S_PER_TICK;
  // The clock of a stream jitters in its last digits; only another rate is worth new coefficients.
  if (spacingS > 0 && abs(spacingS - state.spacingS) > <f32>0.02 * state.spacingS) designFilters(state, spacingS);
  filter(at, axes);
}

function startFilters(at: usize, axes: usize): void {
  for (let i = 0; i < LOW_PASS_COUNT; i++) memory.copy(at + GRAVITY + <usize>(12 * i), axes, 12);
}

function designFilters(state: StressState, spacingS: f32): void {
  state.spacingS = spacingS;
  state.pass0 = 1 - expOf(-TURN_0 * spacingS);
  state.pass1 = 1 - expOf(-TURN_1 * spacingS);
  state.pass2 = 1 - expOf(-TURN_2 * spacingS);
  state.pass3 = 1 - expOf(-TURN_3 * spacingS);
  state.pass4 = 1 - expOf(-TURN_4 * spacingS);
}

/** Five low-passes of each axis, and what lies between them squared. */
function filter(at: usize, axes: usize): void {
  const state = stateAt(at);
  const pass0 = state.pass0;
  const pass1 = state.pass1;
  const pass2 = state.pass2;
  const pass3 = state.pass3;
  const pass4 = state.pass4;
  let fast: f32 = 0;
  let middle: f32 = 0;
  let slow: f32 = 0;
  let all: f32 = 0;
  const filters = at + GRAVITY;
  for (let axis: usize = 0; axis < 12; axis += 4) {
    const value = load<f32>(axes + axis);
    const low0 = lowPass(filters + axis, pass0, value);
    const low1 = lowPass(filters + axis + 12, pass1, value);
    const low2 = lowPass(filters + axis + 24, pass2, value);
    const low3 = lowPass(filters + axis + 36, pass3, value);
    const low4 = lowPass(filters + axis + 48, pass4, value);
    fast += (value - low0) * (value - low0);
    middle += (low1 - low2) * (low1 - low2);
    slow += (low3 - low4) * (low3 - low4);
    all += (value - low3) * (value - low3);
  }
  const second = secondAt(at);
  second.motionCount += 1;
  second.fastSquares += fast;
  second.middleSquares += middle;
  second.slowSquares += slow;
  second.allSquares += all;
}

function lowPass(filter: usize, pass: f32, value: f32): f32 {
  const low = load<f32>(filter) + pass * (value - load<f32>(filter));
  store<f32>(filter, low);
  return low;
}
