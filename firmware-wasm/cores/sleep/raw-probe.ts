// What the tests of raw-features.ts ask the core's own sources: the verbs, and what they wrote for an epoch.

import { CODES_PER_ONE, codeAt, MISSING, SPREAD_OFFSET } from './codes';
import { spreadCode } from './raw-spread';
import { ACTIVITY, wristPlace } from './state';

export { arena, flush, init, poll, push, reset, size } from './core';

/** Logarithm in row 0 activity, 1 spread; NaN where there is none. */
export function valueAt(at: usize, row: i32, epoch: i32): f64 {
  const code = codeAt(wristPlace(at, row, epoch));
  const known = row === ACTIVITY ? code : spreadCode(at, code);
  return known === MISSING ? NaN : <f32>known / CODES_PER_ONE - (row === ACTIVITY ? 0 : SPREAD_OFFSET);
}
