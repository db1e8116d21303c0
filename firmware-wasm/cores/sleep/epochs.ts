// From inputs to one value an epoch and channel. Activity and spread are logarithms:
// what matters is how many times more, not how much more. RR intervals become samples at 2 Hz, and these the spectrum of an epoch.

import {
  INPUT_KIND_ACTIVITY,
  INPUT_KIND_COUNT,
  INPUT_KIND_HEART_SPREAD,
  INPUT_KIND_INTERVAL,
  MODE_LIVE,
  SleepInput,
} from './layout';
import { takeCount, takeHeartRate } from './raw-slots';
import { writeSpectrum } from './spectrum';
import {
  CHANNEL_ACTIVITY,
  CHANNEL_SPREAD,
  EPOCH_S,
  ROW_COUNT,
  SAMPLE_COUNT,
  SAMPLE_RATE_HZ,
  SAMPLES,
  SleepState,
  setValue,
  stateAt,
} from './state';

const RR_MS_MIN: f64 = 300;
const RR_MS_MAX: f64 = 2000;
const MS_PER_MINUTE: f64 = 60_000;
/** An interval further from the usual is an ectopic or a missed beat, unless so many come in a row. */
const MISFIT_SHARE: f64 = 0.3;
const MISFIT_COUNT_MAX: i32 = 5;
const USUAL_FOLLOWS: f64 = 0.1;
/** Over a longer silence nothing is drawn. */
const SILENCE_S_MAX: f64 = 10;
export const HEART_SPREAD_MIN: f64 = 0.05;
/** A spectrum is taken when this many epochs have begun after its own: what its window reaches. */
const LAG_LIVE: i32 = 2;
const LAG_MORNING: i32 = 6;

export function epochOf(timeS: f64): i32 {
  return <i32>(timeS / EPOCH_S);
}

export function take(at: usize, input: SleepInput): void {
  const state = stateAt(at);
  beginEpochs(at, epochOf(input.timeS) + 1);
  state.lastS = max(state.lastS, input.timeS);
  const value: f64 = input.value;
  if (!isFinite(value)) return;
  const epoch = epochOf(input.timeS);
  if (input.kind === INPUT_KIND_INTERVAL) takeInterval(at, input.timeS, value);
  else if (input.kind === INPUT_KIND_ACTIVITY) setValue(at, CHANNEL_ACTIVITY, epoch, Math.log(1 + max(0, value)));
  else if (input.kind === INPUT_KIND_HEART_SPREAD)
    setValue(at, CHANNEL_SPREAD, epoch, Math.log(HEART_SPREAD_MIN + max(0, value)));
  else if (input.kind === INPUT_KIND_COUNT) takeCount(at, input.timeS, input.value);
  else if (takeHeartRate(at, input.timeS, input.value)) state.hasMeasuredRates = 1;
}

/** Begins new epochs until there are `count`; spectra that have waited for them are taken. */
function beginEpochs(at: usize, count: i32): void {
  const state = stateAt(at);
  for (let epoch = state.epochCount; epoch < count; epoch++) {
    for (let channel = 0; channel < ROW_COUNT; channel++) setValue(at, channel, epoch, NaN);
    state.epochCount = epoch + 1;
    takeSpectra(at, epoch + 1 - (state.mode === MODE_LIVE ? LAG_LIVE : LAG_MORNING));
  }
}

/** Takes the spectra of all epochs before `to` that have none yet. */
export function takeSpectra(at: usize, to: i32): void {
  const state = stateAt(at);
  for (; state.nextSpectrum < to; state.nextSpectrum++) writeSpectrum(at, state.nextSpectrum);
}

function takeInterval(at: usize, timeS: f64, rrMs: f64): void {
  const state = stateAt(at);
  if (rrMs < RR_MS_MIN || rrMs > RR_MS_MAX) return;
  if (state.usualMs > 0 && abs(rrMs - state.usualMs) > MISFIT_SHARE * state.usualMs) {
    if (++state.misfitCount < MISFIT_COUNT_MAX) return;
    state.usualMs = rrMs;
  }
  state.misfitCount = 0;
  state.usualMs = state.usualMs > 0 ? state.usualMs + USUAL_FOLLOWS * (rrMs - state.usualMs) : rrMs;
  // Beside counts, intervals stand in for a heart rate that nobody measured.
  if (state.hasCounts && !state.hasMeasuredRates) takeHeartRate(at, timeS, <f32>(MS_PER_MINUTE / rrMs));
  drawTo(at, timeS, rrMs);
  state.intervalMs = rrMs;
  state.intervalEndS = timeS;
}

/** Samples on the straight line from the interval before to this one; missing ones if the two lie far apart. */
function drawTo(at: usize, timeS: f64, rrMs: f64): void {
  const state = stateAt(at);
  const spanS = timeS - state.intervalEndS;
  const isJoined = state.intervalMs > 0 && spanS > 0 && spanS <= SILENCE_S_MAX;
  const slope = isJoined ? (rrMs - state.intervalMs) / spanS : 0;
  for (let sampleS = sampleTimeS(state); sampleS <= timeS; sampleS = sampleTimeS(state)) {
    const value = isJoined ? rrMs + (sampleS - timeS) * slope : NaN;
    store<f32>(at + SAMPLES + ((<usize>(state.sampleCount & (SAMPLE_COUNT - 1))) << 2), <f32>value);
    state.sampleCount++;
  }
}

function sampleTimeS(state: SleepState): f64 {
  return <f64>state.sampleCount / SAMPLE_RATE_HZ;
}
