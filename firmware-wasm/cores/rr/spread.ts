// Time-varying thresholds after Lipponen & Tarvainen 2019: a multiple of the spread of the last 91 values. Here the window trails,
// holds only intervals that were not corrected, and has a floor, a ceiling and a cold start (NOTES.md says why).

import { DEVS, DIFFS, SHIFTS, SPREAD_COUNT, Spread } from './state';

/** Quartile deviations of differences and of distances from the median: Lipponen & Tarvainen 2019. */
const ALPHA: f32 = 5.2;
/** Quartile deviations of how far beats seem out of place: of a normal distribution 5 standard deviations. */
const BETA: f32 = 12;
/**
 * A spread is at least this share of the upper quartile. For a normal distribution the two are equal; where all values are alike
 * (alternating intervals) the quartile deviation alone would vanish.
 */
const UPPER_SHARE: f32 = 0.36;
/** Below this a threshold would hang on the clock of the source: intervals measured at 128 Hz come in 7.8 ms steps. */
const THRESHOLD_MS_MIN: f32 = 24;
/** Malik et al. 1989: a difference of a fifth is not trusted. Our threshold as long as no spread is known. */
const COLD_SHARE: f32 = 0.2;
/** Values from which the spread alone is believed: half a window. */
const WARM_COUNT: i32 = 45;
/** Ceilings, as shares of the typical interval: frequent ectopic beats must not raise the thresholds above themselves. */
const DIFF_SHARE_MAX: f32 = 0.25;
const DEV_SHARE_MAX: f32 = 0.25;
const SHIFT_SHARE_MAX: f32 = 0.16;

/** Absolute differences of successive intervals. */
export function learnDiff(at: usize, value: f32): void {
  insert(at + DIFFS, value);
}

/** Absolute distances from the median, those below it doubled. */
export function learnDev(at: usize, value: f32): void {
  insert(at + DEVS, value);
}

/** How far, at most, the beat between two ordinary intervals seemed out of place. */
export function learnShift(at: usize, value: f32): void {
  insert(at + SHIFTS, value);
}

/** Threshold of differences, ms, where intervals are about `typicalMs`. */
export function diffThreshold(at: usize, typicalMs: f32): f32 {
  return threshold(at + DIFFS, ALPHA, COLD_SHARE * typicalMs, DIFF_SHARE_MAX * typicalMs);
}

/** Threshold of distances from the median, ms. */
export function devThreshold(at: usize, typicalMs: f32): f32 {
  return threshold(at + DEVS, ALPHA, COLD_SHARE * typicalMs, DEV_SHARE_MAX * typicalMs);
}

/** Threshold of how far a beat seems out of place, ms; the difference of the two intervals is twice that. */
export function shiftThreshold(at: usize, typicalMs: f32): f32 {
  return threshold(at + SHIFTS, BETA, (COLD_SHARE * typicalMs) / 2, SHIFT_SHARE_MAX * typicalMs);
}

function threshold(window: usize, factor: f32, coldMs: f32, mostMs: f32): f32 {
  const count = changetype<Spread>(window).count;
  if (count === 0) return coldMs;
  const upper = quantileOf(sortedOf(window), count, 0.75);
  const deviation = max((upper - quantileOf(sortedOf(window), count, 0.25)) / 2, UPPER_SHARE * upper);
  const known = min(mostMs, max(THRESHOLD_MS_MIN, factor * deviation));
  return count >= WARM_COUNT ? known : max(known, (coldMs * <f32>(WARM_COUNT - count)) / <f32>WARM_COUNT);
}

/** Puts `value` where the oldest one is, in the ring and in the sorted copy, of which only what lies between the two moves. */
function insert(window: usize, value: f32): void {
  const spread = changetype<Spread>(window);
  const slot = window + offsetof<Spread>() + ((<usize>spread.next) << 2);
  const sorted = sortedOf(window);
  let place = sorted + ((<usize>spread.count) << 2);
  if (spread.count === SPREAD_COUNT) place = placeOf(sorted, SPREAD_COUNT, load<f32>(slot));
  else spread.count += 1;
  const last = sorted + ((<usize>(spread.count - 1)) << 2);
  for (; place < last && load<f32>(place, 4) < value; place += 4) store<f32>(place, load<f32>(place, 4));
  for (; place > sorted && load<f32>(place - 4) > value; place -= 4) store<f32>(place, load<f32>(place - 4));
  store<f32>(place, value);
  store<f32>(slot, value);
  spread.next = spread.next + 1 === SPREAD_COUNT ? 0 : spread.next + 1;
}

function sortedOf(window: usize): usize {
  return window + offsetof<Spread>() + <usize>(SPREAD_COUNT * 4);
}

/** Address of the first of the sorted values that is not below `value`. */
function placeOf(sorted: usize, count: i32, value: f32): usize {
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (load<f32>(sorted + ((<usize>middle) << 2)) < value) low = middle + 1;
    else high = middle;
  }
  return sorted + ((<usize>low) << 2);
}

/** The value below which `share` (0..1) of `count` >= 1 sorted values lie; linear between neighbours. */
function quantileOf(sorted: usize, count: i32, share: f32): f32 {
  const position = share * <f32>(count - 1);
  const below = <i32>position;
  const low = load<f32>(sorted + ((<usize>below) << 2));
  if (below + 1 >= count) return low;
  return low + (load<f32>(sorted + ((<usize>(below + 1)) << 2)) - low) * (position - <f32>below);
}
