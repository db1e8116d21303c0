// The spread of the heart rate as Walch 2019 (Sleep 42, zsz180) defines it: the heart rate, less its mean, through a difference of two bell
// curves (120 s and 600 s, cut at 285 s in all), in units of its own 90th percentile; of that the standard deviation within five minutes
// before and after the epoch. There from second to second, here from slot to slot of 15 s. In f32, as it runs every epoch on a device.

import { CODES_PER_BPM, CODES_PER_FILTERED, codeAt, codeOf, FILTERED_OFFSET, MISSING, setCode } from './codes';
import { FILTERED, RATE_BIN_COUNT, RATE_TALLY, RATES, rawRow, stateAt, WINDOW } from './state';

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
/** The tally of filtered heart rates: bins of a quarter of a beat a minute, from where 20 of them are on. */
const BIN_BITS: i32 = 4;
const BIN_BPM: f32 = 0.25;
const LOWEST: i32 = <i32>((FILTERED_OFFSET + 20) * CODES_PER_FILTERED);
/** Beats a minute; where even the percentile is less, the heart rate does not vary and what is left is rounding. */
const SCALE_MIN: f32 = 0.1;

/** Fills the silences between slots `from` and `end`, and filters. */
export function filterRates(at: usize, from: i32, end: i32): void {
  const rates = rawRow(at, RATES);
  const filtered = rawRow(at, FILTERED);
  const mask = stateAt(at).rawMask;
  bridge(rates, mask, from, end);
  for (let slot = from; slot < end; slot++) {
    const rate = codeIn(rates, mask, slot);
    const place = filtered + ((<usize>(slot & mask)) << 1);
    if (rate === MISSING) setCode(place, MISSING);
    else {
      const arms = arm(rates, mask, slot, 1, end) + arm(rates, mask, slot, -1, end);
      setCode(place, codeOf(FILTERED_OFFSET + (weight(0) * <f32>rate + arms) / CODES_PER_BPM, CODES_PER_FILTERED));
    }
  }
}

function codeIn(row: usize, mask: i32, slot: i32): i32 {
  return codeAt(row + ((<usize>(slot & mask)) << 1));
}

function bridge(rates: usize, mask: i32, from: i32, end: i32): void {
  let last = -1;
  for (let slot = from; slot < end; slot++) {
    if (codeIn(rates, mask, slot) === MISSING) continue;
    const missing = slot - last - 1;
    if (last >= 0 && missing > 0 && missing <= BRIDGE_SLOTS_MAX) fillBetween(rates, mask, last, slot);
    last = slot;
  }
}

function fillBetween(rates: usize, mask: i32, first: i32, last: i32): void {
  const before = codeIn(rates, mask, first);
  const rise = codeIn(rates, mask, last) - before;
  for (let slot = first + 1; slot < last; slot++)
    setCode(rates + ((<usize>(slot & mask)) << 1), before + (rise * (slot - first)) / (last - first));
}

/** One half of the curve. Where the heart rate begins or ends it is seen as in a mirror, as the published programme does. */
function arm(rates: usize, mask: i32, slot: i32, direction: i32, end: i32): f32 {
  let sum: f32 = 0;
  let rate = codeIn(rates, mask, slot);
  for (let i = 1; i < WEIGHT_COUNT; i++) {
    const next = slot + direction;
    const code = next >= 0 && next < end ? codeIn(rates, mask, next) : MISSING;
    if (code === MISSING) direction = -direction;
    else {
      slot = next;
      rate = code;
    }
    sum += weight(i) * <f32>rate;
  }
  return sum;
}

function weight(index: i32): f32 {
  return load<f32>(WEIGHTS + ((<usize>index) << 2));
}

/** What the slots of a window add up to, in the window of the instance. */
@unmanaged
class SlotSums {
  squares: i64;
  sum: i32;
  count: i32;
}

export function clearSlots(at: usize): void {
  memory.fill(at + WINDOW, 0, offsetof<SlotSums>());
}

/** Takes the filtered heart rates from slot `from` up to but not `to` into the sums (`by` 1) or out of them (-1). */
export function takeSlots(at: usize, from: i32, to: i32, by: i32): void {
  const sums = changetype<SlotSums>(at + WINDOW);
  const row = rawRow(at, FILTERED);
  const mask = stateAt(at).rawMask;
  for (let slot = from; slot < to; slot++) {
    const code = codeIn(row, mask, slot);
    if (code === MISSING) continue;
    sums.sum += by * code;
    sums.squares += <i64>by * <i64>(<u32>code * <u32>code);
    sums.count += by;
  }
}

/** Standard deviation of what was taken; NaN of too little. */
export function deviationOfSlots(at: usize): f32 {
  const sums = changetype<SlotSums>(at + WINDOW);
  if (sums.count < SLOTS_MIN) return NaN;
  const spread = <i64>sums.count * sums.squares - <i64>sums.sum * <i64>sums.sum;
  return sqrt<f32>(<f32>spread) / (<f32>sums.count * CODES_PER_FILTERED);
}

/** Adds `by` to the bins of the filtered heart rates of slot `from` up to but not `to`, and takes the rates to their sum. */
export function tallyRates(at: usize, from: i32, to: i32, by: i32): void {
  const state = stateAt(at);
  const rates = rawRow(at, RATES);
  const filtered = rawRow(at, FILTERED);
  for (let slot = from; slot < to; slot++) {
    const rate = codeIn(rates, state.rawMask, slot);
    if (rate === MISSING) continue;
    const above = max(0, codeIn(filtered, state.rawMask, slot) - LOWEST);
    const bin = binPlace(at, min(RATE_BIN_COUNT - 1, above >> BIN_BITS));
    store<u16>(bin, load<u16>(bin) + by);
    state.talliedRateSum += by * rate;
    state.talliedRateCount += by;
  }
}

function binPlace(at: usize, bin: i32): usize {
  return at + RATE_TALLY + ((<usize>bin) << 1);
}

/**
 * The 90th percentile of how far the filtered heart rate is from where its mean would be, over all slots before `end`, of which those
 * from `recent` on are not tallied yet; 0 of too little.
 */
export function scaleOfRates(at: usize, recent: i32, end: i32): f32 {
  const state = stateAt(at);
  tallyRates(at, recent, end, 1);
  const scale: f32 = state.talliedRateCount < SLOTS_MIN ? 0 : max(SCALE_MIN, percentileOf(at));
  tallyRates(at, recent, end, -1);
  return scale;
}

function percentileOf(at: usize): f32 {
  const count = <f32>stateAt(at).talliedRateCount;
  let gain = weight(0);
  for (let i = 1; i < WEIGHT_COUNT; i++) gain += 2 * weight(i);
  const mean = (gain * <f32>stateAt(at).talliedRateSum) / (count * CODES_PER_BPM);
  const middle = ((mean + FILTERED_OFFSET) * CODES_PER_FILTERED - <f32>LOWEST) / <f32>(1 << BIN_BITS);
  // The value of that rank is the middle of its own step up in the number of values.
  const wanted = <f32>(<i32>(PERCENTILE * (count - 1))) + <f32>0.5;
  return widthAround(at, max<f32>(0, min<f32>(<f32>(RATE_BIN_COUNT - 1), middle)), wanted) * BIN_BPM;
}

/** How many bins to either side of `middle`, in bins, hold `wanted` values: bin edge by bin edge outwards, evenly spread inside a bin. */
function widthAround(at: usize, middle: f32, wanted: f32): f32 {
  let above = <i32>middle;
  let below = above;
  let width: f32 = 0;
  let inside: f32 = 0;
  while (below >= 0 || above < RATE_BIN_COUNT) {
    const toBelow: f32 = below < 0 ? <f32>RATE_BIN_COUNT : middle - <f32>below;
    const toAbove: f32 = above >= RATE_BIN_COUNT ? <f32>RATE_BIN_COUNT : <f32>(above + 1) - middle;
    const next = toBelow < toAbove ? toBelow : toAbove;
    let density: f32 = below < 0 ? 0 : load<u16>(binPlace(at, below));
    density += above >= RATE_BIN_COUNT ? 0 : <f32>load<u16>(binPlace(at, above));
    const more = density * (next - width);
    if (inside + more >= wanted) return width + (wanted - inside) / density;
    inside += more;
    width = next;
    if (toBelow <= next) below--;
    if (toAbove <= next) above++;
  }
  return width;
}
