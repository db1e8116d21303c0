// From decimated samples to energy: a band-pass around the QRS, its slope, absolute value, two moving sums.
// Absolute values rather than squares: the range of f32 holds for any gain, and a spike weighs less.

import { BAND, BAND_COUNT, BOX_A, BOX_B, EcgState, stateAt } from './state';

/** Decisions are made at this rate or up to twice it, by averaging whole groups of samples; the rest is for placing peaks. */
const DECISION_HZ: f32 = 120;
/** The band where a QRS stands out most of P, T, wander and muscle: Elgendi 2010 finds 8-20 Hz, Thakor 1984 a centre of 17 Hz. */
const BAND_LOW_HZ: f32 = 10;
const BAND_HIGH_HZ: f32 = 25;
/** The low pass keeps clear of half the decision rate. */
const BAND_HIGH_CYCLES_MAX: f32 = 0.4;
/** About the width of a QRS (Elgendi 2010: 97 ms), then a shorter one that leaves a single smooth maximum. */
const BOX_A_S: f32 = 0.08;
const BOX_B_S: f32 = 0.06;
/** The slope is a difference over this time: a quarter of a period at the middle of the band. */
const SLOPE_S: f32 = 0.012;
/** Where the delay of the band-pass is reckoned. */
const QRS_HZ: f32 = 12;

export function designFilters(at: usize): void {
  const state = stateAt(at);
  state.factor = max(1, <i32>floor(state.rateHz / DECISION_HZ));
  state.scale = 1 / <f32>state.factor;
  const hz = state.rateHz * state.scale;
  const highHz = min(BAND_HIGH_HZ, BAND_HIGH_CYCLES_MAX * hz);
  designHighPass(state, BAND_LOW_HZ / hz);
  designLowPass(state, highHz / hz);
  state.boxA = max(1, <i32>nearest(BOX_A_S * hz));
  state.boxB = max(1, <i32>nearest(BOX_B_S * hz));
  state.lag = max(1, <i32>nearest(SLOPE_S * hz));
  state.bandDelay = (state.boxA + state.boxB + state.lag) >> 1;
  state.energyDelay =
    (sectionDelay(BAND_LOW_HZ) + sectionDelay(highHz)) * hz + 0.5 * <f32>(state.boxA + state.boxB + state.lag - 2);
}

// Both: second-order Butterworth by the bilinear transform; `cycles` is the corner per decimated sample.
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

// Seconds by which a second-order Butterworth section delays the middle of a QRS; a high pass and a low pass delay alike.
function sectionDelay(cornerHz: f32): f32 {
  const u = QRS_HZ / cornerHz;
  return (Mathf.SQRT2 / (2 * Mathf.PI * cornerHz)) * ((1 + u * u) / (1 + u * u * u * u));
}

/** Empties the filters, as at the start of a stretch. */
export function clearFilters(at: usize): void {
  const state = stateAt(at);
  state.hz1 = state.hz2 = state.lz1 = state.lz2 = 0;
  state.sumA = state.freshA = state.sumB = state.freshB = 0;
  state.boxAtA = state.boxAtB = 0;
  memory.fill(at + BAND, 0, <usize>BAND_COUNT * 4);
  memory.fill(at + BOX_A, 0, <usize>state.boxA * 4);
  memory.fill(at + BOX_B, 0, <usize>state.boxB * 4);
}

/** Takes one decimated sample, returns the energy. One long function: it runs all the time and hosts do not inline calls. */
export function filterStep(at: usize, x: f32): f32 {
  const state = stateAt(at);
  const h = state.hb0 * x + state.hz1;
  state.hz1 = state.hb1 * x - state.ha1 * h + state.hz2;
  state.hz2 = state.hb2 * x - state.ha2 * h;
  const b = state.lb0 * h + state.lz1;
  state.lz1 = state.lb1 * h - state.la1 * b + state.lz2;
  state.lz2 = state.lb2 * h - state.la2 * b;

  const clock = state.clock;
  const band = at + BAND;
  const slope = abs(b - load<f32>(band + ((<usize>((clock - state.lag) & (BAND_COUNT - 1))) << 2)));
  store<f32>(band + ((<usize>(clock & (BAND_COUNT - 1))) << 2), b);

  // A running sum in f32 drifts; a fresh sum replaces it every round, so that nothing older than two rounds stays in it.
  const atA = state.boxAtA;
  const slotA = at + BOX_A + ((<usize>atA) << 2);
  let sumA = state.sumA + (slope - load<f32>(slotA));
  store<f32>(slotA, slope);
  const freshA = state.freshA + slope;
  if (atA + 1 == state.boxA) {
    sumA = freshA;
    state.freshA = 0;
    state.boxAtA = 0;
  } else {
    state.freshA = freshA;
    state.boxAtA = atA + 1;
  }
  state.sumA = sumA;

  const atB = state.boxAtB;
  const slotB = at + BOX_B + ((<usize>atB) << 2);
  let sumB = state.sumB + (sumA - load<f32>(slotB));
  store<f32>(slotB, sumA);
  const freshB = state.freshB + sumA;
  if (atB + 1 == state.boxB) {
    sumB = freshB;
    state.freshB = 0;
    state.boxAtB = 0;
  } else {
    state.freshB = freshB;
    state.boxAtB = atB + 1;
  }
  state.sumB = sumB;
  return sumB;
}
