// Findings in their order, and between them one every 10 s: which share of the beats of those 10 s is right and there.

import { KIND_BEAT, KIND_UNUSABLE, KIND_USABLE, KIND_WINDOW } from './layout';
import { enqueue } from './queue';
import { stateAt } from './state';

const WINDOW_S: f64 = 10;
/** A stretch without beats longer than this counts as signal without its beats. */
const GAP_S: f64 = 3;
/** Where beats are doubtful others are missed: so many to one that is false, as expected. */
const MISSED: f32 = 0.3;

export function clearWindows(at: usize): void {
  stateAt(at).covering = 1;
  openWindow(at);
}

/** Enqueues a finding, after the windows that end before it. */
export function say(at: usize, sample: f64, quality: f32, kind: u16, flags: u16): void {
  const state = stateAt(at);
  closeUntil(at, sample);
  enqueue(at, sample, quality, kind, flags);
  coverUntil(at, sample);
  state.coveredFrom = sample;
  if (kind == KIND_UNUSABLE) state.covering = 0;
  else if (kind == KIND_USABLE) state.covering = 1;
  else if (kind == KIND_BEAT) {
    state.trustSum += quality;
    state.trustCount += 1;
  }
}

/** Closes every window that ends at `sample` or before: nothing more will be said of what lies before. */
export function closeUntil(at: usize, sample: f64): void {
  const state = stateAt(at);
  while (<f64>state.windowAt <= sample) {
    const end = <f64>state.windowAt;
    coverUntil(at, end);
    enqueue(at, end, rateWindow(at), KIND_WINDOW, 0);
    openWindow(at);
  }
}

/** Counts the stretch up to `sample` as covered by the last beat or the beginning of the signal. */
function coverUntil(at: usize, sample: f64): void {
  const state = stateAt(at);
  if (state.covering && sample - state.coveredFrom <= GAP_S * <f64>state.rateHz)
    state.covered += sample - state.coveredTo;
  state.coveredTo = sample;
}

function rateWindow(at: usize): f32 {
  const state = stateAt(at);
  if (state.trustCount == 0) return 0;
  const trust = state.trustSum / <f32>state.trustCount;
  const there: f32 = trust / (1 + MISSED * (1 - trust));
  return min<f32>(1, <f32>(state.covered / (WINDOW_S * <f64>state.rateHz))) * there;
}

/** Windows end at whole multiples of 10 s from the first sample. */
function openWindow(at: usize): void {
  const state = stateAt(at);
  state.covered = 0;
  state.trustSum = 0;
  state.trustCount = 0;
  state.windowCount += 1;
  state.windowAt = <i64>nearest(WINDOW_S * <f64>state.rateHz * <f64>state.windowCount);
}
