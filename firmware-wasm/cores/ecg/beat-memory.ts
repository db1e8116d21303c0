// What beats, intervals and noise have been like lately. Medians over the last eight where one strange beat must not count.

import { teachShape } from './shape';
import { candidateAt, EcgState, INTERVALS, LEVELS, MEMORY_COUNT, stateAt } from './state';
import { CROWDED_FIRST } from './trust';

/** A wave this soon after a beat is more likely its T wave than the next beat (Pan & Tompkins 1985: 360 ms). */
export const T_ZONE_S: f32 = 0.36;
/** The usual beat is the fifth smallest of eight: a beat of each kind in bigeminy, and false beats do not pull it down. */
const SIGNAL_RANK: i32 = 4;
/** The short interval is the third smallest of eight: bigeminy has four of them. */
const SHORT_RANK: i32 = 2;
/** Intervals believed as typical or short ones, seconds: from 300 beats a minute on, the refractory time of the search. */
const RR_MIN_S: f32 = 0.2;
const TYPICAL_MAX_S: f32 = 2;
const SHORT_MAX_S: f32 = 1;
/** A rhythm is irregular when intervals stray from their median by this share on average, each counted up to the cap. */
const STRAY_MAX: f32 = 0.15;
const STRAY_CAP: f32 = 0.3;
/** Noise comes quickly and is forgotten slowly: shares of the way per interval. */
const NOISE_RISE: f32 = 0.3;
const NOISE_FALL: f32 = 0.1;
/** Bounds of the log ratio of noise to signal: 5 % to 70 %. */
const LN_NOISE_MIN: f32 = -3;
export const LN_NOISE_MAX: f32 = -0.35;
/** Without a beat for this long, each rejected wave counts as an interval's worth of noise. */
const LONG_GAP_S: f32 = 2.5;
/** Before anything is known: noise at 1/7, T waves at 1/5 of a beat, 75 beats a minute. */
const LN_NOISE_FIRST: f32 = -2;
const LN_AFTER_FIRST: f32 = -1.6;
const TYPICAL_FIRST_S: f32 = 0.8;
const SHORT_FIRST_S: f32 = 0.6;
/** The first beat is among the strongest waves: the second strongest, unless the strongest stands alone by more than this. */
const ALONE: f32 = 0.4;
const ALONE_SHARE: f32 = 0.7;
/** The benefit of the doubt. */
const CLARITY_FIRST: f32 = 0.8;
/** The running polarity remembers about eight beats. */
const POLARITY_RATE: f32 = 0.125;

export function clearMemory(at: usize): void {
  const state = stateAt(at);
  state.learned = 0;
  state.levelCount = 0;
  state.intervalCount = 0;
  state.shapeCount = 0;
  state.signal = 0;
  state.lnNoise = LN_NOISE_FIRST;
  state.lnAfter = LN_AFTER_FIRST;
  state.typicalRr = TYPICAL_FIRST_S;
  state.shortRr = SHORT_FIRST_S;
  state.regular = 0;
  state.polarity = 0;
  state.murk = 0;
  state.clarity = CLARITY_FIRST;
  state.crowded = CROWDED_FIRST;
  forgetLastBeat(at);
}

/** After a gap the next interval means nothing. */
export function forgetLastBeat(at: usize): void {
  const state = stateAt(at);
  state.hasLast = 0;
  state.sinceSample = <f64>state.taken;
  state.worst = 0;
  state.worstAfter = 0;
}

/** Takes the level of a beat from the candidates at hand. */
export function learnLevel(at: usize): void {
  const state = stateAt(at);
  let first: f32 = 0;
  let second: f32 = 0;
  for (let i = 0; i < state.pendingCount; i++) {
    const level = candidateAt(at, i).level;
    if (level > first) {
      second = first;
      first = level;
    } else if (level > second) second = level;
  }
  state.signal = second > ALONE * first ? second : ALONE_SHARE * first;
  state.lnSignal = Mathf.log(state.signal);
  state.learned = 1;
}

/** The first `count` candidates were no beats. */
export function learnNoise(at: usize, count: i32): void {
  const state = stateAt(at);
  for (let i = 0; i < count; i++) {
    const wave = candidateAt(at, i);
    const gap = <f32>(wave.sample - state.sinceSample) / state.rateHz;
    if (state.hasLast && gap < T_ZONE_S) state.worstAfter = max(state.worstAfter, wave.level);
    else state.worst = max(state.worst, wave.level);
    if (gap > LONG_GAP_S) closeInterval(state);
  }
}

/** Candidate `index` is a beat. */
export function learnBeat(at: usize, index: i32): void {
  const state = stateAt(at);
  const beat = candidateAt(at, index);
  remember(at + LEVELS, state.levelCount++, beat.level);
  const levels = min(state.levelCount, MEMORY_COUNT);
  state.signal = ranked(at + LEVELS, levels, min(levels - 1, SIGNAL_RANK));
  state.lnSignal = Mathf.log(state.signal);
  if (state.hasLast) learnInterval(at, <f32>(beat.sample - state.lastBeat) / state.rateHz);
  closeInterval(state);
  state.hasLast = 1;
  state.lastBeat = beat.sample;
  state.sinceSample = beat.sample;
  state.lastLnLevel = beat.lnLevel;
  state.polarity += POLARITY_RATE * (beat.upright - state.polarity);
  teachShape(at, index);
}

function learnInterval(at: usize, rr: f32): void {
  const state = stateAt(at);
  remember(at + INTERVALS, state.intervalCount++, rr);
  const count = min(state.intervalCount, MEMORY_COUNT);
  state.typicalRr = clamp(ranked(at + INTERVALS, count, (count - 1) >> 1), RR_MIN_S, TYPICAL_MAX_S);
  state.shortRr = clamp(ranked(at + INTERVALS, count, min(count - 1, SHORT_RANK)), RR_MIN_S, SHORT_MAX_S);
  state.regular = count < MEMORY_COUNT ? 0 : regularity(at, state.typicalRr);
}

function regularity(at: usize, typical: f32): f32 {
  let total: f32 = 0;
  for (let i: usize = 0; i < <usize>MEMORY_COUNT; i++) {
    total += min(STRAY_CAP, abs(load<f32>(at + INTERVALS + (i << 2)) / typical - 1));
  }
  return max<f32>(0, 1 - total / (<f32>MEMORY_COUNT * STRAY_MAX));
}

// An interval is over: its strongest wave is what noise was like, its strongest early wave what T waves were like.
function closeInterval(state: EcgState): void {
  state.lnNoise = follow(state.lnNoise, lnRatio(state.worst, state.lnSignal));
  if (state.hasLast) state.lnAfter = follow(state.lnAfter, lnRatio(state.worstAfter, state.lastLnLevel));
  state.worst = 0;
  state.worstAfter = 0;
}

function lnRatio(level: f32, ln: f32): f32 {
  return level > 0 ? Mathf.log(level) - ln : LN_NOISE_MIN;
}

function follow(old: f32, value: f32): f32 {
  const change = clamp(value, LN_NOISE_MIN, LN_NOISE_MAX) - old;
  return old + (change > 0 ? NOISE_RISE : NOISE_FALL) * change;
}

function clamp(value: f32, low: f32, high: f32): f32 {
  return min(high, max(low, value));
}

function remember(ring: usize, count: i32, value: f32): void {
  store<f32>(ring + ((<usize>(count & (MEMORY_COUNT - 1))) << 2), value);
}

// The value with `rank` smaller ones among the first `count` of a ring.
function ranked(ring: usize, count: i32, rank: i32): f32 {
  let found: f32 = 0;
  for (let i = 0; i < count; i++) {
    const value = load<f32>(ring + ((<usize>i) << 2));
    let smaller = 0;
    for (let j = 0; j < count; j++) {
      const other = load<f32>(ring + ((<usize>j) << 2));
      if (other < value || (other == value && j < i)) smaller++;
    }
    if (smaller == rank) found = value;
  }
  return found;
}
