// How irregular the last beats were: the coefficient of sample entropy (Lake & Moorman 2011), of the original intervals. It asks
// how often intervals that are alike are followed by intervals that are alike; in atrial fibrillation hardly more than by chance.

import { KIND_RHYTHM, RHYTHM_IRREGULAR, RHYTHM_REGULAR } from './layout';
import { enqueue } from './queue';
import { isDoubted, Pending, RHYTHM, RHYTHM_COUNT, stateAt } from './state';

/** The window is looked at anew after so many intervals. */
const STEP_COUNT: i32 = 8;
/** Lake & Moorman 2011: intervals are alike within 30 ms, or within more until enough pairs are. */
const TOLERANCE_MS: f64 = 30;
const TOLERANCE_GROWTH: f64 = 1.25;
const MATCH_COUNT_MIN: i32 = 5;
const GROWTH_COUNT_MAX: i32 = 24;
/** COSEn at which a window is as likely irregular as not, and how fast that changes: leave-one-person-out, NOTES.md. */
const MIDDLE: f64 = -1;
const STEEPNESS: f64 = 6;
/**
 * Irregular needs so large a share of intervals that fit nothing, too: the respiratory rhythm of the young has a high entropy, but
 * its intervals fit.
 */
const ODD_SHARE_MIN: f64 = 0.0625;
/** A longer interval is no interval between beats. */
const RR_MS_MAX: f64 = 3000;

/** The next interval does not follow the last one of the window. */
export function breakRhythm(at: usize): void {
  stateAt(at).rhythmBroken = 1;
}

/** Takes an original interval; now and then a finding comes of it. */
export function watchRhythm(at: usize, interval: Pending): void {
  const state = stateAt(at);
  if (interval.rrMs > RR_MS_MAX || isDoubted(interval)) {
    breakRhythm(at);
    return;
  }
  if (state.rhythmCount === RHYTHM_COUNT) memory.copy(at + RHYTHM, at + RHYTHM + 8, (<usize>(RHYTHM_COUNT - 1)) << 3);
  else state.rhythmCount += 1;
  // A length is never negative, so its sign is free to say that it does not follow the one before.
  store<f64>(
    at + RHYTHM + ((<usize>(state.rhythmCount - 1)) << 3),
    state.rhythmBroken ? -interval.rrMs : interval.rrMs,
  );
  state.rhythmBroken = 0;
  state.rhythmDue += 1;
  if (state.rhythmCount < RHYTHM_COUNT || state.rhythmDue < STEP_COUNT) return;
  state.rhythmDue = 0;
  const probability = 1 / (1 + Math.exp(-STEEPNESS * (entropy(at) - MIDDLE)));
  state.rhythm = probability >= 0.5 && state.oddShare >= ODD_SHARE_MIN ? RHYTHM_IRREGULAR : RHYTHM_REGULAR;
  enqueue(at, KIND_RHYTHM, interval.index, interval.timeS).value = <f32>probability;
}

/** COSEn with templates of one interval: sample entropy, made comparable over tolerances and rates. */
function entropy(at: usize): f64 {
  let tolerance = TOLERANCE_MS;
  let both = matchCount(at, tolerance, true);
  for (let i = 0; i < GROWTH_COUNT_MAX && both < MATCH_COUNT_MIN; i++) {
    tolerance *= TOLERANCE_GROWTH;
    both = matchCount(at, tolerance, true);
  }
  const first = matchCount(at, tolerance, false);
  let sum: f64 = 0;
  for (let i = 0; i < RHYTHM_COUNT; i++) sum += abs(signedAt(at, i));
  const mean = sum / <f64>RHYTHM_COUNT;
  return Math.log((<f64>max(first, 1) * 2 * tolerance) / (<f64>max(both, 1) * mean));
}

/** Pairs of intervals alike, or alike together with those that follow them. */
function matchCount(at: usize, tolerance: f64, withNext: bool): i32 {
  let count = 0;
  for (let i = 0; i < RHYTHM_COUNT - 2; i++) {
    const next = signedAt(at, i + 1);
    if (next < 0) continue;
    const here = abs(signedAt(at, i));
    for (let j = i + 1; j < RHYTHM_COUNT - 1; j++) {
      const nextThere = signedAt(at, j + 1);
      if (nextThere < 0 || abs(here - abs(signedAt(at, j))) > tolerance) continue;
      if (!withNext || abs(next - nextThere) <= tolerance) count++;
    }
  }
  return count;
}

function signedAt(at: usize, index: i32): f64 {
  return load<f64>(at + RHYTHM + ((<usize>index) << 3));
}
