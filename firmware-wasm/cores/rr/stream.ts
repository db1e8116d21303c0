// The way of an interval through the core: it waits for the two that follow, then it is decided together with those it needs.

import { decide } from './decide';
import { FLAG_AFTER_GAP, RrInput } from './layout';
import { forgetRate } from './rate';
import { breakRhythm } from './rhythm';
import { AHEAD_COUNT, pendingAt, stateAt } from './state';

export function take(at: usize, input: RrInput): void {
  const state = stateAt(at);
  if (input.flags & FLAG_AFTER_GAP) beginStretch(at);
  state.timeS += input.rrMs / 1000;
  const slot = pendingAt(at, state.pendingCount);
  slot.rrMs = input.rrMs;
  slot.timeS = state.timeS;
  slot.lengthMs = <f32>input.rrMs;
  slot.quality = input.quality >= 0 ? input.quality : -1;
  slot.index = state.taken;
  state.pendingCount += 1;
  state.taken += 1;
  while (state.pendingCount > AHEAD_COUNT) decide(at);
}

/** Nothing follows: what waits is decided with what is there. */
export function endStretch(at: usize): void {
  while (stateAt(at).pendingCount > 0) decide(at);
}

/** After a gap the heart may beat otherwise; only what was learned about its variability still holds. */
function beginStretch(at: usize): void {
  const state = stateAt(at);
  endStretch(at);
  state.pastCount = 0;
  state.afterGap = 1;
  state.oddCount = 0;
  breakRhythm(at);
  forgetRate(at);
}
