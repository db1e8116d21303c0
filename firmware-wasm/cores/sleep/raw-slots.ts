// Counts and heart rates as they come from a device, gathered in slots of 15 s, two an epoch: a count each, and the mean of the heart
// rates that fell into it.

import { CODES_PER_BPM, codeOf, codeOfCount, setCode } from './codes';
import { COUNTS, RATES, rawRow, SLOT_S, SPREAD_FROM_RATES, stateAt } from './state';

/** Beats a minute that a heart can have. */
const RATE_MIN: f32 = 25;
const RATE_MAX: f32 = 250;

export function slotPlace(at: usize, row: i32, slot: i32): usize {
  return rawRow(at, row) + ((<usize>(slot & stateAt(at).rawMask)) << 1);
}

export function takeCount(at: usize, second: i32, count: f32): void {
  stateAt(at).hasCounts = 1;
  setCode(slotPlace(at, COUNTS, second / SLOT_S), codeOfCount(count));
}

/** Returns whether it can be one. */
export function takeHeartRate(at: usize, second: i32, rate: f32): bool {
  if (rate < RATE_MIN || rate > RATE_MAX) return false;
  const state = stateAt(at);
  state.spreadSource = SPREAD_FROM_RATES;
  const slot = second / SLOT_S;
  if (slot !== state.rateSlot || state.rateCount === 0) {
    state.rateSlot = slot;
    state.rateSum = 0;
    state.rateCount = 0;
  }
  state.rateSum += rate;
  state.rateCount += 1;
  setCode(slotPlace(at, RATES, slot), codeOf(state.rateSum / <f32>state.rateCount, CODES_PER_BPM));
  return true;
}
