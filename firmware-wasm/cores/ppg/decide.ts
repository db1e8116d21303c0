// Which candidates are pulses: the best path through those of the last two seconds.

import { FLAG_MOTION, KIND_BEAT } from './layout';
import { isMoving } from './motion';
import { clearShape, teachShape } from './shape';
import { sampleOf } from './slope';
import { Candidate, candidateAt, INTERVALS, LEVELS, MEMORY_COUNT, stateAt } from './state';
import { PERIODIC_MIN, trustOf } from './trust';
import { say } from './windows';

/** Upstrokes nearer than this are not two pulses: 230 per minute. */
const REFRACTORY_S: f32 = 0.26;
/** A candidate waits this long for what follows it; the delay of the filters comes on top, 2 s are promised. */
const VERDICT_S: f32 = 1.7;
const NEVER: f32 = -1e9;
/** Log odds: a pulse has half the usual slope or more, and looks like the others. */
const LEVEL_MIDDLE: f32 = -0.7;
const LEVEL_GAIN: f32 = 2;
const LEVEL_LOW: f32 = -2.5;
const LEVEL_HIGH: f32 = 0.7;
const TALL: f32 = 0.9;
const MATCH_MIDDLE: f32 = 0.55;
const MATCH_GAIN: f32 = 4;
/** The heart varies its interval this much for free (log ratio). */
const FREE: f32 = 0.12;
const RR_GAIN: f32 = 5;
const RR_COST_MAX: f32 = 3;
/** After so long without a pulse the memory of how large they are fades. */
const FADE_GAP_S: f32 = 2;
const FADE_RATE: f32 = 1;
/** After so long, no pause of a heart, what was learned was not its pulses: noise before them, or a wave upside down. */
const FORGET_S: f32 = 4;

export function designDecision(at: usize): void {
  const state = stateAt(at);
  state.verdict = <i32>(VERDICT_S * state.workHz) - state.half;
}

export function clearMemory(at: usize): void {
  const state = stateAt(at);
  state.signal = 0;
  state.levelCount = 0;
  state.intervalCount = 0;
  state.typicalRr = 0.8;
  state.hasLast = 0;
  state.strayed = 0.3;
  state.likeness = 0.5;
  state.lastBeat = <f64>state.taken;
  state.lastIndex = state.clock + state.half;
  state.lastPart = 0;
  state.rival = 0;
}

/** Gives the verdict on every candidate that has waited long enough. */
export function decide(at: usize): void {
  const state = stateAt(at);
  while (state.pendingCount > 0 && candidateAt(at, 0).index < state.clock - state.verdict) solve(at);
}

/** Gives the verdict on every candidate before `sample` and forgets the others. */
export function decideUntil(at: usize, sample: f64): void {
  const state = stateAt(at);
  for (; state.pendingCount > 0; state.pendingCount -= 1) {
    const last = candidateAt(at, state.pendingCount - 1);
    if (sampleOf(at, last.index, last.part) < sample) break;
  }
  while (state.pendingCount > 0) solve(at);
}

/** Slopes from one candidate to a later one. */
export function slopesBetween(before: Candidate, after: Candidate): f32 {
  return <f32>(after.index - before.index) + (after.part - before.part);
}

/** Seconds since the last beat. */
function sinceBeat(at: usize, c: Candidate): f32 {
  const state = stateAt(at);
  return (<f32>(c.index - state.lastIndex) + (c.part - state.lastPart)) * state.workS;
}

/** Finds the best path and takes the first candidate off: as a pulse when it is on the path, as nothing when not. */
function solve(at: usize): void {
  const state = stateAt(at);
  if (state.signal === 0) setSignal(at, firstSignal(at));
  let best = -1;
  let bestTotal: f32 = 0;
  for (let i = 0; i < state.pendingCount; i++) {
    extendPath(at, i);
    if (candidateAt(at, i).total > bestTotal) {
      bestTotal = candidateAt(at, i).total;
      best = i;
    }
  }
  let first = best;
  let second = -1;
  while (first >= 0 && candidateAt(at, first).back >= 0) {
    second = first;
    first = candidateAt(at, first).back;
  }
  if (first === 0) accept(at, candidateAt(at, 0), second);
  else reject(at, candidateAt(at, 0));
  dropFirst(at);
}

function reject(at: usize, c: Candidate): void {
  const state = stateAt(at);
  state.rival = max(state.rival, c.level / state.signal);
  if (sinceBeat(at, c) < FORGET_S) return;
  clearMemory(at);
  clearShape(at);
  state.lastIndex = c.index;
}

function setSignal(at: usize, signal: f32): void {
  const state = stateAt(at);
  state.signal = signal;
  state.lnSignal = Mathf.log(signal);
}

function dropFirst(at: usize): void {
  const state = stateAt(at);
  state.pendingCount -= 1;
  const bytes = offsetof<Candidate>();
  memory.copy(
    changetype<usize>(candidateAt(at, 0)),
    changetype<usize>(candidateAt(at, 1)),
    <usize>state.pendingCount * bytes,
  );
}

/** The second largest of the first candidates: the largest may be the artefact of putting the sensor on. */
function firstSignal(at: usize): f32 {
  let first: f32 = 0;
  let second: f32 = 0;
  for (let i = 0; i < stateAt(at).pendingCount; i++) {
    const level = candidateAt(at, i).level;
    if (level > first) {
      second = first;
      first = level;
    } else if (level > second) second = level;
  }
  return second > 0.3 * first ? second : first;
}

function extendPath(at: usize, index: i32): void {
  const state = stateAt(at);
  const c = candidateAt(at, index);
  c.odds = oddsOf(at, c);
  c.back = -1;
  c.total = c.odds + (state.hasLast ? stepCost(at, sinceBeat(at, c)) : 0);
  for (let k = 0; k < index; k++) {
    const before = candidateAt(at, k);
    const total = before.total + c.odds + stepCost(at, slopesBetween(before, c) * state.workS);
    if (total <= c.total) continue;
    c.total = total;
    c.back = k;
  }
}

function oddsOf(at: usize, c: Candidate): f32 {
  const state = stateAt(at);
  const gap = sinceBeat(at, c);
  const fade = max<f32>(0, gap - FADE_GAP_S) * FADE_RATE;
  const height = c.lnLevel - state.lnSignal;
  const raised = max(LEVEL_LOW, min(LEVEL_HIGH, height + fade - LEVEL_MIDDLE));
  const tooTall = max<f32>(0, height - TALL);
  return LEVEL_GAIN * (raised - min<f32>(2, tooTall)) + MATCH_GAIN * (c.match - MATCH_MIDDLE);
}

/** What an interval of `rr` seconds takes from a path. */
function stepCost(at: usize, rr: f32): f32 {
  if (rr < REFRACTORY_S) return NEVER;
  const state = stateAt(at);
  const known = state.periodicity > PERIODIC_MIN;
  const usual = known ? state.period : state.typicalRr;
  const sure: f32 = known ? min<f32>(1, 2 * state.periodicity) : state.intervalCount >= 3 ? 0.5 : 0.1;
  const ratio = rr / usual;
  // Two shortcuts well inside the flat parts of what follows, because logarithms are dear.
  if (ratio > 0.9 && ratio < 1.1) return 0;
  if (ratio < 0.45 || ratio > 2.2) return -sure * RR_COST_MAX;
  return -sure * min(RR_COST_MAX, RR_GAIN * max<f32>(0, abs(Mathf.log(ratio)) - FREE));
}

function accept(at: usize, c: Candidate, next: i32): void {
  const state = stateAt(at);
  const rr = state.hasLast ? sinceBeat(at, c) : <f32>0;
  const rrNext = next > 0 ? slopesBetween(c, candidateAt(at, next)) * state.workS : <f32>0;
  const trust = trustOf(at, c, rr, rrNext);
  const sample = sampleOf(at, c.index, c.part);
  state.rival = 0;
  say(at, sample, trust, KIND_BEAT, isMoving(c.motion) ? FLAG_MOTION : 0);
  teachShape(at, c);
  remember(at + LEVELS, state.levelCount++, c.level);
  setSignal(at, medianAt(at + LEVELS, state.levelCount));
  if (rr > 0 && rr < 2) {
    remember(at + INTERVALS, state.intervalCount++, rr);
    state.typicalRr = medianAt(at + INTERVALS, state.intervalCount);
  }
  state.lastBeat = sample;
  state.lastIndex = c.index;
  state.lastPart = c.part;
  state.hasLast = 1;
}

function remember(memory: usize, index: i32, value: f32): void {
  store<f32>(memory + ((<usize>(index & (MEMORY_COUNT - 1))) << 2), value);
}

/** Median of what is remembered: the value with as many below it as above. */
function medianAt(memory: usize, count: i32): f32 {
  const known = min(count, MEMORY_COUNT);
  const rank = (known - 1) >> 1;
  for (let i = 0; i < known; i++) {
    const value = load<f32>(memory + ((<usize>i) << 2));
    let below = 0;
    let same = 0;
    for (let k = 0; k < known; k++) {
      const other = load<f32>(memory + ((<usize>k) << 2));
      if (other < value) below++;
      else if (other === value) same++;
    }
    if (below <= rank && rank < below + same) return value;
  }
  return 0;
}
