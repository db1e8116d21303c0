// Whether the signal can be used, and what is said when it cannot. Missing, flat, clipped and noise are different words.
//
//   usable ──missing, flat, clipped──▶ trouble ──a good sample, or half a second of calm──▶ usable, restarted
//   usable ──nothing stands out for long──▶ muted: analysed but not told ──beats stand out again──▶ usable

import { clearMemory, forgetLastBeat } from './beat-memory';
import { settle } from './best-path';
import { clearFilters, filterStep } from './filters';
import { FLAG_CLIPPED, FLAG_FLAT, FLAG_MISSING, FLAG_NOISE, KIND_UNUSABLE, KIND_USABLE } from './layout';
import { clearSearch, searchStep } from './peak-search';
import { candidateAt, SLOW, SLOW_COUNT, stateAt } from './state';
import { say } from './windows';

/** A sample beyond this is missing too: no unit of a voltage needs it, and sums must not overflow. */
export const MAGNITUDE_MAX: f32 = 1e30;
/** Flat: not one bit of change for longer than the pause between waves, short enough to be told within 2 s. */
const FLAT_S: f32 = 1.5;
/** Stuck: the same value for this long, and at least four samples; no QRS has such a plateau. */
const STUCK_S: f32 = 0.04;
const STUCK_SAMPLES_MIN: i32 = 4;
/** A rail: a stuck value at an extreme of the last seconds, this share of their range away from their mean: no baseline. */
const RAIL_SHARE: f32 = 0.4;
const EXTREME_SHARE: f32 = 0.01;
/** Extremes are those of this span and the one before; the mean has the same time constant. */
const EXTREMES_S: f32 = 2;
/** Clipped: this many seconds at a rail, forgotten at a quarter of a second per second. */
const CLIPPED_S: f32 = 0.2;
const CLIP_LEAK: f32 = 0.25;
/** Clipping is over when nothing was stuck for this long. */
const CALM_S: f32 = 0.5;
/** After a shorter trouble than this the wearer's beats are still remembered. */
const REMEMBER_S: f32 = 10;
/** How far beats stand out is averaged over about sixteen. */
const CLARITY_RATE: f32 = 0.0625;
/** Nothing stands out: beats that stand out no further than this in an irregular rhythm, or of the lower one in any. Noise alone gives 0.2 to 0.4. */
const MURKY: f32 = 0.4;
const MURKY_ALWAYS: f32 = 0.25;
const IRREGULAR: f32 = 0.25;
/** Noise: that many seconds of it. Usable again below the lower bound. */
const MURK_S: f32 = 15;
const CLEAR_S: f32 = 5;
/** An interval counts as at most this long, so that one pause cannot mute. */
const MURK_STEP_MAX_S: f32 = 2;

export function designCheck(at: usize): void {
  const state = stateAt(at);
  const hz = state.rateHz * state.scale;
  state.stuckMax = <i32>(FLAT_S * state.rateHz);
  state.stuckStep = max(STUCK_SAMPLES_MIN, <i32>nearest(STUCK_S * state.rateHz));
  state.stuckNext = state.stuckStep;
  state.extremesSpan = <i32>(EXTREMES_S * hz);
  state.meanRate = 1 / (EXTREMES_S * hz);
}

/** Begins a stretch of signal at the next sample. */
export function restart(at: usize): void {
  const state = stateAt(at);
  state.startSample = state.taken;
  state.phase = 0;
  state.sum = 0;
  state.clock = 0;
  state.primed = 0;
  state.stuckCount = 0;
  state.stuckNext = state.stuckStep;
  state.mean = state.high = state.low = state.highBefore = state.lowBefore = 0;
  state.extremesAt = 0;
  state.clipScore = 0;
  state.clipAt = 0;
  clearFilters(at);
  clearSearch(at);
}

/** Keeps a decimated sample and follows the range of the signal; `x` is relative to the first of the stretch. */
export function checkStep(at: usize, x: f32): void {
  const state = stateAt(at);
  store<f32>(at + SLOW + ((<usize>(state.clock & (SLOW_COUNT - 1))) << 2), x);
  if (x > state.high) state.high = x;
  if (x < state.low) state.low = x;
  state.mean += (x - state.mean) * state.meanRate;
  if (++state.extremesAt == state.extremesSpan) {
    state.extremesAt = 0;
    state.highBefore = state.high;
    state.lowBefore = state.low;
    state.high = x;
    state.low = x;
  }
}

/** The sample to be taken is not a usable number. */
export function takeMissing(at: usize): void {
  const state = stateAt(at);
  if (state.trouble == 0) {
    runOut(at);
    interrupt(at, state.taken, FLAG_MISSING);
  }
  state.trouble = FLAG_MISSING;
}

/** The sample to be taken is one too many of the same value. */
export function takeStuck(at: usize): void {
  const state = stateAt(at);
  const first = state.taken - <i64>state.stuckCount;
  if (state.stuckCount >= state.stuckMax) interrupt(at, first, FLAG_FLAT);
  else {
    if (isRail(at)) countClipping(at, first);
    state.stuckNext = min(state.stuckMax, state.stuckNext + state.stuckStep);
  }
}

function isRail(at: usize): bool {
  const state = stateAt(at);
  const x = state.previous - state.base;
  const high = max(state.high, state.highBefore);
  const low = min(state.low, state.lowBefore);
  const range = high - low;
  if (!(range > 0) || state.clock < state.extremesSpan >> 1) return false;
  const atExtreme = x >= high - EXTREME_SHARE * range || x <= low + EXTREME_SHARE * range;
  return atExtreme && abs(x - state.mean) >= RAIL_SHARE * range;
}

function countClipping(at: usize, first: i64): void {
  const state = stateAt(at);
  const hz = state.rateHz * state.scale;
  const leaked = <f32>(state.clock - state.clipAt) * (CLIP_LEAK / hz);
  state.clipScore = max<f32>(0, state.clipScore - leaked) + <f32>state.stuckStep / state.rateHz;
  state.clipAt = state.clock;
  if (state.clipScore >= CLIPPED_S) interrupt(at, first, FLAG_CLIPPED);
}

/** A sample while the signal is in trouble: is it over? */
export function takeTroubled(at: usize, x: f32): void {
  const state = stateAt(at);
  if (x == state.previous) state.stuckCount += 1;
  else state.stuckCount = 0;
  state.previous = x;
  if (state.trouble == FLAG_FLAT && state.stuckCount > 0) return;
  if (state.trouble == FLAG_CLIPPED) {
    state.calm = state.stuckCount >= state.stuckStep ? 0 : state.calm + 1;
    if (<f32>state.calm < CALM_S * state.rateHz) return;
  }
  resume(at);
  prime(at, x);
}

// The first sample of a stretch is the zero of all that follow, so that an offset costs no precision.
export function prime(at: usize, x: f32): void {
  const state = stateAt(at);
  state.primed = 1;
  state.base = x;
  state.previous = x;
}

/** The signal ends: its last value goes on through the filters until the waves before it have come out. */
export function runOut(at: usize): void {
  const state = stateAt(at);
  if (!state.primed) return;
  const steps = <i32>state.energyDelay + state.hold;
  const x = state.previous - state.base;
  for (let i = 0; i < steps; i++) {
    store<f32>(at + SLOW + ((<usize>(state.clock & (SLOW_COUNT - 1))) << 2), x);
    searchStep(at, filterStep(at, x));
    state.clock += 1;
  }
}

// From sample `first` on there is nothing to analyse: what came before is settled, what was seen since is dropped.
function interrupt(at: usize, first: i64, flag: u16): void {
  const state = stateAt(at);
  while (state.pendingCount > 0 && candidateAt(at, state.pendingCount - 1).sample >= <f64>first)
    state.pendingCount -= 1;
  settle(at, true);
  if (state.muted == 0) say(at, <f64>first, 0, KIND_UNUSABLE, flag);
  state.muted = 0;
  state.trouble = flag;
  state.troubleSample = first;
  state.calm = 0;
}

function resume(at: usize): void {
  const state = stateAt(at);
  say(at, <f64>state.taken, 0, KIND_USABLE, 0);
  if (<f32>(state.taken - state.troubleSample) > REMEMBER_S * state.rateHz) clearMemory(at);
  else forgetLastBeat(at);
  state.trouble = 0;
  restart(at);
}

/** A beat that stands out this far was settled. Says so when the signal drowns and when it is back. */
export function hearBeat(at: usize, sample: f64, height: f32): void {
  const state = stateAt(at);
  state.clarity += CLARITY_RATE * (height - state.clarity);
  if (!state.hasLast) return;
  const rr = min(MURK_STEP_MAX_S, <f32>(sample - state.lastBeat) / state.rateHz);
  const murky = state.clarity < MURKY_ALWAYS || (state.clarity < MURKY && state.regular < IRREGULAR);
  state.murk = min(MURK_S, max<f32>(0, state.murk + (murky ? rr : -rr)));
  if (state.muted == 0 && state.murk >= MURK_S) {
    state.muted = 1;
    say(at, sample, 0, KIND_UNUSABLE, FLAG_NOISE);
  } else if (state.muted && state.murk <= CLEAR_S) {
    state.muted = 0;
    say(at, sample, 0, KIND_USABLE, 0);
  }
}
