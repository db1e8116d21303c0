// Inputs into rings, and a finding whenever a window is complete. Time that jumps by more than a window, forwards or back, begins anew.

import { makeFinding } from './finding';
import { BreathInput, INPUT_FLAG_AFTER_GAP, INPUT_KIND_RESPIRATION, INPUT_KIND_RR } from './layout';
import {
  BEAT_COUNT,
  BEATS,
  BIN_COUNT,
  BIN_HZ,
  BINS,
  beatAt,
  binAt,
  LATE_S,
  POINTS,
  STEP_S,
  STREAMS,
  stateAt,
  streamAt,
  WINDOW_S,
} from './state';

/** Thirty years; keeps sums and bin numbers exact. */
const TIME_S_MAX: f64 = 1e9;
/** Intervals of 20 to 300 beats a minute. */
const RR_MS_MIN: f32 = 200;
const RR_MS_MAX: f32 = 3000;
/** No sensor counts further; its square is far from the largest number. */
const VALUE_MAX: f32 = 1e15;

/** One input. Time goes on with it even when its value is of no use: a source that gives nothing but nonsense is heard of too. */
export function take(at: usize, input: BreathInput): void {
  const state = stateAt(at);
  if (!(abs(input.timeS) <= TIME_S_MAX)) {
    state.ignored += 1;
    return;
  }
  if (!state.started) start(at, input.timeS);
  else if (abs(input.timeS - state.latestS) > WINDOW_S) {
    finish(at);
    start(at, input.timeS);
  }
  if (!valueIsUsable(at, input) || !add(at, input)) state.ignored += 1;
  state.latestS = max(state.latestS, input.timeS);
  while (state.latestS >= state.dueS + LATE_S) giveDue(at);
}

/** Findings of the windows that are complete; for the end, when nothing late can come. */
export function finish(at: usize): void {
  const state = stateAt(at);
  while (state.started && state.latestS >= state.dueS) giveDue(at);
}

function giveDue(at: usize): void {
  const state = stateAt(at);
  makeFinding(at, state.dueS);
  state.dueS += STEP_S;
  state.ignored = 0;
  state.seconds = 0;
}

function start(at: usize, timeS: f64): void {
  const state = stateAt(at);
  memory.fill(at + STREAMS, 0, BEATS - STREAMS);
  memory.fill(at + BINS, 0, POINTS - BINS);
  state.started = 1;
  state.firstS = timeS;
  state.latestS = timeS;
  state.lastBin = floor(timeS * BIN_HZ);
  state.dueS = (floor(timeS / STEP_S) + 1) * STEP_S;
}

function valueIsUsable(at: usize, input: BreathInput): bool {
  if (!(abs(input.value) <= VALUE_MAX && abs(input.baseline) <= VALUE_MAX)) return false;
  if (input.kind !== INPUT_KIND_RR || (input.value >= RR_MS_MIN && input.value <= RR_MS_MAX)) return true;
  if (input.value >= RR_MS_MIN / 1000 && input.value <= RR_MS_MAX / 1000) stateAt(at).seconds += 1;
  return false;
}

/** False: its time is over. */
function add(at: usize, input: BreathInput): bool {
  return input.kind === INPUT_KIND_RESPIRATION ? addRespiration(at, input) : addBeat(at, input);
}

/** False: it is not later than the one before. */
function addBeat(at: usize, input: BreathInput): bool {
  const index = <i32>(input.kind - INPUT_KIND_RR);
  const stream = streamAt(at, index);
  if (stream.count > 0 && !(input.timeS > beatAt(at, index, stream.count - 1).timeS)) return false;
  if (stream.count === BEAT_COUNT) {
    stream.first = stream.first + 1 === BEAT_COUNT ? 0 : stream.first + 1;
    stream.count -= 1;
  }
  const beat = beatAt(at, index, stream.count);
  beat.timeS = input.timeS;
  beat.value = input.value;
  beat.baseline = input.baseline;
  beat.quality = qualityOf(input);
  beat.isAfterGap = input.flags & INPUT_FLAG_AFTER_GAP;
  stream.count += 1;
  return true;
}

/** False: it belongs to a time that is over. */
function addRespiration(at: usize, input: BreathInput): bool {
  const state = stateAt(at);
  const number = floor(input.timeS * BIN_HZ);
  if (number < state.lastBin) return false;
  const skipped = min(number - state.lastBin, <f64>BIN_COUNT);
  for (let i: f64 = 0; i < skipped; i++) {
    const bin = binAt(at, number - i);
    bin.sum = 0;
    bin.count = 0;
  }
  state.lastBin = number;
  const bin = binAt(at, number);
  if (qualityOf(input) < 0.5) return true;
  bin.sum += input.value;
  bin.count += 1;
  return true;
}

/** 0 to 1; 1 when the source does not say. */
function qualityOf(input: BreathInput): f32 {
  return isNaN(input.quality) ? 1 : max<f32>(0, min<f32>(1, input.quality));
}
