// How far pulses are apart, from the autocorrelation of the levelled slope: it needs no beats, so wrong beats cannot mislead it.

import { EVEN, LAG_COUNT, LAGS, SLOPE_COUNT, stateAt } from './state';

/** 220 beats per minute and a little. */
const PERIOD_S_MIN: f32 = 0.26;
/** 35 beats per minute and a little. */
const PERIOD_S_MAX: f32 = 1.8;
/** Memory of the autocorrelation: five pulses at rest. */
const RHYTHM_S: f32 = 5;
/** A maximum this near to the highest at a shorter lag is the period; the highest is then a multiple of it. */
const MULTIPLE: f32 = 0.75;
/** The period is read this often. */
const TICK_S: f32 = 0.25;

export function designRhythm(at: usize): void {
  const state = stateAt(at);
  state.lagFirst = <i32>floor(PERIOD_S_MIN * state.workHz);
  state.lagLast = min(LAG_COUNT - 2, <i32>ceil(PERIOD_S_MAX * state.workHz));
  state.lagGain = 1 / (RHYTHM_S * state.workHz);
  state.tick = <i32>nearest(TICK_S * state.workHz);
}

export function clearRhythm(at: usize): void {
  const state = stateAt(at);
  state.period = 0;
  state.periodicity = 0;
  state.tickAt = 0;
}

/** Takes slope number `index` into the autocorrelation. */
export function rhythmStep(at: usize, index: i32): void {
  const state = stateAt(at);
  // The upper copy of the ring: what came before a number lies right before it.
  let from = at + EVEN + ((<usize>((index & (SLOPE_COUNT - 1)) + SLOPE_COUNT)) << 2);
  const gain = state.lagGain;
  const x = load<f32>(from);
  state.power += gain * (x * x - state.power);
  const first = (<usize>(state.lagFirst - 1)) << 2;
  const end = at + LAGS + ((<usize>(state.lagLast + 2)) << 2);
  from -= first;
  const gained = gain * x;
  const keep: f32 = 1 - gain;
  for (let cell = at + LAGS + first; cell < end; cell += 4) {
    store<f32>(cell, keep * load<f32>(cell) + gained * load<f32>(from));
    from -= 4;
  }
  if (index < state.tickAt) return;
  state.tickAt = index + state.tick;
  readPeriod(at);
}

function lagAt(at: usize, lag: i32): f32 {
  return load<f32>(at + LAGS + ((<usize>lag) << 2));
}

function isPeak(at: usize, lag: i32): bool {
  const r = lagAt(at, lag);
  return r > lagAt(at, lag - 1) && r >= lagAt(at, lag + 1);
}

function readPeriod(at: usize): void {
  const state = stateAt(at);
  let highest: f32 = 0;
  for (let lag = state.lagFirst; lag <= state.lagLast; lag++)
    if (isPeak(at, lag)) highest = max(highest, lagAt(at, lag));
  state.periodicity = 0;
  if (highest <= 0 || state.power <= 0) return;
  let lag = state.lagFirst;
  while (!(isPeak(at, lag) && lagAt(at, lag) >= MULTIPLE * highest)) lag++;
  const a = lagAt(at, lag - 1);
  const b = lagAt(at, lag);
  const c = lagAt(at, lag + 1);
  const bend = a - 2 * b + c;
  const shift: f32 = bend < 0 ? (0.5 * (a - c)) / bend : 0;
  state.period = (<f32>lag + shift) / state.workHz;
  state.periodicity = min<f32>(1, b / state.power);
}
