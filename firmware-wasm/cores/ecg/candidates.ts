// Local maxima of the energy become candidates.

import { decide } from './decide';
import { placePeak } from './place';
import { excerpt } from './template';
import { PENDING_COUNT, candidateAt, stateAt } from './state';

/** Energy falls this long after its maximum before the maximum is believed. */
const HOLD_S: f32 = 0.07;
/** From the R peak to the maximum of the energy: the delays of band-pass, slope and moving sums. */
const DELAY_S: f32 = 0.095;
const MERGE_S: f64 = 0.12;
/** A decision is also tried when nothing new comes. */
const TICK_S: f32 = 0.1;

export function designSearch(at: usize): void {
  const state = stateAt(at);
  const hz = state.rateHz * state.scale;
  state.hold = max(1, <i32>nearest(HOLD_S * hz));
  state.delay = DELAY_S * hz;
  state.spare = max(1, <i32>nearest(TICK_S * hz));
}

export function clearSearch(at: usize): void {
  const state = stateAt(at);
  state.clock = 0;
  state.energy = 0;
  state.peak = 0;
  state.peakAt = 0;
  state.rising = 0;
  state.solveAt = 0;
  state.pendingCount = 0;
}

export function searchStep(at: usize, energy: f32): void {
  const state = stateAt(at);
  const clock = state.clock;
  if (state.rising) {
    if (energy > state.peak) {
      state.peak = energy;
      state.peakAt = clock;
    } else if (clock - state.peakAt >= state.hold) {
      state.rising = 0;
      addCandidate(at);
    }
  } else if (energy > state.energy) {
    state.rising = 1;
    state.peak = energy;
    state.peakAt = clock;
  }
  state.energy = energy;
  if (clock >= state.solveAt) {
    state.solveAt = clock + state.spare;
    decide(at);
  }
}

function addCandidate(at: usize): void {
  const state = stateAt(at);
  if (state.peak < 0.03 * state.signal) return;
  const center = state.startSample + <i64>nearest((<f32>state.peakAt - state.delay) * <f32>state.factor);
  if (state.pendingCount >= PENDING_COUNT) return;
  const sample = placePeak(at, center);
  let index = state.pendingCount;
  if (index > 0) {
    // Two maxima of the energy this close belong to one beat: the higher one speaks for it.
    const before = candidateAt(at, index - 1);
    if (sample - before.sample < MERGE_S * <f64>state.rateHz) {
      if (state.peak <= before.level) return;
      index--;
    }
  }
  const candidate = candidateAt(at, index);
  candidate.sample = nearest(sample * 1024) / 1024;
  candidate.level = state.peak;
  candidate.lnLevel = Mathf.log(state.peak);
  state.pendingCount = index + 1;
  excerpt(at, index, state.peakAt - state.center);
}
