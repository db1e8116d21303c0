// The shape of recent upstrokes, how well a candidate matches it, and where exactly the candidate is: the shift at which it
// matches best, between samples by a parabola through the correlation. Using 0.6 s of signal for one time is what keeps the
// jitter low at 25 Hz.
//
// There are two shapes of the same pulses: SHAPE of the slope, which noise troubles little and which says whether it is a pulse,
// and SHARP of the fine slope, which says when.

import { Candidate, FINE, placeIn, SHAPE, SHARP, SLOPE, SLOPE_COUNT, stateAt } from './state';

/** Half the shape: the upstroke, its foot and the systolic peak. */
const HALF_S: f32 = 0.3;
/** A candidate may be this far from where its slope is highest. */
const SHIFT_S: f32 = 0.08;
/** Half of the first shape's upstroke, before any pulse is known. */
const LOBE_S: f32 = 0.15;
/** A pulse that matches less teaches nothing. */
const TEACH_MATCH: f32 = 0.5;
/** A shape is a mean of this many pulses. */
const TEACH_COUNT: i32 = 10;

export function designShape(at: usize): void {
  const state = stateAt(at);
  state.shapeHalf = <i32>nearest(HALF_S * state.workHz);
  state.shiftMax = max(1, <i32>nearest(SHIFT_S * state.workHz));
}

/** Forgets all pulses: the shape is a plain upstroke. */
export function clearShape(at: usize): void {
  const state = stateAt(at);
  const half = state.shapeHalf;
  state.shapeAge = 0;
  for (let k = -half; k <= half; k++) {
    const t = <f32>k / (LOBE_S * state.workHz);
    store<f32>(at + SHAPE + ((<usize>(k + half)) << 2), max<f32>(0, 1 - t * t));
  }
  normalise(at + SHAPE, 2 * half + 1);
  memory.copy(at + SHARP, at + SHAPE, (<usize>(2 * half + 1)) << 2);
}

/** Mean 0, so that a drift of the signal does not count, and length 1. */
function normalise(shape: usize, count: i32): void {
  const end = shape + ((<usize>count) << 2);
  let sum: f32 = 0;
  let squares: f32 = 0;
  for (let point = shape; point < end; point += 4) {
    const value = load<f32>(point);
    sum += value;
    squares += value * value;
  }
  const mean = sum / <f32>count;
  const power = squares - mean * sum;
  const scale: f32 = power > 0 ? 1 / sqrt(power) : 0;
  for (let point = shape; point < end; point += 4) store<f32>(point, (load<f32>(point) - mean) * scale);
}

/** Places the candidate whose slope is highest at `index`, and rates it. Slopes up to half a shape and a shift later are there. */
export function matchShape(at: usize, candidate: Candidate, index: i32): void {
  const state = stateAt(at);
  const place = climb(at, at + SHAPE, at + SLOPE, index, index);
  const length = lengthAt(at, at + SLOPE, place);
  const match: f32 = length > 0 ? state.dotBest / length : 0;
  candidate.match = max<f32>(-1, min<f32>(1, match));
  candidate.index = climb(at, at + SHARP, at + FINE, place, index);
  const bend = state.dotBefore - 2 * state.dotBest + state.dotAfter;
  const part: f32 = bend < 0 ? (0.5 * (state.dotBefore - state.dotAfter)) / bend : 0;
  candidate.part = max<f32>(-0.5, min<f32>(0.5, part));
}

/** Where the slopes in `ring` are most like `shape`: uphill from `index`, near `middle`. Leaves the likeness there and beside it in the state. */
function climb(at: usize, shape: usize, ring: usize, index: i32, middle: i32): i32 {
  const state = stateAt(at);
  dotThree(at, shape, ring, index);
  const last = middle + state.shiftMax;
  const first = middle - state.shiftMax;
  if (state.dotAfter > state.dotBest) {
    while (state.dotAfter > state.dotBest && index < last) {
      index += 1;
      state.dotBefore = state.dotBest;
      state.dotBest = state.dotAfter;
      state.dotAfter = dotAt(at, shape, ring, index + 1);
    }
    return index;
  }
  while (state.dotBefore > state.dotBest && index > first) {
    index -= 1;
    state.dotAfter = state.dotBest;
    state.dotBest = state.dotBefore;
    state.dotBefore = dotAt(at, shape, ring, index - 1);
  }
  return index;
}

function dotAt(at: usize, shape: usize, ring: usize, place: i32): f32 {
  const half = stateAt(at).shapeHalf;
  const end = shape + ((<usize>(2 * half + 1)) << 2);
  let from = placeIn(ring, place - half, SLOPE_COUNT);
  let sum: f32 = 0;
  for (; shape < end; shape += 4) {
    sum += load<f32>(shape) * load<f32>(from);
    from += 4;
  }
  return sum;
}

/** `dotAt` of `place` and the places beside it, in one pass. */
function dotThree(at: usize, shape: usize, ring: usize, place: i32): void {
  const state = stateAt(at);
  const half = state.shapeHalf;
  const end = shape + ((<usize>(2 * half + 1)) << 2);
  let from = placeIn(ring, place - half - 1, SLOPE_COUNT);
  let a = load<f32>(from);
  let b = load<f32>(from, 4);
  let before: f32 = 0;
  let best: f32 = 0;
  let after: f32 = 0;
  for (; shape < end; shape += 4) {
    const point = load<f32>(shape);
    const c = load<f32>(from, 8);
    before += point * a;
    best += point * b;
    after += point * c;
    a = b;
    b = c;
    from += 4;
  }
  state.dotBefore = before;
  state.dotBest = best;
  state.dotAfter = after;
}

/** Length of the slopes around `place` less their mean. */
function lengthAt(at: usize, ring: usize, place: i32): f32 {
  const half = stateAt(at).shapeHalf;
  const count = 2 * half + 1;
  let from = placeIn(ring, place - half, SLOPE_COUNT);
  let sum: f32 = 0;
  let squares: f32 = 0;
  for (const end = from + ((<usize>count) << 2); from < end; from += 4) {
    const x = load<f32>(from);
    sum += x;
    squares += x * x;
  }
  return sqrt(max<f32>(0, squares - (sum * sum) / <f32>count));
}

/** An accepted pulse teaches its shape. */
export function teachShape(at: usize, candidate: Candidate): void {
  const state = stateAt(at);
  if (candidate.match < TEACH_MATCH) return;
  if (state.shapeAge < TEACH_COUNT) state.shapeAge += 1;
  teachOne(at, at + SHAPE, at + SLOPE, candidate);
  teachOne(at, at + SHARP, at + FINE, candidate);
}

/** Moves a shape towards the slopes at the candidate, which lie between those of the ring: on the parabola through three of them. */
function teachOne(at: usize, shape: usize, ring: usize, candidate: Candidate): void {
  const state = stateAt(at);
  const length = lengthAt(at, ring, candidate.index);
  if (length <= 0) return;
  const gain: f32 = 1 / <f32>(state.shapeAge + 1);
  const share = gain / length;
  const keep: f32 = 1 - gain;
  const part = candidate.part;
  const count = 2 * state.shapeHalf + 1;
  let from = placeIn(ring, candidate.index - state.shapeHalf - 1, SLOPE_COUNT);
  let a = load<f32>(from);
  let b = load<f32>(from, 4);
  const end = shape + ((<usize>count) << 2);
  for (let point = shape; point < end; point += 4) {
    const c = load<f32>(from, 8);
    const between = b + part * (0.5 * (c - a) + part * (0.5 * (a + c) - b));
    store<f32>(point, keep * load<f32>(point) + share * between);
    a = b;
    b = c;
    from += 4;
  }
  normalise(shape, count);
}
