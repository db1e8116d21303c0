// Which way is up. Blood comes faster than it goes, so the steep side of the wave is the systole. A sensor does not turn over while it
// is worn: the evidence is gathered over a minute, counts as much as the signal is periodic, and outlives interruptions.

import { EVEN, ringAt, stateAt } from './state';

/** Memory of the evidence. */
const EVIDENCE_S: f32 = 60;
/** So much periodic signal is needed to overrule the first impression. */
const ENOUGH_S: f32 = 4;
/** Asymmetry (-1 to 1) that says the signal is upside down: clear of what chance makes of a symmetrical one. */
const TURN_SKEW: f32 = -0.2;

/** Weighs slope number `index`. */
export function weighSlope(at: usize, index: i32): void {
  const state = stateAt(at);
  const x = state.sign * ringAt(at + EVEN, index);
  const cube = x * x * x;
  const weight = state.periodicity * state.periodicity;
  const keep: f32 = 1 - weight * state.evidenceGain;
  state.skew = keep * state.skew + weight * cube;
  state.cube = keep * state.cube + weight * abs(cube);
  state.evidence = keep * state.evidence + weight;
}

export function designPolarity(at: usize): void {
  const state = stateAt(at);
  state.evidenceGain = 1 / (EVIDENCE_S * state.workHz);
  state.sign = state.polarity < 0 ? -1 : 1;
}

/** Does the evidence speak against the present polarity? */
export function isUpsideDown(at: usize): bool {
  const state = stateAt(at);
  if (state.polarity !== 0 || state.evidence < ENOUGH_S * state.workHz) return false;
  return state.sign * state.skew < TURN_SKEW * state.cube;
}

/** The first impression of a stretch: the slopes so far, as long as there is no better evidence. */
export function looksUpsideDown(at: usize): bool {
  const state = stateAt(at);
  if (state.polarity !== 0 || state.evidence >= ENOUGH_S * state.workHz) return false;
  let sum: f32 = 0;
  for (let i = 0; i < state.clock; i++) {
    const x = ringAt(at + EVEN, i);
    sum += x * x * x;
  }
  return sum < 0;
}
