// The shape of recent upstrokes, how well a candidate matches it, and where exactly the candidate is: the shift at which it
// matches best, between samples by a parabola through the correlation. Using 0.6 s of signal for one time is what keeps the
// jitter low at 25 Hz.
//
// There are two shapes of the same pulses: SHAPE of the slope, which noise troubles little and which says whether it is a pulse,
// and SHARP of the fine slope, which says when.

import { Candidate, FINE, ringAt, SHAPE, SHARP, SLOPE, SLOPE_COUNT, stateAt } from './state';

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
    setPoint(at + SHAPE, k + half, max<f32>(0, 1 - t * t));
  }
  normalise(at + SHAPE, 2 * half + 1);
  memory.copy(at + SHARP, at + SHAPE, (<usize>(2 * half + 1)) << 2);
}

function pointAt(shape: usize, k: i32): f32 {
  return load<f32>(shape + ((<usize>k) << 2));
}

function setPoint(shape: usize, k: i32, value: f32): void {
  store<f32>(shape + ((<usize>k) << 2), value);
}

/** Mean 0, so that a drift of the signal does not count, and length 1. */
function normalise(shape: usize, count: i32): void {
  let sum: f32 = 0;
  for (let k = 0; k < count; k++) sum += pointAt(shape, k);
  const mean = sum / <f32>count;
  let power: f32 = 0;
  for (let k = 0; k < count; k++) {
    const value = pointAt(shape, k) - mean;
    setPoint(shape, k, value);
    power += value * value;
  }
  const scale: f32 = power > 0 ? 1 / sqrt(power) : 0;
  for (let k = 0; k < count; k++) setPoint(shape, k, pointAt(shape, k) * scale);
}

/** Places the candidate whose slope is highest at `index`, and rates it. Slopes up to half a shape and a shift later are there. */
export function matchShape(at: usize, candidate: Candidate, index: i32): void {
  const place = bestPlace(at, at + SHAPE, at + SLOPE, index);
  const length = lengthAt(at, at + SLOPE, place);
  const match: f32 = length > 0 ? dotAt(at, at + SHAPE, at + SLOPE, place) / length : 0;
  candidate.match = max<f32>(-1, min<f32>(1, match));
  candidate.index = bestPlace(at, at + SHARP, at + FINE, index);
  candidate.part = partOf(at, candidate.index);
}

/** Where the slopes in `ring` are most like `shape`, near `index`. */
function bestPlace(at: usize, shape: usize, ring: usize, index: i32): i32 {
  const reach = stateAt(at).shiftMax;
  let best = index;
  let bestDot: f32 = -Infinity;
  for (let place = index - reach; place <= index + reach; place++) {
    const dot = dotAt(at, shape, ring, place);
    if (dot > bestDot) {
      bestDot = dot;
      best = place;
    }
  }
  return best;
}

/** How far from `place`, -0.5 to 0.5, the likeness is highest. */
function partOf(at: usize, place: i32): f32 {
  const a = dotAt(at, at + SHARP, at + FINE, place - 1);
  const b = dotAt(at, at + SHARP, at + FINE, place);
  const c = dotAt(at, at + SHARP, at + FINE, place + 1);
  const bend = a - 2 * b + c;
  return bend < 0 ? max<f32>(-0.5, min<f32>(0.5, (0.5 * (a - c)) / bend)) : 0;
}

function dotAt(at: usize, shape: usize, ring: usize, place: i32): f32 {
  const half = stateAt(at).shapeHalf;
  const end = shape + ((<usize>(2 * half + 1)) << 2);
  let from = ring + ((<usize>((place - half) & (SLOPE_COUNT - 1))) << 2);
  let sum: f32 = 0;
  for (let point = shape; point < end; point += 4) {
    sum += load<f32>(point) * load<f32>(from);
    from += 4;
  }
  return sum;
}

/** Length of the slopes around `place` less their mean. They are measured against the highest one: squares must not leave f32. */
function lengthAt(at: usize, ring: usize, place: i32): f32 {
  const half = stateAt(at).shapeHalf;
  const points = 2 * half + 1;
  let unit: f32 = 0;
  for (let k = -half; k <= half; k++) unit = max(unit, abs(ringAt(ring, place + k)));
  if (unit === 0) return 0;
  let sum: f32 = 0;
  let squares: f32 = 0;
  for (let k = -half; k <= half; k++) {
    const x = ringAt(ring, place + k) / unit;
    sum += x;
    squares += x * x;
  }
  return unit * sqrt(max<f32>(0, squares - (sum * sum) / <f32>points));
}

/** An accepted pulse teaches its shape. */
export function teachShape(at: usize, candidate: Candidate): void {
  const state = stateAt(at);
  if (candidate.match < TEACH_MATCH) return;
  if (state.shapeAge < TEACH_COUNT) state.shapeAge += 1;
  teachOne(at, at + SHAPE, at + SLOPE, candidate);
  teachOne(at, at + SHARP, at + FINE, candidate);
}

function teachOne(at: usize, shape: usize, ring: usize, candidate: Candidate): void {
  const state = stateAt(at);
  const length = lengthAt(at, ring, candidate.index);
  if (length <= 0) return;
  const gain: f32 = 1 / <f32>(state.shapeAge + 1);
  const half = state.shapeHalf;
  for (let k = -half; k <= half; k++) {
    const taught = betweenAt(ring, candidate.index + k, candidate.part) / length;
    setPoint(shape, k + half, pointAt(shape, k + half) + gain * (taught - pointAt(shape, k + half)));
  }
  normalise(shape, 2 * half + 1);
}

/** The slope `part` (-0.5 to 0.5) after `index`, on the parabola through its neighbours. */
function betweenAt(ring: usize, index: i32, part: f32): f32 {
  const a = ringAt(ring, index - 1);
  const b = ringAt(ring, index);
  const c = ringAt(ring, index + 1);
  return b + part * (0.5 * (c - a) + part * (0.5 * (a + c) - b));
}
