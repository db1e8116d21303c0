// From samples to energy: decimate by a plain average, band-pass with two biquads, slope, absolute value, two moving sums.

import { BAND, BAND_COUNT, BOX_A, BOX_B, EcgState, bandAt, stateAt } from './state';

/** Decisions are made at about this rate; the rest is for placing the peak. */
const DECISION_HZ: f32 = 150;
const BAND_LOW_HZ: f32 = 8;
const BAND_HIGH_HZ: f32 = 20;
const BOX_A_S: f32 = 0.09;
const BOX_B_S: f32 = 0.06;
const SLOPE_S: f32 = 0.012;

export function designFilters(at: usize, rateHz: f32): void {
  const state = stateAt(at);
  state.factor = max(1, <i32>floor(rateHz / DECISION_HZ));
  state.scale = 1 / <f32>state.factor;
  const hz = rateHz * state.scale;
  designHighPass(state, BAND_LOW_HZ / hz);
  designLowPass(state, BAND_HIGH_HZ / hz);
  state.boxA = max(1, <i32>nearest(BOX_A_S * hz));
  state.boxB = max(1, <i32>nearest(BOX_B_S * hz));
  state.lag = max(1, <i32>nearest(SLOPE_S * hz));
  state.center = (state.boxA + state.boxB + state.lag) >> 1;
}

// Butterworth, by the bilinear transform (Oppenheim & Schafer).
function designHighPass(state: EcgState, cycles: f32): void {
  const w = Mathf.tan(Mathf.PI * cycles);
  const norm: f32 = 1 / (1 + Mathf.SQRT2 * w + w * w);
  state.hb0 = norm;
  state.hb1 = -2 * norm;
  state.hb2 = norm;
  state.ha1 = 2 * (w * w - 1) * norm;
  state.ha2 = (1 - Mathf.SQRT2 * w + w * w) * norm;
}

function designLowPass(state: EcgState, cycles: f32): void {
  const w = Mathf.tan(Mathf.PI * cycles);
  const norm: f32 = 1 / (1 + Mathf.SQRT2 * w + w * w);
  state.lb0 = w * w * norm;
  state.lb1 = 2 * state.lb0;
  state.lb2 = state.lb0;
  state.la1 = 2 * (w * w - 1) * norm;
  state.la2 = (1 - Mathf.SQRT2 * w + w * w) * norm;
}

/** Empties the filters, as at the start of a stretch. */
export function clearFilters(at: usize): void {
  const state = stateAt(at);
  state.hz1 = state.hz2 = state.lz1 = state.lz2 = 0;
  state.sumA = state.freshA = state.sumB = state.freshB = 0;
  state.boxAt = state.boxBt = 0;
  memory.fill(at + BAND, 0, <usize>BAND_COUNT * 4);
  memory.fill(at + BOX_A, 0, <usize>state.boxA * 4);
  memory.fill(at + BOX_B, 0, <usize>state.boxB * 4);
}

/** Takes one decimated sample, returns the energy. */
export function filterStep(at: usize, x: f32): f32 {
  const state = stateAt(at);
  const h = state.hb0 * x + state.hz1;
  state.hz1 = state.hb1 * x - state.ha1 * h + state.hz2;
  state.hz2 = state.hb2 * x - state.ha2 * h;
  const b = state.lb0 * h + state.lz1;
  state.lz1 = state.lb1 * h - state.la1 * b + state.lz2;
  state.lz2 = state.lb2 * h - state.la2 * b;
  const slope = abs(b - bandAt(at, state.clock - state.lag));
  store<f32>(at + BAND + ((<usize>(state.clock & (BAND_COUNT - 1))) << 2), b);
  return boxB(at, boxA(at, slope));
}

// A running sum in f32 drifts; a second sum that starts anew every round replaces it, so nothing older than two rounds stays.
function boxA(at: usize, x: f32): f32 {
  const state = stateAt(at);
  const slot = at + BOX_A + ((<usize>state.boxAt) << 2);
  state.sumA += x - load<f32>(slot);
  state.freshA += x;
  store<f32>(slot, x);
  if (++state.boxAt == state.boxA) {
    state.boxAt = 0;
    state.sumA = state.freshA;
    state.freshA = 0;
  }
  return state.sumA;
}

function boxB(at: usize, x: f32): f32 {
  const state = stateAt(at);
  const slot = at + BOX_B + ((<usize>state.boxBt) << 2);
  state.sumB += x - load<f32>(slot);
  state.freshB += x;
  store<f32>(slot, x);
  if (++state.boxBt == state.boxB) {
    state.boxBt = 0;
    state.sumB = state.freshB;
    state.freshB = 0;
  }
  return state.sumB;
}
