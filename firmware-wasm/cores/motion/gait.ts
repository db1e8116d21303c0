// Steps. Walking and running repeat themselves: every second the autocorrelation of the norm, on a grid of about 12 Hz and fading over some
// seconds, is asked for a rhythm of steps (60 to 200 a minute), and a rhythm that lasts 3 s is counted from its beginning. Steps are the
// rhythm's rate times its time, as in Straczkiewicz 2023, not peaks: a peak that is split in two or lost does not matter.

import { clearGrid, takePoints, varianceOf } from './grid';
import { LIKENESS, PEAKS, stateAt } from './state';
import { findStepHz } from './step-rate';

/** Seconds of the grid before it is asked. */
const GRID_S_MIN: i32 = 3;
/** Standard deviation of the norm: less is no step, more reliable a threshold than a rhythm that breathing has too. */
const MOVING_G: f32 = 0.03;
/** A second below this is none of a gait: all is forgotten, and nothing computed. */
const QUIET_G: f32 = 0.015;
/** The newest second must hold this share of the mean variance: else a walk would go on while it fades. */
const NEWEST_SHARE: f32 = 0.3;
/** Seconds of one rhythm before it is gait. */
const RHYTHM_S: i32 = 3;
/** So much is counted then: the first second of a walk has nothing before it that it could be like. */
const BEGUN_S: i32 = RHYTHM_S + 1;
/** One rhythm: step rates within this share. */
const RHYTHM_SHARE: f32 = 0.15;
/** Seconds of another rhythm, or of none, that do not end one: at the next that fits they are counted too. */
const ODD_S: i32 = 2;

/** Too much is missing: the grid begins anew. */
export function breakGait(at: usize): void {
  const state = stateAt(at);
  state.gridSeconds = 0;
  state.gridBase = 0;
  state.boxSum = 0;
  state.boxLeft = state.boxFrames;
  clearGrid(at);
}

/** Ends a second: is there a rhythm, and has it lasted? */
export function closeGaitSecond(at: usize, isThere: bool): void {
  const state = stateAt(at);
  const stepHz = stepHzOfSecond(at, isThere);
  state.gridSeconds = isThere ? state.gridSeconds + 1 : 0;
  if (state.rhythmS > 0 && abs(stepHz - state.rhythmHz) <= RHYTHM_SHARE * state.rhythmHz) {
    creditGait(at, stepHz);
  } else if (state.rhythmS >= RHYTHM_S && state.oddS < ODD_S) {
    state.oddS += 1;
  } else {
    state.rhythmS = stepHz > 0 ? 1 : 0;
    state.rhythmHz = stepHz;
    state.oddS = 0;
  }
}

/** One second more of the rhythm. Those that were waited for, or were odd, are counted now; they may lie in the epoch before. */
function creditGait(at: usize, stepHz: f32): void {
  const state = stateAt(at);
  state.rhythmS += 1;
  state.rhythmHz = stepHz;
  if (state.rhythmS < RHYTHM_S) return;
  const seconds = state.rhythmS === RHYTHM_S ? BEGUN_S : 1 + state.oddS;
  state.oddS = 0;
  state.gaitS += seconds;
  state.cadenceSum += stepHz * <f32>seconds;
  state.stepsDue += stepHz * <f32>seconds;
}

/** Step rate of the second that ends; 0 if it has none. */
function stepHzOfSecond(at: usize, isThere: bool): f32 {
  const newest = takePoints(at, QUIET_G * QUIET_G);
  const variance = varianceOf(at);
  const state = stateAt(at);
  if (!isThere || state.gridSeconds < GRID_S_MIN) return 0;
  if (variance < MOVING_G * MOVING_G || newest < NEWEST_SHARE * variance) return 0;
  return findStepHz(at + LIKENESS, state.gridHz, variance, at + PEAKS);
}
