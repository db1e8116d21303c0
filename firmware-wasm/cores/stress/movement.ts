// Acceleration in three bands: fast (above 6 Hz: tremor, typing), middle (1.5 to 3 Hz: steps, gestures), slow (0.08 to 0.25 Hz: a
// change of posture). One-pole low-passes, so that any sampling rate will do; a band is the difference of two of them.

import { GRAVITY, LOW_PASS_COUNT, StressState, secondAt, stateAt } from './state';

/** 2 pi times 6, 3, 1.5, 0.25 and 0.08 Hz. */
const TURN_0: f64 = 37.69911184307752;
const TURN_1: f64 = 18.84955592153876;
const TURN_2: f64 = 9.42477796076938;
const TURN_3: f64 = 1.5707963267948966;
const TURN_4: f64 = 0.5026548245743669;

/** A longer step is a pause: the filters start anew. */
const SPACING_S_MAX: f64 = 0.5;
/** Beyond this it is no wrist: a broken sensor. */
const G_MAX: f32 = 64;

export function takeAcceleration(at: usize, timeS: f64, x: f32, y: f32, z: f32): void {
  // Written so that NaN fails.
  if (!(abs(x) <= G_MAX && abs(y) <= G_MAX && abs(z) <= G_MAX)) return;
  const state = stateAt(at);
  const spacingS = timeS - state.motionS;
  if (!state.motionIsOn || spacingS > SPACING_S_MAX) {
    startFilters(at, timeS, x, y, z);
    return;
  }
  // The clock of a stream jitters in its last digits; only another rate is worth new coefficients.
  if (spacingS > 0 && abs(spacingS - state.spacingS) > 0.02 * state.spacingS) designFilters(state, spacingS);
  state.motionS = timeS;
  filterAxis(at, 0, x);
  filterAxis(at, 1, y);
  filterAxis(at, 2, z);
  secondAt(at).motionCount += 1;
}

function startFilters(at: usize, timeS: f64, x: f32, y: f32, z: f32): void {
  const state = stateAt(at);
  state.motionIsOn = 1;
  state.motionS = timeS;
  for (let i = 0; i < LOW_PASS_COUNT; i++) {
    const filter = at + GRAVITY + ((<usize>(3 * i)) << 3);
    store<f64>(filter, x);
    store<f64>(filter, y, 8);
    store<f64>(filter, z, 16);
  }
}

function designFilters(state: StressState, spacingS: f64): void {
  state.spacingS = spacingS;
  state.pass0 = 1 - Math.exp(-TURN_0 * spacingS);
  state.pass1 = 1 - Math.exp(-TURN_1 * spacingS);
  state.pass2 = 1 - Math.exp(-TURN_2 * spacingS);
  state.pass3 = 1 - Math.exp(-TURN_3 * spacingS);
  state.pass4 = 1 - Math.exp(-TURN_4 * spacingS);
}

function filterAxis(at: usize, axis: usize, value: f64): void {
  const state = stateAt(at);
  const filters = at + GRAVITY + (axis << 3);
  const low0 = lowPass(filters, state.pass0, value);
  const low1 = lowPass(filters + 24, state.pass1, value);
  const low2 = lowPass(filters + 48, state.pass2, value);
  const low3 = lowPass(filters + 72, state.pass3, value);
  const low4 = lowPass(filters + 96, state.pass4, value);
  const second = secondAt(at);
  second.fastSquares += (value - low0) * (value - low0);
  second.middleSquares += (low1 - low2) * (low1 - low2);
  second.slowSquares += (low3 - low4) * (low3 - low4);
  second.allSquares += (value - low3) * (value - low3);
}

function lowPass(filter: usize, pass: f64, value: f64): f64 {
  const low = load<f64>(filter) + pass * (value - load<f64>(filter));
  store<f64>(filter, low);
  return low;
}
