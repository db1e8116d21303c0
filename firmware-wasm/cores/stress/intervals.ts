// RR intervals: which of them are a heart's, which are good enough for an index, and what they add to the second they end in.

import { logOf } from '../../dsp/single';
import { TICKS_PER_S } from '../../dsp/ticks';
import { INPUT_FLAG_AFTER_GAP } from './layout';
import { SCRATCH, secondAt, stateAt } from './state';
import { keep, lengthOf, TAKEN_ARTEFACT, TAKEN_DOUBTED, TAKEN_GOOD, TAKEN_JOINED, takenAt, ticksOfMs } from './taken';

/** What a heart at rest or under stress can do, ms. Anything else is missing. */
const RR_MS_MIN: f32 = 300;
const RR_MS_MAX: f32 = 2000;
/** Below this a source doubts its own interval: not for an index. For the rate its weight is the eighth power of the quality. */
const QUALITY_MIN: f32 = 0.8;
/** Farther than a fifth from the median of the five before: an artefact (Malik's 20 %). */
const ARTEFACT_PART: i32 = 5;
const NEIGHBOUR_COUNT: i32 = 5;
/** Two intervals follow each other if the one begins where the other ended, to 20 ms. */
const JOIN_TICKS: i64 = <i64>(0.02 * <f64>TICKS_PER_S);
/** A larger change from one beat to the next is a wrong beat. */
const CHANGE_MS_MAX: f32 = 250;
/** Keeps the logarithm of no change finite; half a per cent is the jitter of an optical pulse. */
const CHANGE_OFFSET: f32 = 0.005;

export function takeInterval(at: usize, endTicks: i64, rrMs: f32, quality: f32, flags: u16): void {
  const state = stateAt(at);
  if (!(rrMs >= RR_MS_MIN && rrMs <= RR_MS_MAX)) {
    state.intervalMs = 0;
    return;
  }
  const ticks = ticksOfMs(rrMs);
  const isOdd = isArtefact(at, ticks);
  const isDoubted = quality < QUALITY_MIN;
  const weight: f32 = !isNaN(quality) ? eighthPower(quality) : isOdd ? 0 : 1;
  const second = secondAt(at);
  second.beatWeight += weight;
  second.beatSeconds += weight * (rrMs / 1000);
  const isGood = !isOdd && !isDoubted;
  const follows =
    !(flags & INPUT_FLAG_AFTER_GAP) && state.intervalMs > 0 && follow(state.intervalEndTicks, endTicks - ticks);
  const isJoined = follows && isGood && state.intervalIsGood;
  const change = abs(rrMs - state.intervalMs);
  if (isJoined && change < CHANGE_MS_MAX) {
    second.changeSum += logOf(change / rrMs + CHANGE_OFFSET);
    second.changeCount += 1;
  }
  const spoiled = isDoubted ? TAKEN_DOUBTED : TAKEN_ARTEFACT;
  keep(at, endTicks, ticks, isJoined ? TAKEN_JOINED : isGood ? TAKEN_GOOD : spoiled);
  state.intervalEndTicks = endTicks;
  state.intervalMs = rrMs;
  state.intervalIsGood = isGood ? 1 : 0;
}

function follow(endTicks: i64, startTicks: i64): bool {
  return abs(startTicks - endTicks) < JOIN_TICKS;
}

function eighthPower(quality: f32): f32 {
  const square = quality * quality;
  const fourth = square * square;
  return fourth * fourth;
}

/** Does the interval not fit those before? They are taken as they came, so that a new rate is believed after three. */
function isArtefact(at: usize, ticks: i32): bool {
  const taken = stateAt(at).intervalCount;
  const count = min(taken, NEIGHBOUR_COUNT);
  if (count < 3) return false;
  const sorted = at + SCRATCH;
  for (let i = 0; i < count; i++) insert(sorted, i, lengthOf(takenAt(at, taken - count + i)));
  const median = load<i32>(sorted + ((<usize>(count >> 1)) << 2));
  return ARTEFACT_PART * abs(ticks - median) > median;
}

/** Puts a number among the `count` that stand there in ascending order. */
function insert(sorted: usize, count: i32, value: i32): void {
  let place = sorted + ((<usize>count) << 2);
  for (; place > sorted && load<i32>(place - 4) > value; place -= 4) store<i32>(place, load<i32>(place - 4));
  store<i32>(place, value);
}
