// How irregular the last beats were: the coefficient of sample entropy (Lake & Moorman 2011), of the original intervals. It asks
// how often intervals that are alike are followed by intervals that are alike; in atrial fibrillation hardly more than by chance.

import { KIND_RHYTHM, RHYTHM_IRREGULAR, RHYTHM_REGULAR } from './layout';
import { enqueue } from './queue';
import { isDoubted, Pending, RHYTHM, RHYTHM_COUNT, stateAt } from './state';

/** The window is looked at anew after so many intervals. */
const STEP_COUNT: i32 = 8;
/** Lake & Moorman 2011: intervals are alike within 30 ms, or within a quarter more again and again until enough pairs are. */
const TOLERANCE_MS: i32 = 30;
/** Ticks in a ms. Forty-eight intervals of 3 s add up to less than 2^31 ticks, and clocks of 1000, 1024 or 128 Hz count whole ones. */
const TICKS: i32 = 4096;
const MATCH_COUNT_MIN: i32 = 5;
const GROWTH_COUNT_MAX: i32 = 24;
/** COSEn at which a window is as likely irregular as not, and how fast that changes: leave-one-person-out, NOTES.md. */
const MIDDLE: f32 = -1;
const STEEPNESS: f32 = 6;
/**
 * Irregular needs so large a share of intervals that fit nothing, too: the respiratory rhythm of the young has a high entropy, but
 * its intervals fit.
 */
const ODD_SHARE_MIN: f32 = 0.0625;
/** A longer interval is no interval between beats. */
const RR_MS_MAX: f32 = 3000;

/** The next interval does not follow the last one of the window. */
export function breakRhythm(at: usize): void {
  stateAt(at).rhythmBroken = 1;
}

/** Takes an original interval; now and then a finding comes of it. */
export function watchRhythm(at: usize, interval: Pending): void {
  const state = stateAt(at);
  if (interval.lengthMs > RR_MS_MAX || isDoubted(interval)) {
    breakRhythm(at);
    return;
  }
  if (state.rhythmCount === RHYTHM_COUNT) memory.copy(at + RHYTHM, at + RHYTHM + 4, (<usize>(RHYTHM_COUNT - 1)) << 2);
  else state.rhythmCount += 1;
  // A length is never negative, so its sign is free to say that it does not follow the one before.
  const ticks = max(1, <i32>(interval.lengthMs * <f32>TICKS));
  store<i32>(at + RHYTHM + ((<usize>(state.rhythmCount - 1)) << 2), state.rhythmBroken ? -ticks : ticks);
  state.rhythmBroken = 0;
  state.rhythmDue += 1;
  if (state.rhythmCount < RHYTHM_COUNT || state.rhythmDue < STEP_COUNT) return;
  state.rhythmDue = 0;
  const probability: f32 = 1 / (1 + Mathf.exp(-STEEPNESS * (entropy(at) - MIDDLE)));
  state.rhythm = probability >= 0.5 && state.oddShare >= ODD_SHARE_MIN ? RHYTHM_IRREGULAR : RHYTHM_REGULAR;
  enqueue(at, KIND_RHYTHM, interval.index, interval.timeS).value = probability;
}

/** COSEn with templates of one interval: sample entropy, made comparable over tolerances and rates. */
function entropy(at: usize): f32 {
  let tolerance = TOLERANCE_MS * TICKS;
  let counts = countAlike(at, tolerance);
  for (let i = 0; i < GROWTH_COUNT_MAX && (counts & 0xffff) < MATCH_COUNT_MIN; i++) {
    tolerance += tolerance >> 2;
    counts = countAlike(at, tolerance);
  }
  let sum = 0;
  for (let i = 0; i < RHYTHM_COUNT; i++) sum += abs(signedAt(at, i));
  const mean = <f32>sum / <f32>RHYTHM_COUNT;
  const first = <f32>max(counts >> 16, 1);
  const both = <f32>max(counts & 0xffff, 1);
  return Mathf.log((first * 2 * <f32>tolerance) / (both * mean));
}

/** Pairs of intervals alike in the upper half of the word; in the lower half those alike together with the intervals that follow them. */
function countAlike(at: usize, tolerance: i32): i32 {
  let first = 0;
  let both = 0;
  const last = at + RHYTHM + ((<usize>(RHYTHM_COUNT - 1)) << 2);
  for (let here = at + RHYTHM; here < last - 4; here += 4) {
    const next = load<i32>(here, 4);
    if (next < 0) continue;
    const length = abs(load<i32>(here));
    let there = next;
    for (let other = here + 4; other < last; other += 4) {
      const nextThere = load<i32>(other, 4);
      if (nextThere >= 0 && abs(length - there) <= tolerance) {
        first++;
        both += i32(abs(next - nextThere) <= tolerance);
      }
      there = abs(nextThere);
    }
  }
  return (first << 16) | both;
}

function signedAt(at: usize, index: i32): i32 {
  return load<i32>(at + RHYTHM + ((<usize>index) << 2));
}
