// RR intervals, those that are a heart's, as samples at 2 Hz on straight lines from one to the next.

import { TICKS_PER_S } from '../../dsp/ticks';
import { codeOf } from './codes';
import { takeHeartRate } from './raw-slots';
import { SPREAD_GIVEN, samplePlace, stateAt } from './state';

const RR_MS_MIN: f32 = 300;
const RR_MS_MAX: f32 = 2000;
const MS_PER_MINUTE: f32 = 60_000;
/** An interval further from the usual is an ectopic or a missed beat, unless so many come in a row. */
const MISFIT_SHARE: f32 = 0.3;
const MISFIT_COUNT_MAX: i32 = 5;
const USUAL_FOLLOWS: f32 = 0.1;
/** Over a longer silence nothing is drawn. */
const SILENCE_TICKS_MAX: i64 = <i64>10 * TICKS_PER_S;
const TICKS_PER_SAMPLE_BITS: i64 = 19;
/** A sample is two bytes, in steps of 1/32 ms; 0 is missing. */
export const SAMPLES_PER_MS: f32 = 32;

export function takeInterval(at: usize, endTicks: i64, rrMs: f32): void {
  const state = stateAt(at);
  if (rrMs < RR_MS_MIN || rrMs > RR_MS_MAX) return;
  if (state.usualMs > 0 && abs(rrMs - state.usualMs) > MISFIT_SHARE * state.usualMs) {
    if (++state.misfitCount < MISFIT_COUNT_MAX) return;
    state.usualMs = rrMs;
  }
  state.misfitCount = 0;
  state.usualMs = state.usualMs > 0 ? state.usualMs + USUAL_FOLLOWS * (rrMs - state.usualMs) : rrMs;
  // Beside counts, intervals stand in for a heart rate that nobody measured.
  if (state.hasCounts && !state.hasMeasuredRates && state.spreadSource !== SPREAD_GIVEN)
    takeHeartRate(at, <i32>(endTicks / TICKS_PER_S), MS_PER_MINUTE / rrMs);
  drawTo(at, endTicks, rrMs);
  state.intervalMs = rrMs;
  state.intervalEndTicks = endTicks;
}

/** Samples on the straight line from the interval before to this one; missing ones if the two lie far apart. */
function drawTo(at: usize, endTicks: i64, rrMs: f32): void {
  const state = stateAt(at);
  const span = endTicks - state.intervalEndTicks;
  const isJoined = state.intervalMs > 0 && span > 0 && span <= SILENCE_TICKS_MAX;
  const slope = isJoined ? (rrMs - state.intervalMs) / <f32>(<i32>span) : 0;
  const last = <i32>(endTicks >> TICKS_PER_SAMPLE_BITS);
  for (; state.sampleCount <= last; state.sampleCount++) {
    const away = endTicks - ((<i64>state.sampleCount) << TICKS_PER_SAMPLE_BITS);
    const sample = isJoined ? codeOf(rrMs - <f32>(<i32>away) * slope, SAMPLES_PER_MS) : 0;
    store<u16>(samplePlace(at, state.sampleCount), <u16>sample);
  }
}
