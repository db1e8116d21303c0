// Bradycardia and tachycardia: the mean rate of eight corrected intervals stays beyond a bound for half a minute.

import { KIND_BRADYCARDIA, KIND_BRADYCARDIA_END, KIND_TACHYCARDIA, KIND_TACHYCARDIA_END } from './layout';
import { enqueue } from './queue';
import { Pending, RATE, RATE_COUNT, stateAt } from './state';

/** Sinus bradycardia: below 50 bpm (ACC/AHA/HRS bradycardia guideline 2018); as the sum of the intervals. */
const SLOW_MS: f32 = (<f32>RATE_COUNT * 60_000) / 50;
/** Tachycardia: above 100 bpm (ACC/AHA/HRS supraventricular tachycardia guideline 2015). */
const FAST_MS: f32 = (<f32>RATE_COUNT * 60_000) / 100;
/** Sustained: 30 s (ACC/AHA/ESC 2006, of ventricular tachycardia). */
const START_MS: f64 = 30_000;
/** So long the rate must be ordinary again. */
const END_MS: f64 = 10_000;
const MS_PER_MINUTE: f64 = 60_000;

/** Begins anew after a gap; what was going on is over as far as anyone can say. */
export function forgetRate(at: usize): void {
  const state = stateAt(at);
  if (state.episode !== 0) giveEnd(at, state.taken - 1, state.timeS);
  state.rateCount = 0;
  state.runKind = 0;
  state.runMs = 0;
  state.runBeats = 0;
}

export function watchRate(at: usize, interval: Pending, correctedMs: f64): void {
  const state = stateAt(at);
  if (state.rateCount === RATE_COUNT) memory.copy(at + RATE, at + RATE + 4, (<usize>(RATE_COUNT - 1)) << 2);
  else state.rateCount += 1;
  store<f32>(at + RATE + ((<usize>(state.rateCount - 1)) << 2), <f32>correctedMs);
  if (state.rateCount < RATE_COUNT) return;
  const kind = kindNow(at);
  if (kind !== state.runKind) {
    state.runKind = kind;
    state.runStartS = interval.timeS;
    state.runMs = 0;
    state.runBeats = 0;
  }
  state.runMs += correctedMs;
  state.runBeats += 1;
  if (kind === state.episode) return;
  if (kind === 0 && state.runMs >= END_MS) giveEnd(at, interval.index, state.runStartS);
  if (kind !== 0 && state.runMs >= START_MS) {
    if (state.episode !== 0) giveEnd(at, interval.index, state.runStartS);
    giveRate(at, <u16>kind, interval.index, state.runStartS);
    state.episode = kind;
  }
}

/** What the last eight intervals are: KIND_BRADYCARDIA, KIND_TACHYCARDIA, or 0. */
function kindNow(at: usize): i32 {
  let sumMs: f32 = 0;
  for (let i = 0; i < RATE_COUNT; i++) sumMs += load<f32>(at + RATE + ((<usize>i) << 2));
  if (sumMs > SLOW_MS) return KIND_BRADYCARDIA;
  return sumMs < FAST_MS ? KIND_TACHYCARDIA : 0;
}

function giveEnd(at: usize, index: u32, timeS: f64): void {
  const state = stateAt(at);
  giveRate(at, state.episode === KIND_BRADYCARDIA ? KIND_BRADYCARDIA_END : KIND_TACHYCARDIA_END, index, timeS);
  state.episode = 0;
}

function giveRate(at: usize, kind: u16, index: u32, timeS: f64): void {
  const state = stateAt(at);
  // An f32 holds no rate above 3.4e38, which intervals of less than 1e-34 ms would have.
  const bpm = state.runMs > 0 ? min(1e6, (MS_PER_MINUTE * <f64>state.runBeats) / state.runMs) : 0;
  enqueue(at, kind, index, timeS).value = <f32>bpm;
}
