// From work samples to their slope: a median of three against single spikes, then the difference of two neighbouring moving sums.
// All of it is symmetric in time, so it delays every frequency alike and moves no pulse against another.

import { EVEN, FINE, LAG_COUNT, ringAt, SLOPE, SLOPE_COUNT, setRing, setTwice, stateAt, WORK } from './state';

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
  memory.fill(at + SLOPE, 0, <usize>SLOPE_COUNT * 28 + <usize>LAG_COUNT * 4);
  state.clock = 0;
  state.level = 0;
  state.power = 0;
}

/** Frames from the start of the stretch to the middle of slope number `index`. */
export function slopeMiddle(at: usize, index: f64): f64 {
  const state = stateAt(at);
  // A work sample stands for `factor` frames, the median looks one back, the two sums meet `half` samples back.
  const work = index - 0.5 - <f64>state.half;
  return work * <f64>state.factor + 0.5 * <f64>(state.factor - 1);
}

/** Takes the next work sample; afterwards slope number `clock - 1` is there. */
export function slopeStep(at: usize, x: f32): void {
  const state = stateAt(at);
  const clock = state.clock;
  state.clock = clock + 1;
  const a = clock > 0 ? state.before1 : x;
  const b = clock > 1 ? state.before2 : a;
  setRing(at + WORK, clock, max(min(a, b), min(max(a, b), x)));
  state.before2 = a;
  state.before1 = x;
  if (clock < 2 * state.half) return;
  const middle = clock - state.half;
  const slope = state.sign * differenceAt(at, middle, state.half);
  setTwice(at + SLOPE, clock, slope);
  setTwice(at + FINE, clock, state.sign * differenceAt(at, middle, state.fineHalf));
  setTwice(at + EVEN, clock, levelled(at, slope));
}

/** Sum of the `half` work samples after `middle` less the sum of the `half` up to it. */
function differenceAt(at: usize, middle: i32, half: i32): f32 {
  let sum: f32 = 0;
  for (let i = 0; i < half; i++) sum += ringAt(at + WORK, middle + 1 + i) - ringAt(at + WORK, middle - i);
  return sum;
}

/** The slope against its usual size, -1 to 1, so that one artefact cannot outweigh all pulses in rhythm and polarity. */
function levelled(at: usize, slope: f32): f32 {
  const state = stateAt(at);
  const size = abs(slope);
  if (state.level === 0) state.level = size;
  const limit = STEEP * state.level;
  // Early on the mean is over what there is.
  const gain = max(state.levelGain, 1 / <f32>(state.clock - 2 * state.half));
  state.level += gain * (min(size, limit) - state.level);
  return limit > 0 ? max<f32>(-1, min<f32>(1, slope / limit)) : <f32>0;
}

/** Turns what is known upside down. */
export function turnSlope(at: usize): void {
  const state = stateAt(at);
  state.sign = -state.sign;
  for (let i = 0; i < SLOPE_COUNT; i++) {
    setTwice(at + SLOPE, i, -ringAt(at + SLOPE, i));
    setTwice(at + FINE, i, -ringAt(at + FINE, i));
    setTwice(at + EVEN, i, -ringAt(at + EVEN, i));
  }
}
