// Which candidates are beats: the path through the last two seconds that is worth most.
//
//   last beat ──▶ c0   c1 ──▶ c2   c3 ──▶ now        worth = log odds (level, shape) less what the intervals cost
//
// A path is a row of candidates taken for beats. What a threshold detector does one rule at a time (search-back, T wave test,
// refractory time) falls out of one comparison, with the waves on both sides in view. Settled is only what is old enough.

import { clearMemory, LN_NOISE_MAX, learnBeat, learnLevel, learnNoise, T_ZONE_S } from './beat-memory';
import { KIND_BEAT } from './layout';
import { hearBeat } from './signal-check';
import { candidateAt, dropCandidates, EcgState, stateAt } from './state';
import { trustOf } from './trust';
import { say } from './windows';

/** A candidate is settled at this age; with the tick of the search and the hold of a peak it is told within 2 s. */
export const VERDICT_S: f32 = 1.75;
/** The level of the first beats is taken from this much signal: 38 beats a minute put one into it. */
const LEARN_S: f32 = 1.6;
const REFRACTORY_S: f32 = 0.2; // Pan & Tompkins 1985
const NEVER: f32 = -1e9;

/** Log odds rise with the log level at this slope per unit of distance between signal and noise, and not faster than the cap. */
const SLOPE: f32 = 4;
const SLOPE_MAX: f32 = 8;
/** Signal and noise are at least this far apart in what follows. */
const DISTANCE_MIN: f32 = 0.4;
/** Where the odds are even: half way, on the log scale, from noise to signal. */
const MIDDLE: f32 = 0.5;
/** Odds saturate: beyond the upper bound a level adds 1 per unit. */
const ODDS_MIN: f32 = -6;
const ODDS_MAX: f32 = 3;
/** Below this no interval can make a beat of a wave: it is left out of the paths. */
const ODDS_HOPELESS: f32 = -5;
/** The noise taken for granted: 6 % of a beat, and T waves at 1/6 of the beat before. */
const LN_NOISE_FLOOR: f32 = -2.8;
const LN_AFTER_FLOOR: f32 = -2;
/** In less than 2 s there are hardly more beats than this; what more waves have in common is noise. */
const CROWD: i32 = 5;
/** Waves with this likeness to the beats before may be beats at up to 300 a minute: nine in less than 2 s. */
const ALIKE: f32 = 0.9;
const CROWD_ALIKE: i32 = 9;
/** A shape like the usual ones speaks for a beat, another against: gain times (correlation - middle). */
const MATCH_GAIN: f32 = 2;
const MATCH_MIDDLE: f32 = 0.6;
/** A wave this close before one that is 1.5 times (e^0.4) its level belongs to that one: a P wave, a notch. */
const SHADOW_S: f32 = 0.2;
const LN_SHADOW: f32 = 0.5;

/** An interval longer than 1.4 typical ones may hide a beat (Pan & Tompkins search back at 1.66). */
const LONG_RATIO: f32 = 1.4;
const LONG_COST: f32 = 3;
const LONG_MAX: f32 = 4;
/** An interval shorter than 0.8 short ones is unlikely. */
const SHORT_RATIO: f32 = 0.8;
const SHORT_COST: f32 = 4;
const SHORT_MAX: f32 = 3;
/** In a regular rhythm any interval that strays is. */
const STRAY_COST: f32 = 5;
const STRAY_MAX: f32 = 1.5;
/** No beat for this long at the age of verdict: the level expected of a beat fades, by e^-3 a second, ... */
const FADE_GAP_S: f32 = 1;
const FADE_RATE: f32 = 3;
/** ... but not below this much above the noise (log): a pause of the heart has P waves and noise in it, and no beats. */
const FADE_ABOVE: f32 = 0.8;
/** No pause lasts this long: the signal has changed, and its level is learned anew. */
const RELEARN_S: f32 = 8;

/** Settles what is old enough, or everything. */
export function settle(at: usize, all: bool): void {
  const state = stateAt(at);
  if (state.pendingCount == 0) return;
  if (!state.learned) {
    if (!all && <f32>(state.taken - state.startSample) < LEARN_S * state.rateHz) return;
    learnLevel(at);
  } else if (<f64>state.taken - state.sinceSample > <f64>(RELEARN_S * state.rateHz)) {
    clearMemory(at);
    learnLevel(at);
  }
  const limit: f64 = all ? Infinity : <f64>state.taken - <f64>(VERDICT_S * state.rateHz);
  while (state.pendingCount > 0 && candidateAt(at, 0).sample <= limit) settleOldest(at, limit);
}

// Settles the first beat of the best path with what lies before it, or, when that beat is too young, what lies before the limit.
function settleOldest(at: usize, limit: f64): void {
  const beat = firstOfBestPath(at);
  if (beat >= 0 && candidateAt(at, beat).sample <= limit) {
    learnNoise(at, beat);
    tellBeat(at, beat);
    learnBeat(at, beat);
    dropCandidates(at, beat + 1);
    return;
  }
  let old = 0;
  while (old < stateAt(at).pendingCount && candidateAt(at, old).sample <= limit) old++;
  learnNoise(at, old);
  dropCandidates(at, old);
}

function tellBeat(at: usize, index: i32): void {
  const state = stateAt(at);
  const beat = candidateAt(at, index);
  const trust = trustOf(at, index);
  hearBeat(at, beat.sample, standingOut(state, beat.lnLevel, beat.match));
  if (state.muted == 0) say(at, beat.sample, trust, KIND_BEAT, 0);
}

// How far the beat stands above the noise, 1 at e^1.5 = 4.5 times it, and how much it looks like the others.
function standingOut(state: EcgState, lnLevel: f32, match: f32): f32 {
  const height = min<f32>(1, max<f32>(0, (lnLevel - state.lnNoiseNow) / 1.5));
  const likeness: f32 = state.shapeCount > 0 ? max<f32>(0, match) : 0.5;
  return height * (0.5 + 0.5 * likeness);
}

// Index of the first candidate on the best path; -1 when the best path is none at all.
function firstOfBestPath(at: usize): i32 {
  const state = stateAt(at);
  const count = state.pendingCount;
  estimateNoise(at);
  const perSecond: f64 = 1 / <f64>state.rateHz;
  const now = <f64>state.taken;
  let bestEnd = -1;
  let bestTotal: f32 = state.hasLast ? -longCost(state, <f32>((now - state.lastBeat) * perSecond)) : 0;
  for (let k = 0; k < count; k++) {
    const wave = candidateAt(at, k);
    const looks: f32 = state.shapeCount > 0 ? MATCH_GAIN * (max<f32>(0, wave.match) - MATCH_MIDDLE) : 0;
    const odds = isOvershadowed(at, k)
      ? ODDS_MIN
      : levelOdds(wave.lnLevel, state.lnSignalNow, state.lnNoiseNow) + looks;
    wave.odds = odds;
    if (odds < ODDS_HOPELESS) {
      wave.total = NEVER;
      continue;
    }
    let best = odds;
    let back = -1;
    if (state.hasLast) {
      const rr = <f32>((wave.sample - state.lastBeat) * perSecond);
      best = stepWorth(state, rr, wave.lnLevel, state.lastLnLevel, odds, looks);
    }
    for (let j = 0; j < k; j++) {
      const before = candidateAt(at, j);
      if (before.odds < ODDS_HOPELESS) continue;
      const rr = <f32>((wave.sample - before.sample) * perSecond);
      const total = before.total + stepWorth(state, rr, wave.lnLevel, before.lnLevel, odds, looks);
      if (total > best) {
        best = total;
        back = j;
      }
    }
    wave.total = best;
    wave.back = back;
    const total = best - longCost(state, <f32>((now - wave.sample) * perSecond));
    if (total > bestTotal) {
      bestTotal = total;
      bestEnd = k;
    }
  }
  let first = bestEnd;
  state.nextOnPath = -1;
  while (first >= 0 && candidateAt(at, first).back >= 0) {
    state.nextOnPath = first;
    first = candidateAt(at, first).back;
  }
  return first;
}

// What a beat is worth that comes rr seconds after the one before it.
function stepWorth(state: EcgState, rr: f32, lnLevel: f32, lnBefore: f32, odds: f32, looks: f32): f32 {
  if (rr < REFRACTORY_S) return NEVER;
  let worth = odds;
  if (rr < T_ZONE_S) {
    const lnAfter = max(state.lnNoiseNow, lnBefore + max(LN_AFTER_FLOOR, state.lnAfter));
    worth = min(worth, levelOdds(lnLevel, state.lnSignalNow, lnAfter) + looks);
  }
  const ratio = rr / state.shortRr;
  if (ratio < SHORT_RATIO) worth -= min(SHORT_MAX, SHORT_COST * (SHORT_RATIO - ratio));
  const stray = abs(rr / state.typicalRr - 1);
  worth -= state.regular * min(STRAY_MAX, STRAY_COST * stray);
  return worth - longCost(state, rr);
}

function longCost(state: EcgState, rr: f32): f32 {
  const ratio = rr / state.typicalRr;
  return ratio > LONG_RATIO ? min(LONG_MAX, LONG_COST * (ratio - LONG_RATIO)) : 0;
}

// Log odds that a wave is a beat and not noise, when both are log-normal with the same spread.
function levelOdds(lnLevel: f32, lnSignal: f32, lnNoise: f32): f32 {
  const distance = max(DISTANCE_MIN, lnSignal - lnNoise);
  const above = lnLevel - lnSignal + MIDDLE * distance;
  const slope = min(SLOPE_MAX, SLOPE * distance);
  const odds = slope * above;
  return odds > ODDS_MAX ? ODDS_MAX + above - ODDS_MAX / slope : max(ODDS_MIN, odds);
}

function isOvershadowed(at: usize, index: i32): bool {
  const state = stateAt(at);
  const wave = candidateAt(at, index);
  const end = wave.sample + <f64>(SHADOW_S * state.rateHz);
  for (let i = index + 1; i < state.pendingCount; i++) {
    const other = candidateAt(at, i);
    if (other.sample > end) return false;
    if (other.lnLevel > wave.lnLevel + LN_SHADOW) return true;
  }
  return false;
}

// Levels of signal and noise for the candidates at hand.
function estimateNoise(at: usize): void {
  const state = stateAt(at);
  const gap = <f32>((<f64>state.taken - state.sinceSample) / <f64>state.rateHz) - VERDICT_S - FADE_GAP_S;
  const fade: f32 = gap > 0 ? FADE_RATE * gap : 0;
  const lnSignal = max(state.lnSignal - fade, min(state.lnSignal, state.lnSignal + state.lnNoise + FADE_ABOVE));
  let lnNoise = max(lnSignal + LN_NOISE_FLOOR, state.lnSignal + state.lnNoise);
  if (state.pendingCount > CROWD) lnNoise = min(lnSignal + LN_NOISE_MAX, max(lnNoise, crowdLevel(at)));
  state.lnSignalNow = lnSignal;
  state.lnNoiseNow = lnNoise;
}

// The log level that so many pending candidates exceed that they cannot all be beats. A wave that looks like the beats before
// may be one of a fast rhythm: it takes more of those to make a crowd.
function crowdLevel(at: usize): f32 {
  const count = stateAt(at).pendingCount;
  let found: f32 = NEVER;
  for (let i = 0; i < count; i++) {
    const wave = candidateAt(at, i);
    if (wave.lnLevel <= found) continue;
    let above = 0;
    for (let j = 0; j < count; j++) if (candidateAt(at, j).lnLevel > wave.lnLevel) above++;
    if (above >= (wave.match < ALIKE ? CROWD : CROWD_ALIKE)) found = wave.lnLevel;
  }
  return found;
}
