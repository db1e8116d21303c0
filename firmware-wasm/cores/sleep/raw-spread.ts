// A spread as the model sees it: the logarithm of 0.05 and the deviation of the filtered heart rate in units of its own 90th percentile.
// From heart rates the row holds the logarithm of the deviation in beats a minute: its unit changes with every epoch of the night.

import { expOf, logOf } from '../../dsp/single';
import { CODES_PER_ONE, codeOf, MISSING, SPREAD_OFFSET } from './codes';
import { SPREAD_FROM_RATES, stateAt } from './state';

/** Walch's 0.05 keeps the logarithm of no deviation finite. */
const SPREAD_MIN: f32 = 0.05;

/** From the logarithm in the row, without its offset, to that of the model. */
export function spreadOf(at: usize, value: f32): f32 {
  const state = stateAt(at);
  return state.spreadSource === SPREAD_FROM_RATES ? logOf(SPREAD_MIN + expOf(value) / state.rateScale) : value;
}

/** The same of codes. Without a unit there is no spread. */
export function spreadCode(at: usize, code: i32): i32 {
  const state = stateAt(at);
  if (code === MISSING || state.spreadSource !== SPREAD_FROM_RATES) return code;
  if (!(state.rateScale > 0)) return MISSING;
  const deviation: f32 = code === 0 ? 0 : expOf(<f32>code / CODES_PER_ONE - SPREAD_OFFSET);
  return codeOf(SPREAD_OFFSET + logOf(SPREAD_MIN + deviation / state.rateScale), CODES_PER_ONE);
}
