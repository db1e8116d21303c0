// Local maxima of the slope become candidates.

import { clearMemory, decide, slopesBetween } from './decide';
import { FLAG_TURNED, KIND_UNUSABLE, KIND_USABLE } from './layout';
import { isUpsideDown, looksUpsideDown } from './polarity';
import { clearShape, matchShape } from './shape';
import { sampleOf, turnSlope } from './slope';
import { Candidate, candidateAt, PENDING_COUNT, placeIn, SLOPE, SLOPE_COUNT, stateAt } from './state';
import { say } from './windows';

/** Nothing is searched before this much signal is known: a pulse at 40 per minute. */
const LEARN_S: f32 = 1.5;
/** Maxima this close belong to one pulse. */
const MERGE_S: f32 = 0.15;
/** How far back the search goes after a turn; what lies before has been decided. */
const TURN_S: f32 = 1.5;

export function clearSearch(at: usize): void {
  const state = stateAt(at);
  state.learnCount = <i32>(LEARN_S * state.workHz);
  state.lead = state.shapeHalf + state.shiftMax + 1;
  state.searchAt = 2 * state.half + 1;
  state.learned = 0;
  state.pendingCount = 0;
}

/** Slopes of a stretch are counted to this, a year and more; then the count goes back, so that it never overflows. */
const CLOCK_MAX: i32 = 1 << 30;

/** Counts from a later start. The step back is whole turns of the rings. */
function rebase(at: usize): void {
  const state = stateAt(at);
  const back = CLOCK_MAX >> 1;
  state.clock -= back;
  state.searchAt -= back;
  state.evenCount -= back / state.evenFactor;
  state.tickAt -= back / state.evenFactor;
  state.lastIndex -= back;
  state.startSample += <i64>back * <i64>state.factor;
  for (let i = 0; i < state.pendingCount; i++) candidateAt(at, i).index -= back;
}

/** Looks at all slopes that have enough signal after them. */
export function searchOn(at: usize): void {
  const state = stateAt(at);
  if (!state.learned) {
    if (state.clock < state.learnCount) return;
    if (looksUpsideDown(at)) turnSlope(at);
    state.learned = 1;
  }
  if (isUpsideDown(at)) turn(at);
  if (state.clock >= CLOCK_MAX) rebase(at);
  const end = state.clock - state.lead;
  for (; state.searchAt < end; state.searchAt++) {
    const level = heightAt(at, state.searchAt);
    if (level > 0) addCandidate(at, state.searchAt, level);
  }
  decide(at);
}

/** The polarity was taken for the wrong one: from here on, and for the last moments, everything is upside down. */
function turn(at: usize): void {
  const state = stateAt(at);
  turnSlope(at);
  const back = max(2 * state.half + 1, state.clock - <i32>(TURN_S * state.workHz));
  const from = floor(sampleOf(at, back, 0));
  state.pendingCount = 0;
  state.searchAt = back;
  say(at, from, 0, KIND_UNUSABLE, FLAG_TURNED);
  say(at, from, 0, KIND_USABLE, FLAG_TURNED);
  clearMemory(at);
  clearShape(at);
}

/** The slope where it is a maximum above 0; elsewhere 0. */
function heightAt(at: usize, index: i32): f32 {
  const place = placeIn(at + SLOPE, index - 1, SLOPE_COUNT);
  const slope = load<f32>(place, 4);
  return slope > 0 && slope > load<f32>(place) && slope >= load<f32>(place, 8) ? slope : 0;
}

function addCandidate(at: usize, index: i32, level: f32): void {
  const state = stateAt(at);
  if (state.pendingCount >= PENDING_COUNT) return;
  const candidate = candidateAt(at, state.pendingCount);
  candidate.level = level;
  candidate.lnLevel = Mathf.log(level);
  matchShape(at, candidate, index);
  candidate.motion = sqrt(state.motion);
  if (state.pendingCount > 0 && mergeInto(at, candidateAt(at, state.pendingCount - 1), candidate)) return;
  state.pendingCount += 1;
}

/** Two maxima of one pulse: the steeper one speaks for it. */
function mergeInto(at: usize, before: Candidate, candidate: Candidate): bool {
  if (slopesBetween(before, candidate) >= MERGE_S * stateAt(at).workHz) return false;
  if (candidate.level > before.level)
    memory.copy(changetype<usize>(before), changetype<usize>(candidate), offsetof<Candidate>());
  return true;
}
