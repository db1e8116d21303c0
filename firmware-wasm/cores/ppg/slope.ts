// From work samples to their slope: a median of three against single spikes, then the difference of two neighbouring moving sums.
// All of it is symmetric in time, so it delays every frequency alike and moves no pulse against another.

import { FINE, placeIn, SLOPE, SLOPE_COUNT, setTwice, stateAt, WORK, WORK_COUNT } from './state';

/** Length of one moving sum: about the rise time of a pulse wave, 0.1 to 0.15 s. */
const RISE_S: f32 = 0.12;
/** The same for the shape by which a pulse is timed: short, because what is steep is sharp in time. */
const FINE_S: f32 = 0.07;
/** Memory of the size of the slope: a few pulses. */
const LEVEL_S: f32 = 3;
/** A slope so many times the mean size tells no more than that it is steep. */
const STEEP: f32 = 3;

export function designSlope(at: usize): void {
  const state = stateAt(at);
  state.half = max(2, <i32>nearest(RISE_S * state.workHz));
  state.fineHalf = max(1, <i32>nearest(FINE_S * state.workHz));
  state.levelGain = 1 / (LEVEL_S * state.workHz);
}

export function clearSlope(at: usize): void {
  const state = stateAt(at);
  memory.fill(at + SLOPE, 0, WORK - SLOPE);
  state.clock = 0;
  state.level = 0;
}

/** Frames from the first one to the middle of slope number `index` and a part. */
export function sampleOf(at: usize, index: i32, part: f32): f64 {
  const state = stateAt(at);
  // A work sample stands for `factor` frames, the median looks one back, the two sums meet `half` samples back.
  const work = <f64>index + <f64>part - 0.5 - <f64>state.half;
  return <f64>state.startSample + work * <f64>state.factor + 0.5 * <f64>(state.factor - 1);
}

/** Takes the next work sample. True when slope number `clock - 1` is there afterwards. */
export function slopeStep(at: usize, x: f32): bool {
  const state = stateAt(at);
  const clock = state.clock;
  state.clock = clock + 1;
  const a = clock > 0 ? state.before1 : x;
  const b = clock > 1 ? state.before2 : a;
  state.before2 = a;
  state.before1 = x;
  setTwice(at + WORK, clock, WORK_COUNT, middleOf(a, b, x));
  if (clock < 2 * state.half) return false;
  setSlopes(at, clock);
  return true;
}

function middleOf(a: f32, b: f32, c: f32): f32 {
  if (a > b) {
    const swapped = a;
    a = b;
    b = swapped;
  }
  if (c < a) return a;
  return c > b ? b : c;
}

/** The sum of the `half` work samples after the middle less that of the `half` up to it; the fine slope is its first part. */
function setSlopes(at: usize, clock: i32): void {
  const state = stateAt(at);
  const middle = clock - state.half;
  let after = placeIn(at + WORK, middle + 1, WORK_COUNT);
  let before = placeIn(at + WORK, middle, WORK_COUNT) + ((<usize>WORK_COUNT) << 2);
  let sum: f32 = 0;
  let left = state.fineHalf;
  for (; left > 0; left--) {
    sum += load<f32>(after) - load<f32>(before);
    after += 4;
    before -= 4;
  }
  const sign = state.sign;
  setTwice(at + FINE, clock, SLOPE_COUNT, sign * sum);
  for (left = state.half - state.fineHalf; left > 0; left--) {
    sum += load<f32>(after) - load<f32>(before);
    after += 4;
    before -= 4;
  }
  setTwice(at + SLOPE, clock, SLOPE_COUNT, sign * sum);
  state.even = levelled(at, sign * sum);
}

/** The slope against its usual size, -1 to 1, so that one artefact cannot outweigh all pulses in rhythm and polarity. */
function levelled(at: usize, slope: f32): f32 {
  const state = stateAt(at);
  const size = slope < 0 ? -slope : slope;
  let level = state.level;
  if (level === 0) level = size;
  const limit = STEEP * level;
  // Early on the mean is over what there is.
  const early = state.clock - 2 * state.half;
  const gain: f32 = <f32>early * state.levelGain < 1 ? 1 / <f32>early : state.levelGain;
  const isSteep = size >= limit;
  state.level = level + gain * ((isSteep ? limit : size) - level);
  if (isSteep) return slope > 0 ? 1 : slope < 0 ? -1 : 0;
  return slope / limit;
}

/** Turns what is known upside down. */
export function turnSlope(at: usize): void {
  const state = stateAt(at);
  state.sign = -state.sign;
  state.evenBefore = -state.evenBefore;
  for (let place = at + SLOPE; place < at + WORK; place += 4) store<f32>(place, -load<f32>(place));
}
