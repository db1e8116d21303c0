// Local maxima of the energy become candidates.

import { settle, VERDICT_S } from './best-path';
import { placePeak } from './r-peak';
import { matchShape, skipShape } from './shape';
import { candidateAt, dropCandidates, PENDING_COUNT, stateAt } from './state';
import { closeUntil } from './windows';

/** The energy must stay below its maximum for this long before the maximum is believed. */
const HOLD_S: f32 = 0.07;
/** Verdicts are looked for this often, so that a beat waits for its own sake and not for the next wave. */
const TICK_S: f32 = 0.1;
/** Two peaks closer than this are one wave: half the refractory time. */
const MERGE_S: f64 = 0.1;
/** A wave below this share of a usual beat cannot become one, ... */
const FAINT: f32 = 0.03;
/** ... unless there has been none for this long: then the signal may have become small. */
const FAINT_GAP_S: f32 = 2.5;
/** A wave below this share is noise for sure: it needs no exact place and no shape. */
const NOTABLE: f32 = 0.1;
/** Keeps logarithms finite on a signal that is exactly zero between its waves. */
const LEVEL_MIN: f32 = 1e-30;

export function designSearch(at: usize): void {
  const state = stateAt(at);
  const hz = state.rateHz * state.scale;
  state.hold = max(1, <i32>nearest(HOLD_S * hz));
  state.tick = max(1, <i32>floor(TICK_S * hz));
}

export function clearSearch(at: usize): void {
  const state = stateAt(at);
  state.energy = 0;
  state.peak = 0;
  state.peakAt = 0;
  state.rising = 0;
  state.tickAt = state.tick;
  state.pendingCount = 0;
}

/** Takes the energy of the decimated sample `clock`. */
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
  if (clock >= state.tickAt) {
    state.tickAt = clock + state.tick;
    settle(at, false);
    closeUntil(at, <f64>state.taken - <f64>(VERDICT_S * state.rateHz));
  }
}

function addCandidate(at: usize): void {
  const state = stateAt(at);
  const level = max(state.peak, LEVEL_MIN);
  const overdue = isOverdue(at);
  if (level < FAINT * state.signal && !overdue) return;
  const notable = level > NOTABLE * state.signal || overdue;
  const center = min(state.clock, max(0, <i32>nearest(<f32>state.peakAt - state.energyDelay)));
  const sample: f64 = notable ? placePeak(at, center) : <f64>(state.startSample + <i64>center * <i64>state.factor);
  let index = state.pendingCount;
  if (index > 0) {
    const before = candidateAt(at, index - 1);
    if (sample - before.sample < MERGE_S * <f64>state.rateHz) {
      if (level <= before.level) return;
      index--;
    }
  }
  if (index == PENDING_COUNT) {
    dropCandidates(at, 1);
    index--;
  }
  const candidate = candidateAt(at, index);
  candidate.sample = nearest(sample * 1024) / 1024;
  candidate.level = level;
  candidate.lnLevel = Mathf.log(level);
  candidate.upright = state.upright;
  state.pendingCount = index + 1;
  if (notable) matchShape(at, index, state.peakAt - state.bandDelay);
  else skipShape(at, index);
}

function isOverdue(at: usize): bool {
  const state = stateAt(at);
  if (!state.learned) return true;
  return <f64>state.taken - state.sinceSample > <f64>(FAINT_GAP_S * state.rateHz);
}
