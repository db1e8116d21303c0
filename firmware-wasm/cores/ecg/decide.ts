// Which candidates are beats: the best path through those of the last two seconds.

import { KIND_BEAT } from './layout';
import { INTERVALS, LEVELS, MEMORY_COUNT, Candidate, EcgState, EXCERPT_COUNT, candidateAt, excerptAt, stateAt } from './state';
import { enqueue } from './queue';
import { teach } from './template';

const REFRACTORY_S: f32 = 0.2; // Pan & Tompkins 1985
const T_ZONE_S: f32 = 0.4;
const VERDICT_S: f32 = 1.75;
const LEARN_S: f32 = 1.6;
const NEVER: f32 = -1e9;
const LN_FLOOR: f32 = -2.8;
const LN_T_FLOOR: f32 = -1.8;
const NOISE_RATE: f32 = 0.125;
const SHORT_RATIO: f32 = 0.8;
const SHORT_COST: f32 = 5;
const SHORT_MAX: f32 = 3;
const SIGNAL_RANK: i32 = 4;
const CORR_MID: f32 = 0.6;
const ALPHA: f32 = 0.55;
const SLOPE_MAX: f32 = 8;
const SLOPE: f32 = 3;
const ODDS_MAX: f32 = 4;
const ODDS_MIN: f32 = -6;
const EXCESS: f32 = 1;
const LONG_COST: f32 = 4;
const LONG_MAX: f32 = 4;
const CORR_GAIN: f32 = 4;

export function clearMemory(at: usize): void {
  const state = stateAt(at);
  state.learned = 0;
  state.levelCount = 0;
  state.intervalCount = 0;
  state.typicalRr = 0.8;
  state.hasLast = 0;
  state.signal = 0;
  state.lnNoise = -2;
  state.lnT = -1.6;
  state.shortRr = 0.6;
  state.templateCount = 0;
}

export function decide(at: usize): void {
  const state = stateAt(at);
  const now = <f64>state.taken;
  if (!state.learned) {
    if (<f32>(state.taken - state.startSample) < LEARN_S * state.rateHz || state.pendingCount == 0) return;
    firstLevels(at);
  }
  while (state.pendingCount > 0 && solve(at, now, false)) {}
}

/** No more signal: every pending candidate gets its verdict. */
export function decideAll(at: usize): void {
  const state = stateAt(at);
  if (state.pendingCount == 0) return;
  if (!state.learned) firstLevels(at);
  while (state.pendingCount > 0 && solve(at, <f64>state.taken, true)) {}
}

function firstLevels(at: usize): void {
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
  state.signal = second > 0.4 * first ? second : first * 0.7;
  state.learned = 1;
}

// Log odds that a candidate of log level z is a beat and not one of the noise population, both log-normal with the same spread.
function odds(z: f32, lnSignal: f32, lnNoise: f32): f32 {
  const d = max<f32>(0.4, lnSignal - lnNoise);
  const bar = lnSignal - (1 - ALPHA) * d;
  const slope = min<f32>(SLOPE_MAX, SLOPE * d);
  const value = slope * (z - bar);
  if (value > ODDS_MAX) return ODDS_MAX + EXCESS * (z - bar - ODDS_MAX / slope);
  return max<f32>(ODDS_MIN, value);
}

/** Finds the best path, then settles its oldest step. Returns whether something was settled. */
function solve(at: usize, now: f64, all: bool): bool {
  const state = stateAt(at);
  const count = state.pendingCount;
  const perSecond: f64 = 1.0 / <f64>state.rateHz;
  let signal = state.signal;
  if (state.hasLast) {
    const gap = <f32>((now - state.lastBeat) * perSecond) - VERDICT_S;
    if (gap > 1) signal *= Mathf.exp(-(gap - 1) * 1);
  }
  const lnSignal = Mathf.log(signal);
  const lnNoise = lnSignal + max<f32>(LN_FLOOR, state.lnNoise - Mathf.log(signal / state.signal));
  let bestEnd = -1;
  let bestTotal = state.hasLast ? tail(state.typicalRr, <f32>((now - state.lastBeat) * perSecond)) : <f32>0;
  for (let k = 0; k < count; k++) {
    const c = candidateAt(at, k);
    const z = c.lnLevel;
    let looks: f32 = 0;
    if (state.templateCount > 0) looks = CORR_GAIN * (max<f32>(0, c.match) - CORR_MID);
    c.odds = odds(z, lnSignal, lnNoise) + looks;
    let best: f32 = c.odds;
    let back = -1;
    if (state.hasLast) best = step(state, <f32>((c.sample - state.lastBeat) * perSecond), z, looks, c.odds, state.lnLast, lnSignal, lnNoise);
    for (let j = 0; j < k; j++) {
      const p = candidateAt(at, j);
      const total = p.total + step(state, <f32>((c.sample - p.sample) * perSecond), z, looks, c.odds, p.lnLevel, lnSignal, lnNoise);
      if (total > best) {
        best = total;
        back = j;
      }
    }
    c.total = best;
    c.back = back;
    const total = c.total + tail(state.typicalRr, <f32>((now - c.sample) * perSecond));
    if (total > bestTotal) {
      bestTotal = total;
      bestEnd = k;
    }
  }
  let chosen = bestEnd;
  while (chosen >= 0 && candidateAt(at, chosen).back >= 0) chosen = candidateAt(at, chosen).back;
  const limit = all ? now : now - VERDICT_S * <f64>state.rateHz;
  if (chosen >= 0 && candidateAt(at, chosen).sample <= limit) {
    reject(at, chosen);
    accept(at, chosen);
    drop(at, chosen + 1);
    return true;
  }
  let old = 0;
  while (old < count && (all || candidateAt(at, old).sample <= limit)) old++;
  if (old == 0) return false;
  reject(at, old);
  drop(at, old);
  return true;
}

// What a beat rr seconds after the one before is worth.
function step(state: EcgState, rr: f32, z: f32, looks: f32, plain: f32, before: f32, lnSignal: f32, lnNoise: f32): f32 {
  if (rr < REFRACTORY_S) return NEVER;
  let value = plain;
  if (rr < T_ZONE_S) value = min(plain, odds(z, lnSignal, max(lnNoise, before + state.lnT)) + looks);
  const ratio = rr / state.shortRr;
  if (ratio < SHORT_RATIO) value -= min<f32>(SHORT_MAX, SHORT_COST * (SHORT_RATIO - ratio));
  return value + tail(state.typicalRr, rr);
}

function tail(typical: f32, gap: f32): f32 {
  const ratio = gap / typical;
  return ratio > 1.4 ? -min<f32>(LONG_MAX, LONG_COST * (ratio - 1.4)) : 0;
}

function reject(at: usize, count: i32): void {
  const state = stateAt(at);
  for (let i = 0; i < count; i++) {
    const c = candidateAt(at, i);
    if (state.hasLast && <f32>(c.sample - state.lastBeat) < T_ZONE_S * state.rateHz) state.worstT = max(state.worstT, c.level);
    else state.worst = max(state.worst, c.level);
    if (state.hasLast && <f32>(c.sample - state.lastBeat) > 2.5 * state.rateHz) settleNoise(state);
  }
}

function settleNoise(state: EcgState): void {
  const noise = max<f32>(state.worst / state.signal, 0.001);
  state.lnNoise += NOISE_RATE * (min<f32>(-0.35, max<f32>(LN_FLOOR, Mathf.log(noise))) - state.lnNoise);
  if (state.hasLast) {
    const t = max<f32>(state.worstT / state.lastLevel, 0.001);
    state.lnT += NOISE_RATE * (min<f32>(-0.35, max<f32>(LN_T_FLOOR, Mathf.log(t))) - state.lnT);
  }
  state.worst = 0;
  state.worstT = 0;
}

function accept(at: usize, index: i32): void {
  const state = stateAt(at);
  const c = candidateAt(at, index);
  remember(at + LEVELS, state.levelCount, c.level);
  state.levelCount += 1;
  const known = min(state.levelCount, MEMORY_COUNT);
  state.signal = ranked(at + LEVELS, known, min(known - 1, SIGNAL_RANK));
  if (state.hasLast) {
    remember(at + INTERVALS, state.intervalCount, <f32>((c.sample - state.lastBeat) / <f64>state.rateHz));
    state.intervalCount += 1;
    const n = min(state.intervalCount, MEMORY_COUNT);
    state.typicalRr = min<f32>(2, max<f32>(0.3, ranked(at + INTERVALS, n, (n - 1) >> 1)));
    state.shortRr = min<f32>(1, max<f32>(0.3, ranked(at + INTERVALS, n, min(n - 1, 2))));
  }
  settleNoise(state);
  state.hasLast = 1;
  state.lastBeat = c.sample;
  state.lastLevel = c.level;
  state.lnLast = c.lnLevel;
  teach(at, index);
  enqueue(at, c.sample, 1 / (1 + Mathf.exp(-c.odds)), KIND_BEAT, 0);
}

function drop(at: usize, count: i32): void {
  const state = stateAt(at);
  const bytes = <usize>(state.pendingCount - count) * offsetof<Candidate>();
  memory.copy(changetype<usize>(candidateAt(at, 0)), changetype<usize>(candidateAt(at, count)), bytes);
  memory.copy(excerptAt(at, 0), excerptAt(at, count), <usize>((state.pendingCount - count) * EXCERPT_COUNT * 4));
  state.pendingCount -= count;
}

function remember(base: usize, count: i32, value: f32): void {
  store<f32>(base + ((<usize>(count & (MEMORY_COUNT - 1))) << 2), value);
}

/** The value of this rank, 0 the smallest. */
function ranked(base: usize, count: i32, want: i32): f32 {
  let lower: f32 = 0;
  for (let i = 0; i < count; i++) {
    const v = load<f32>(base + ((<usize>i) << 2));
    let rank = 0;
    for (let j = 0; j < count; j++) {
      const u = load<f32>(base + ((<usize>j) << 2));
      if (u < v || (u == v && j < i)) rank++;
    }
    if (rank == want) lower = v;
  }
  return lower;
}
