// Which way is up. Blood comes faster than it goes, so the steep side of the wave is the systole. A sensor does not turn over while it
// is worn: the evidence is gathered over a minute, counts as much as the signal is periodic, and outlives interruptions.

import { LAG_BLOCK } from '../../dsp/lag-products';
import { lastBlock } from './rhythm';
import { EVEN, EVEN_COUNT, placeIn, stateAt } from './state';

/** Memory of the evidence. */
const EVIDENCE_S: f32 = 60;
/** So much periodic signal is needed to overrule the first impression. */
const ENOUGH_S: f32 = 4;
/** Above 176 a minute a pulse has no time to go slower than it came. */
const PERIOD_S_MIN: f32 = 0.34;
/** Asymmetry (-1 to 1) that says the signal is upside down: clear of what chance makes of a symmetrical one. */
const TURN_SKEW: f32 = -0.2;

/** Weighs the last four values of the rhythm. */
export function weighBlock(at: usize): void {
  const state = stateAt(at);
  if (state.polarity !== 0) return;
  if (state.period < PERIOD_S_MIN) return;
  const weight = state.periodicity * state.periodicity;
  let cubes: f32 = 0;
  let sizes: f32 = 0;
  let place = lastBlock(at);
  for (let i = 0; i < LAG_BLOCK; i++) {
    const x = load<f32>(place);
    const cube = x * x * x;
    cubes += cube;
    sizes += cube < 0 ? -cube : cube;
    place += 4;
  }
  const keep: f32 = 1 - weight * state.evidenceGain;
  state.skew = keep * state.skew + weight * state.sign * cubes;
  state.cube = keep * state.cube + weight * sizes;
  state.evidence = keep * state.evidence + weight * <f32>LAG_BLOCK;
}

export function designPolarity(at: usize): void {
  const state = stateAt(at);
  state.evidenceGain = (<f32>LAG_BLOCK * state.evenS) / EVIDENCE_S;
  state.sign = state.polarity < 0 ? -1 : 1;
}

/** Does the evidence speak against the present polarity? */
export function isUpsideDown(at: usize): bool {
  const state = stateAt(at);
  if (state.polarity !== 0 || state.evidence * state.evenS < ENOUGH_S) return false;
  return state.sign * state.skew < TURN_SKEW * state.cube;
}

/** The first impression of a stretch: the slopes so far, as long as there is no better evidence. */
export function looksUpsideDown(at: usize): bool {
  const state = stateAt(at);
  if (state.polarity !== 0 || state.evidence * state.evenS >= ENOUGH_S) return false;
  let sum: f32 = 0;
  for (let i = 0; i < state.evenCount; i++) {
    const x = load<f32>(placeIn(at + EVEN, i, EVEN_COUNT));
    sum += x * x * x;
  }
  return sum < 0;
}
