// What the oldest waiting interval is: the classes of Lipponen & Tarvainen 2019, told apart by which correction fits.

import { exclude, keep, merge, move, split } from './correct';
import { ARTEFACT_ECTOPIC, ARTEFACT_LONG, ARTEFACT_SHORT } from './layout';
import { devThreshold, diffThreshold, learnShift, shiftThreshold } from './spread';
import { pastAt, pendingAt, SCRATCH, stateAt } from './state';

/** Lipponen & Tarvainen 2019: how much of a jump must come back on both sides of an ectopic beat. */
const C1: f32 = 0.13;
const C2: f32 = 0.17;
/** Lipponen & Tarvainen 2019: distance from the median, in thresholds, that is too long or too short whatever follows. */
const FAR: f32 = 3;
/** A jump to one interval and back, in thresholds; the paper's 1 flags white noise. */
const BLIP: f32 = 1.5;
/** A corrected interval may be this far from the median: Malik et al. 1989. */
const FIT_SHARE: f32 = 0.2;
/** Intervals of the past in the median; with the two that follow. */
const MEDIAN_PAST_COUNT: i32 = 5;
/** Intervals that one with missed beats may be made of; a longer one is no interval between beats. */
const PARTS_MAX: i32 = 4;
/** Decisions in a row without an ordinary interval, after which the past is given up. */
const ODD_COUNT_MAX: i32 = 6;

/** Takes one to three of the waiting intervals out of the line. */
export function decide(at: usize): void {
  const state = stateAt(at);
  const typical = median(at);
  const jump = diffThreshold(at, typical);
  if (state.oddCount >= ODD_COUNT_MAX || isNewRate(at)) {
    state.pastCount = 0;
    keep(at, 0);
    return;
  }
  const far = devThreshold(at, typical);
  const isPair = isMisplaced(at, typical, jump);
  const parts = missedParts(at, typical, jump, far);
  const away = rrAt(at, 0) - typical;
  if (isPair && groupFits(at, 2, typical, jump)) move(at, 2, jump);
  else if (isCouplet(at, typical, jump) && groupFits(at, 3, typical, jump)) move(at, 3, jump);
  else if (isExtra(at, typical, jump, far)) merge(at);
  else if (parts > 1) split(at, parts, jump);
  else if (isPair) exclude(at, 2, ARTEFACT_ECTOPIC, 0);
  else if (isFar(at, typical, jump, far)) exclude(at, 1, away > 0 ? ARTEFACT_LONG : ARTEFACT_SHORT, away);
  else {
    if (state.pastCount > 0 && state.pendingCount > 2) learnShift(at, abs(shift(at)));
    keep(at, away);
  }
}

/** Median of the last corrected intervals and those that follow; the one to be decided has no say. */
function median(at: usize): f32 {
  const state = stateAt(at);
  let count = 0;
  for (let i = 0; i < min(state.pastCount, MEDIAN_PAST_COUNT); i++) insertSorted(at + SCRATCH, count++, pastAt(at, i));
  for (let i = 1; i < state.pendingCount; i++) insertSorted(at + SCRATCH, count++, rrAt(at, i));
  if (count === 0) return rrAt(at, 0);
  const upper = at + SCRATCH + ((<usize>(count >> 1)) << 2);
  return count & 1 ? load<f32>(upper) : (load<f32>(upper - 4) + load<f32>(upper)) / 2;
}

/** Put `value` into its place among the `count` sorted ones at `values`. */
function insertSorted(values: usize, count: i32, value: f32): void {
  let place = values + ((<usize>count) << 2);
  for (; place > values && load<f32>(place - 4) > value; place -= 4) store<f32>(place, load<f32>(place - 4));
  store<f32>(place, value);
}

/** Three intervals alike, and unlike the last: the heart has changed its rate, as at the start of a tachycardia. */
function isNewRate(at: usize): bool {
  if (stateAt(at).pendingCount < 3 || stateAt(at).pastCount === 0) return false;
  const rr = rrAt(at, 0);
  const alike = (FIT_SHARE / 2) * rr;
  if (abs(rr - pastAt(at, 0)) < FIT_SHARE * pastAt(at, 0)) return false;
  return abs(rrAt(at, 1) - rr) < alike && abs(rrAt(at, 2) - rr) < alike;
}

/** A beat out of place shortens one interval by what it lengthens the next: a jump, and back on both sides. */
function isMisplaced(at: usize, typical: f32, jump: f32): bool {
  const state = stateAt(at);
  if (state.pendingCount < 2) return false;
  const here = rrAt(at, 1) - rrAt(at, 0);
  if (abs(here) <= jump || abs(shift(at)) <= shiftThreshold(at, typical)) return false;
  const hasNext = state.pendingCount > 2;
  if (state.pastCount === 0 && !hasNext) return false;
  const sign: f32 = here > 0 ? 1 : -1;
  const back = -C1 * abs(here) - C2 * jump;
  const before = rrAt(at, 0) - (state.pastCount > 0 ? pastAt(at, 0) : rrAt(at, 2));
  const after = hasNext ? rrAt(at, 2) - rrAt(at, 1) : -sign * Infinity;
  return sign * before < back && sign * after < back;
}

/** By how much the beat between the first two seems to be early, by least squares over the three differences around it. */
function shift(at: usize): f32 {
  const here = rrAt(at, 1) - rrAt(at, 0);
  if (stateAt(at).pastCount === 0 || stateAt(at).pendingCount < 3) return here / 2;
  return (2 * here - (rrAt(at, 0) - pastAt(at, 0)) - (rrAt(at, 2) - rrAt(at, 1))) / 6;
}

/** Two beats out of place in a row: two short intervals and a long one. */
function isCouplet(at: usize, typical: f32, jump: f32): bool {
  if (stateAt(at).pendingCount < 3 || stateAt(at).pastCount === 0) return false;
  const first = typical - rrAt(at, 0);
  const second = typical - rrAt(at, 1);
  if (min(first, second) < jump / 4 || first + second < 1.5 * jump) return false;
  // The first may be an ordinary interval before a single beat out of place.
  if (first < jump && abs(rrAt(at, 1) + rrAt(at, 2) - 2 * typical) < 2 * jump) return false;
  return rrAt(at, 2) - typical > max(jump, FIT_SHARE * typical);
}

/** The first `count` intervals last as long as that many typical ones. */
function groupFits(at: usize, count: i32, typical: f32, jump: f32): bool {
  let sum: f32 = 0;
  for (let i = 0; i < count; i++) sum += rrAt(at, i);
  return abs(sum - <f32>count * typical) < 2 * jump;
}

/** One interval cut in two by a beat that was none; and not rather the next one. */
function isExtra(at: usize, typical: f32, jump: f32, far: f32): bool {
  const state = stateAt(at);
  if (state.pendingCount < 2 || state.pastCount === 0) return false;
  const whole = rrAt(at, 0) + rrAt(at, 1);
  if (abs(whole - typical) >= max(far, FIT_SHARE * typical)) return false;
  if (typical - min(rrAt(at, 0), rrAt(at, 1)) < jump) return false;
  if (state.pendingCount < 3) return true;
  const now = abs(whole - typical) + abs(rrAt(at, 2) - typical);
  const later = abs(rrAt(at, 0) - typical) + abs(rrAt(at, 1) + rrAt(at, 2) - typical);
  return now <= later;
}

/** Of how many intervals this one is made; 1 if it is a single one. */
function missedParts(at: usize, typical: f32, jump: f32, far: f32): i32 {
  const rr = rrAt(at, 0);
  if (stateAt(at).pastCount === 0 || rr - pastAt(at, 0) < jump || rr > typical * (<f32>PARTS_MAX + 0.5)) return 1;
  const parts = nearest(rr / typical);
  return abs(rr / parts - typical) < max(far, FIT_SHARE * typical) ? <i32>parts : 1;
}

/** Too long or too short: a jump and back within two intervals, or too far from the median whatever follows. */
function isFar(at: usize, typical: f32, jump: f32, far: f32): bool {
  const state = stateAt(at);
  const away = rrAt(at, 0) - typical;
  const sign: f32 = away > 0 ? 1 : -1;
  const weighed = away > 0 ? away : -2 * away;
  if (weighed > FAR * far) return true;
  if (weighed <= far || state.pastCount === 0 || state.pendingCount < 2) return false;
  if (sign * (rrAt(at, 0) - pastAt(at, 0)) <= BLIP * jump) return false;
  let back = sign * (rrAt(at, 1) - rrAt(at, 0));
  if (state.pendingCount > 2) back = min(back, sign * (rrAt(at, 2) - rrAt(at, 1)));
  return back < -BLIP * jump;
}

function rrAt(at: usize, index: i32): f32 {
  return pendingAt(at, index).lengthMs;
}
