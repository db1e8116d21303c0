// Findings in their order, and between them one every 10 s: how much of those 10 s is covered by pulses that are right.

import { FLAG_MOTION, FLAG_NOISE, KIND_BEAT, KIND_UNUSABLE, KIND_USABLE, KIND_WINDOW } from './layout';
import { isMoving } from './motion';
import { enqueue } from './queue';
import { stateAt } from './state';

const WINDOW_S: f64 = 10;
/** A window is closed this long after its end when no pulse closes it: longer than a verdict takes, shorter than the 2 s promised. */
const CLOSE_S: f64 = 1.95;
/** Intervals longer than this are gaps. */
const GAP_S: f64 = 2.2;
/** A window below this holds no pulse worth believing; one above that ends the doubt. */
const NOISE: f32 = 0.2;
const SIGNAL: f32 = 0.4;

/** Enqueues a finding, after the windows that end before it; a time before the last finding is moved up to it. */
export function say(at: usize, sample: f64, quality: f32, kind: u16, flags: u16): void {
  const state = stateAt(at);
  const time = max(sample, state.saidSample);
  if (kind === KIND_BEAT && state.hasLast) cover(at, state.lastBeat, time, quality);
  closeUntil(at, time);
  enqueue(at, time, quality, kind, flags);
  state.saidSample = time;
}

/** Counts the stretch between two pulses as covered, in the windows it lies in. */
function cover(at: usize, from: f64, to: f64, trust: f32): void {
  const state = stateAt(at);
  const rateHz = <f64>state.rateHz;
  if (to - from > GAP_S * rateHz) return;
  let start = from;
  const end = <f64>state.windowAt;
  if (start < end && to > end) {
    state.coveredSum += trust * <f32>((end - start) / rateHz);
    closeUntil(at, to);
    start = end;
  }
  state.coveredSum += trust * <f32>((to - start) / rateHz);
}

/** Closes a window that no finding has closed. */
export function closeOverdue(at: usize): void {
  closeUntil(at, <f64>stateAt(at).windowAt);
}

/** Closes every window that ends at `sample` or before. */
export function closeUntil(at: usize, sample: f64): void {
  const state = stateAt(at);
  while (<f64>state.windowAt <= sample) {
    const end = <f64>state.windowAt;
    const quality = min<f32>(1, state.coveredSum / <f32>WINDOW_S);
    const flags = isMoving(sqrt(state.windowMotion)) ? FLAG_MOTION : <u16>0;
    enqueue(at, end, quality, KIND_WINDOW, flags);
    if (state.trouble === 0) doubt(at, end, quality, flags);
    state.saidSample = max(state.saidSample, end);
    state.coveredSum = 0;
    state.windowMotion = 0;
    openWindow(at);
  }
}

/** Says that pulses cannot be told from noise, and when they can again. They go on being found: their quality says the same. */
function doubt(at: usize, sample: f64, quality: f32, flags: u16): void {
  const state = stateAt(at);
  if (!state.doubtful && quality < NOISE && sample - <f64>state.startSample >= WINDOW_S * <f64>state.rateHz) {
    state.doubtful = 1;
    enqueue(at, sample, 0, KIND_UNUSABLE, FLAG_NOISE | flags);
  } else if (state.doubtful && quality >= SIGNAL) {
    state.doubtful = 0;
    enqueue(at, sample, 0, KIND_USABLE, 0);
  }
}

/** Windows end at whole multiples of 10 s from the first frame. */
export function openWindow(at: usize): void {
  const state = stateAt(at);
  state.windowCount += 1;
  state.windowAt = <i64>nearest(WINDOW_S * <f64>state.rateHz * <f64>state.windowCount);
  state.closeAt = state.windowAt + <i64>(CLOSE_S * <f64>state.rateHz);
}
