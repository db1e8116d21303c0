// Counts and heart rates as they come from a device, gathered in slots of 15 s, two an epoch: a count each, and the mean of the heart
// rates that fell into it. NaN where nothing was measured.

import { COUNT_FIRST, placeOf, RATE_FIRST, SLOT_S, SleepState, stateAt } from './state';

/** Beats a minute that a heart can have. */
const RATE_MIN: f32 = 25;
const RATE_MAX: f32 = 250;

/** Value of `slot` in the pair of channels that begins with `channel`. */
export function slotValue(at: usize, channel: i32, slot: i32): f32 {
  return load<f32>(placeOf(at, channel + (slot & 1), slot >> 1));
}

export function setSlot(at: usize, channel: i32, slot: i32, value: f32): void {
  store<f32>(placeOf(at, channel + (slot & 1), slot >> 1), value);
}

export function takeCount(at: usize, timeS: f64, count: f32): void {
  stateAt(at).hasCounts = 1;
  setSlot(at, COUNT_FIRST, slotOf(timeS), max(0, count));
}

/** Returns whether it can be one. */
export function takeHeartRate(at: usize, timeS: f64, rate: f32): bool {
  if (rate < RATE_MIN || rate > RATE_MAX) return false;
  const state = stateAt(at);
  state.hasRates = 1;
  const slot = slotOf(timeS);
  if (slot !== state.rateSlot || state.rateCount === 0) openSlot(state, slot);
  state.rateSum += rate;
  state.rateCount += 1;
  setSlot(at, RATE_FIRST, slot, state.rateSum / <f32>state.rateCount);
  return true;
}

function openSlot(state: SleepState, slot: i32): void {
  state.rateSlot = slot;
  state.rateSum = 0;
  state.rateCount = 0;
}

function slotOf(timeS: f64): i32 {
  return <i32>(timeS / SLOT_S);
}
