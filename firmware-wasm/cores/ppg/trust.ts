// How probable it is that a pulse is right: that it is one, and that none was missed between it and the one before.
// Log odds, fitted by logistic regression on recordings with a simultaneous ECG, clean and with noise laid over them (NOTES.md),
// and rounded.

import { Candidate, stateAt } from './state';

const BASE: f32 = -4.5;
/** Likeness to the shape of recent pulses, 0 to 1. */
const MATCH: f32 = 3;
/** How periodic the last seconds were, 0 to 1. */
const PERIODIC: f32 = 5.5;
/** Log ratio of the interval before to the usual one, and of the interval after. */
const OFF: f32 = 5;
const OFF_NEXT: f32 = 2.5;
/** On top of that where the interval before is so much longer than usual that a pulse was probably missed. */
const LONG: f32 = 6;
const LONG_OFF: f32 = 0.35;
/** Log ratio of the slope to the usual one. */
const HEIGHT: f32 = 0.25;
/** The steepest upstroke before it that was taken for no pulse, against the usual one. */
const RIVAL: f32 = 0.6;
/** Motion halves the odds at 0.15 g: what moves in step with the steps looks like pulses. */
const MOTION: f32 = 0.5;
const MOTION_G: f32 = 0.05;
/** Stands in for the log ratio of an interval that is not known. */
const UNKNOWN: f32 = 0.2;
/** The last five pulses or so speak for this one: how far off their intervals were, and how alike their shapes. */
const MEMORY: f32 = 0.2;
const STRAYED: f32 = 2.5;
const LIKENESS: f32 = 3.5;
/** Below this periodicity the usual interval is the median of the last ones. */
export const PERIODIC_MIN: f32 = 0.3;

/** `rr` is the interval before the pulse, `rrNext` the one to the next candidate, in seconds; 0 where there is none. */
export function trustOf(at: usize, c: Candidate, rr: f32, rrNext: f32): f32 {
  const state = stateAt(at);
  const off = abs(offUsual(at, rr));
  const offNext = abs(offUsual(at, rrNext));
  const long = max<f32>(0, offUsual(at, rr) - LONG_OFF);
  state.strayed += MEMORY * (off - state.strayed);
  state.likeness += MEMORY * (c.match - state.likeness);
  const height: f32 = abs(c.lnLevel - state.lnSignal);
  const moved: f32 = MOTION * Mathf.log(1 + c.motion / MOTION_G);
  const looks = MATCH * c.match - HEIGHT * height - RIVAL * state.rival;
  const rhythm = PERIODIC * state.periodicity - OFF * off - OFF_NEXT * offNext - LONG * long;
  const others = LIKENESS * state.likeness - STRAYED * state.strayed;
  return 1 / (1 + Mathf.exp(-(BASE + looks + rhythm + others - moved)));
}

/** Log ratio of an interval to the usual one, -1 to 1. */
function offUsual(at: usize, rr: f32): f32 {
  const state = stateAt(at);
  if (rr <= 0) return UNKNOWN;
  const usual = state.periodicity > PERIODIC_MIN ? state.period : state.typicalRr;
  return max<f32>(-1, min<f32>(1, Mathf.log(rr / usual)));
}
