// The spread of the heart rate as Walch 2019 (Sleep 42, zsz180) defines it: the heart rate, less its mean, through a difference of two bell
// curves (120 s and 600 s, cut at 285 s in all), in units of its own 90th percentile; of that the standard deviation within five minutes
// before and after the epoch. There from second to second, here from slot to slot of 15 s. In f32, as it runs every epoch on a device.

import { setSlot, slotValue } from './raw-slots';
import { FILTERED_FIRST, placeOf, RATE_FIRST } from './state';

/** exp(-t^2 / 2 / 120^2) - 0.75 exp(-t^2 / 2 / 600^2) at t = 0, 15, ... 135 s. */
const WEIGHTS: usize = memory.data<f32>([
  0.25, 0.242452277, 0.220170149, 0.184208904, 0.136237543, 0.078414109, 0.013229819, -0.056662354, -0.128618345,
  -0.20015789,
]);
const WEIGHT_COUNT: i32 = 10;
/** A silence of up to 150 s is bridged by a straight line; in a longer one nothing is known. */
const BRIDGE_SLOTS_MAX: i32 = 10;
/** Fewer slots, 150 s, have neither a spread nor a percentile. */
const SLOTS_MIN: i32 = 10;
const PERCENTILE: f32 = 0.9;
/** Beats a minute; where even the percentile is less, the heart rate does not vary and what is left is rounding. */
const SCALE_MIN: f32 = 0.1;

/** Fills the silences between slots `from` and `end`, and filters. */
export function filterRates(at: usize, from: i32, end: i32): void {
  bridge(at, from, end);
  for (let slot = from; slot < end; slot++) setSlot(at, FILTERED_FIRST, slot, filtered(at, slot, end));
}

function bridge(at: usize, from: i32, end: i32): void {
  let last = -1;
  for (let slot = from; slot < end; slot++) {
    if (!isThere(at, slot, end)) continue;
    const missing = slot - last - 1;
    if (last >= 0 && missing > 0 && missing <= BRIDGE_SLOTS_MAX) fillBetween(at, last, slot);
    last = slot;
  }
}

function fillBetween(at: usize, first: i32, last: i32): void {
  const before = slotValue(at, RATE_FIRST, first);
  const step = (slotValue(at, RATE_FIRST, last) - before) / <f32>(last - first);
  for (let slot = first + 1; slot < last; slot++) {
    setSlot(at, RATE_FIRST, slot, before + <f32>(slot - first) * step);
  }
}

function isThere(at: usize, slot: i32, end: i32): bool {
  return slot >= 0 && slot < end && !isNaN(slotValue(at, RATE_FIRST, slot));
}

function filtered(at: usize, slot: i32, end: i32): f32 {
  const rate = slotValue(at, RATE_FIRST, slot);
  return isNaN(rate) ? NaN : weight(0) * rate + arm(at, slot, 1, end) + arm(at, slot, -1, end);
}

/** One half of the curve. Where the heart rate begins or ends it is seen as in a mirror, as the published programme does. */
function arm(at: usize, slot: i32, direction: i32, end: i32): f32 {
  let sum: f32 = 0;
  for (let i = 1; i < WEIGHT_COUNT; i++) {
    if (isThere(at, slot + direction, end)) slot += direction;
    else direction = -direction;
    sum += weight(i) * slotValue(at, RATE_FIRST, slot);
  }
  return sum;
}

function weight(index: i32): f32 {
  return load<f32>(WEIGHTS + ((<usize>index) << 2));
}

/** Standard deviation of the filtered heart rate from slot `from` up to but not `to`; NaN of too little. */
export function deviationOfRates(at: usize, from: i32, to: i32): f32 {
  let sum: f32 = 0;
  let count = 0;
  for (let slot = from; slot < to; slot++) {
    const value = slotValue(at, FILTERED_FIRST, slot);
    if (isNaN(value)) continue;
    sum += value;
    count++;
  }
  if (count < SLOTS_MIN) return NaN;
  const mean = sum / <f32>count;
  let squares: f32 = 0;
  for (let slot = from; slot < to; slot++) {
    const away = slotValue(at, FILTERED_FIRST, slot) - mean;
    if (!isNaN(away)) squares += away * away;
  }
  return sqrt<f32>(squares / <f32>count);
}

/** The 90th percentile of how far the filtered heart rate is from where its mean would be, over all slots before `end`; NaN of too little. */
export function scaleOfRates(at: usize, end: i32): f32 {
  let sum: f32 = 0;
  let count = 0;
  for (let slot = 0; slot < end; slot++) {
    if (!isThere(at, slot, end)) continue;
    sum += slotValue(at, RATE_FIRST, slot);
    count++;
  }
  if (count < SLOTS_MIN) return NaN;
  let gain = weight(0);
  for (let i = 1; i < WEIGHT_COUNT; i++) gain += 2 * weight(i);
  return max(
    SCALE_MIN,
    percentileFrom(at, end, <f32>((gain * sum) / <f32>count), <i32>(PERCENTILE * <f32>(count - 1))),
  );
}

/** Distances from `middle`: the one above which `rank` others are not, bit by bit from the highest; good to 0.4 %. */
function percentileFrom(at: usize, end: i32, middle: f32, rank: i32): f32 {
  let bits: u32 = 0;
  for (let bit: u32 = 1 << 30; bit >= 1 << 15; bit >>= 1) {
    if (countWithin(at, end >> 1, middle, reinterpret<f32>(bits | bit)) <= rank) bits |= bit;
  }
  return reinterpret<f32>(bits);
}

/** Slots of the first `epochCount` epochs that are less than `edge` away. */
function countWithin(at: usize, epochCount: i32, middle: f32, edge: f32): i32 {
  let count = 0;
  for (let half = 0; half < 2; half++) {
    const row = placeOf(at, FILTERED_FIRST + half, 0);
    for (let i: usize = 0; i < (<usize>epochCount) << 2; i += 4) {
      if (abs(load<f32>(row + i) - middle) < edge) count++;
    }
  }
  return count;
}
