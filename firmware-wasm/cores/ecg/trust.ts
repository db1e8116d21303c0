// How probable it is that a beat is right: that there is one, within 150 ms of where it is said to be. Log odds, fitted by logistic
// regression on annotated records, clean and with noise of two kinds laid over them, and on noise alone (NOTES.md), and rounded.

import { candidateAt, EcgState, stateAt } from './state';

const BASE: f32 = 0.1;
/** Likeness to the shape of recent beats, 0 to 1. */
const MATCH: f32 = 1;
/** Crowded: so many waves of its height around it that the noise stands at its upper bound. The share of such beats, over about eight. */
const CROWDED: f32 = 2.5;
const CROWDED_RATE: f32 = 0.125;
const CROWDED_DISTANCE: f32 = 0.4;
/** Where a signal begins trust is yet to be earned. */
export const CROWDED_FIRST: f32 = 0.5;
/** A regular rhythm, and in it the share by which the interval before and the one after stray from the usual one. */
const REGULAR: f32 = 5.4;
const STRAY: f32 = 13;
const STRAY_NEXT: f32 = 7;
const STRAY_MAX: f32 = 0.3;
/** In any rhythm: the share by which they are shorter. */
const SHORT: f32 = 1.2;
const SHORT_NEXT: f32 = 3.3;
const SHORT_MAX: f32 = 0.7;
/** Its own log odds by level and shape, and those of the strongest wave near it that was not taken. */
const ODDS: f32 = 0.7;
const RIVAL: f32 = 0.2;
const ODDS_MIN: f32 = -5;
const ODDS_MAX: f32 = 4;
/** Near: this share of a usual interval to either side. */
const NEAR: f32 = 0.6;

/** Candidate `index` is about to be told. */
export function trustOf(at: usize, index: i32): f32 {
  const state = stateAt(at);
  const beat = candidateAt(at, index);
  const next = state.nextOnPath;
  const before: f32 = state.hasLast ? offUsual(state, beat.sample - state.lastBeat) : 0;
  const after: f32 = next >= 0 ? offUsual(state, candidateAt(at, next).sample - beat.sample) : 0;
  const match: f32 = max<f32>(0, min<f32>(1, beat.match));
  const crowded: f32 = state.lnSignalNow - state.lnNoiseNow < CROWDED_DISTANCE ? 1 : 0;
  state.crowded += CROWDED_RATE * (crowded - state.crowded);
  const looks = MATCH * match + ODDS * bounded(beat.odds) - RIVAL * rivalOdds(at, index);
  const stray = STRAY * min(STRAY_MAX, abs(before)) + STRAY_NEXT * min(STRAY_MAX, abs(after));
  const short = SHORT * shortness(before) + SHORT_NEXT * shortness(after);
  return sigmoid(BASE - CROWDED * state.crowded + looks + state.regular * (REGULAR - stray) - short);
}

/** By which share of the usual interval this one is longer. */
function offUsual(state: EcgState, samples: f64): f32 {
  return <f32>(samples / <f64>state.rateHz) / state.typicalRr - 1;
}

function shortness(off: f32): f32 {
  return min(SHORT_MAX, max<f32>(0, -off));
}

function bounded(odds: f32): f32 {
  return max(ODDS_MIN, min(ODDS_MAX, odds));
}

function rivalOdds(at: usize, index: i32): f32 {
  const state = stateAt(at);
  const sample = candidateAt(at, index).sample;
  const near = <f64>(NEAR * state.typicalRr * state.rateHz);
  let strongest = ODDS_MIN;
  for (let i = 0; i < state.pendingCount; i++) {
    const wave = candidateAt(at, i);
    if (i != index && i != state.nextOnPath && abs(wave.sample - sample) < near) strongest = max(strongest, wave.odds);
  }
  return min(ODDS_MAX, strongest);
}

function sigmoid(logOdds: f32): f32 {
  return 1 / (1 + Mathf.exp(-logOdds));
}
