// RR intervals: which of them are a heart's, which are good enough for an index, and what they add to the second they end in.

import { sortAscending } from '../../dsp/sort';
import { INPUT_FLAG_AFTER_GAP } from './layout';
import {
  INTERVAL_ARTEFACT,
  INTERVAL_COUNT,
  INTERVAL_GOOD,
  INTERVAL_JOINED,
  SORTED,
  secondAt,
  stateAt,
  takenAt,
} from './state';

/** What a heart at rest or under stress can do, ms. Anything else is missing. */
const RR_MS_MIN: f32 = 300;
const RR_MS_MAX: f32 = 2000;
/** Below this a source doubts its own interval: not for an index. For the rate its weight is the eighth power of the quality. */
const QUALITY_MIN: f32 = 0.8;
/** Farther than this share from the median of the five before: an artefact (Malik's 20 %). */
const ARTEFACT_SHARE: f64 = 0.2;
const NEIGHBOUR_COUNT: i32 = 5;
/** Two intervals follow each other if the one begins where the other ended, to this many s. */
const JOIN_S: f64 = 0.02;
/** A larger change from one beat to the next is a wrong beat. */
const CHANGE_MS_MAX: f64 = 250;
/** Keeps the logarithm of no change finite; half a per cent is the jitter of an optical pulse. */
const CHANGE_OFFSET: f64 = 0.005;
/** How far back the indices look. */
export const INDEX_S: f64 = 300;

export function takeInterval(at: usize, endS: f64, rrMs: f32, quality: f32, flags: u16): void {
  const state = stateAt(at);
  if (!(rrMs >= RR_MS_MIN && rrMs <= RR_MS_MAX)) {
    state.intervalMs = 0;
    return;
  }
  const isKnown = !isNaN(quality);
  const isOdd = isArtefact(at, rrMs);
  const isGood = !isOdd && !(quality < QUALITY_MIN);
  const weight: f64 = isKnown ? eighthPower(quality) : isOdd ? 0 : 1;
  const second = secondAt(at);
  second.beatWeight += weight;
  second.beatSeconds += weight * (<f64>rrMs / 1000);
  const startS = endS - <f64>rrMs / 1000;
  const follows = !(flags & INPUT_FLAG_AFTER_GAP) && state.intervalMs > 0 && abs(startS - state.intervalEndS) < JOIN_S;
  const isJoined = follows && isGood && state.intervalIsGood;
  const change = abs(<f64>rrMs - state.intervalMs);
  if (isJoined && change < CHANGE_MS_MAX) {
    second.changeSum += Math.log(change / <f64>rrMs + CHANGE_OFFSET);
    second.changeCount += 1;
  }
  let bits: u32 = isGood ? INTERVAL_GOOD : 0;
  if (isJoined) bits |= INTERVAL_JOINED;
  if (isOdd && !(quality < QUALITY_MIN)) bits |= INTERVAL_ARTEFACT;
  keep(at, endS, rrMs, bits);
  state.intervalEndS = endS;
  state.intervalMs = rrMs;
  state.intervalIsGood = isGood ? 1 : 0;
}

function eighthPower(quality: f64): f64 {
  const square = quality * quality;
  const fourth = square * square;
  return fourth * fourth;
}

/** Does the interval not fit those before? They are taken as they came, so that a new rate is believed after three. */
function isArtefact(at: usize, rrMs: f64): bool {
  const count = min(stateAt(at).intervalCount, NEIGHBOUR_COUNT);
  if (count < 3) return false;
  const first = stateAt(at).intervalCount - count;
  const sorted = at + SORTED;
  for (let i = 0; i < count; i++) store<f64>(sorted + ((<usize>i) << 3), takenAt(at, first + i).rrMs);
  sortAscending(sorted, count);
  const median = load<f64>(sorted + ((<usize>(count >> 1)) << 3));
  return abs(rrMs - median) > ARTEFACT_SHARE * median;
}

function keep(at: usize, endS: f64, rrMs: f32, bits: u32): void {
  const state = stateAt(at);
  if (state.intervalCount === INTERVAL_COUNT) forgetOldest(at);
  const slot = takenAt(at, state.intervalCount);
  slot.endS = endS;
  slot.rrMs = rrMs;
  slot.bits = bits;
  state.intervalCount += 1;
}

/** Forgets the intervals that ended more than five minutes before `endS`. */
export function forgetBefore(at: usize, endS: f64): void {
  while (stateAt(at).intervalCount > 0 && takenAt(at, 0).endS <= endS - INDEX_S) forgetOldest(at);
}

function forgetOldest(at: usize): void {
  const state = stateAt(at);
  state.intervalFirst = (state.intervalFirst + 1) & (INTERVAL_COUNT - 1);
  state.intervalCount -= 1;
}
