// The shapes of recent beats in the band-passed signal, and how well a candidate matches the nearest.
// A candidate keeps its own excerpt, so that a beat can teach its shape when it is settled, up to 2 s later.

import {
  BAND,
  BAND_COUNT,
  candidateAt,
  excerptAt,
  SCRATCH,
  SHAPE_COUNT,
  SHAPES_COUNT,
  shapeAt,
  stateAt,
} from './state';

/** About the rate of a shape's points: enough for a band that ends at 25 Hz. */
const SHAPE_HZ: f32 = 60;
/** A shape is sought this far to either side of where the energy puts it. */
const SHIFT_S: f32 = 0.042;
/** A beat this much like a remembered shape (correlation) refines it, another one replaces the older of the two. */
const SAME_SHAPE: f32 = 0.8;
/** A shape is a running mean over about eight beats. */
const SHAPE_KEEP: f32 = 0.875;

/** The likeness of a wave while no shape is known: neither for it nor against it. */
const UNKNOWN: f32 = 0.9;

export function designShape(at: usize): void {
  const state = stateAt(at);
  const hz = state.rateHz * state.scale;
  state.stride = max(1, <i32>nearest(hz / SHAPE_HZ));
  state.shiftMax = max(1, <i32>nearest(SHIFT_S * hz));
}

/** Gives candidate `index` its excerpt around decimated sample `center`, aligned to the shape it matches best, and rates it. */
export function matchShape(at: usize, index: i32, center: i32): void {
  const state = stateAt(at);
  const step = (<usize>state.stride) << 2;
  const scratch = copyBand(at, center);
  let bestMatch: f32 = UNKNOWN;
  let bestShift = state.shiftMax;
  if (state.shapeCount > 0) {
    bestMatch = -2;
    const one = shapeAt(at, 0);
    const other = state.shapeCount > 1 ? shapeAt(at, 1) : one;
    for (let shift = 0; shift <= 2 * state.shiftMax; shift++) {
      let likeOne: f32 = 0;
      let likeOther: f32 = 0;
      let power: f32 = 0;
      let from = scratch + ((<usize>shift) << 2);
      for (let i: usize = 0; i < <usize>SHAPE_COUNT * 4; i += 4) {
        const b = load<f32>(from);
        likeOne += b * load<f32>(one + i);
        likeOther += b * load<f32>(other + i);
        power += b * b;
        from += step;
      }
      const match: f32 = power > 0 ? max(likeOne, likeOther) / sqrt(power) : 0;
      if (match > bestMatch) {
        bestMatch = match;
        bestShift = shift;
      }
    }
  }
  candidateAt(at, index).match = bestMatch;
  const into = excerptAt(at, index);
  for (let i: usize = 0; i < <usize>SHAPE_COUNT; i++) {
    store<f32>(into + (i << 2), load<f32>(scratch + ((<usize>bestShift) << 2) + i * step));
  }
}

/** Candidate `index` has no shape to speak of. */
export function skipShape(at: usize, index: i32): void {
  candidateAt(at, index).match = 0;
  memory.fill(excerptAt(at, index), 0, <usize>SHAPE_COUNT * 4);
}

// Lays the stretch of the ring that a comparison needs out flat, and in units of its own peak: squares must not leave f32.
function copyBand(at: usize, center: i32): usize {
  const state = stateAt(at);
  const scratch = at + SCRATCH;
  const width = (SHAPE_COUNT - 1) * state.stride + 2 * state.shiftMax + 1;
  const from = center - (SHAPE_COUNT >> 1) * state.stride - state.shiftMax;
  const unit: f32 = 1 / max<f32>(state.peak, 1e-30);
  for (let i = 0; i < width; i++) {
    const b = load<f32>(at + BAND + ((<usize>((from + i) & (BAND_COUNT - 1))) << 2));
    store<f32>(scratch + ((<usize>i) << 2), b * unit);
  }
  return scratch;
}

/** A settled beat teaches its shape. */
export function teachShape(at: usize, index: i32): void {
  const state = stateAt(at);
  const from = excerptAt(at, index);
  const power = dot(from, from);
  if (!(power > 0)) return;
  const norm: f32 = 1 / sqrt(power);
  let nearestShape = -1;
  let bestMatch = SAME_SHAPE;
  for (let i = 0; i < state.shapeCount; i++) {
    const match = dot(from, shapeAt(at, i)) * norm;
    if (match > bestMatch) {
      bestMatch = match;
      nearestShape = i;
    }
  }
  if (nearestShape >= 0) blendShape(shapeAt(at, nearestShape), from, SHAPE_KEEP, (1 - SHAPE_KEEP) * norm);
  else {
    nearestShape = state.shapeCount < SHAPES_COUNT ? state.shapeCount++ : 1 - state.shapeLast;
    blendShape(shapeAt(at, nearestShape), from, 0, norm);
  }
  state.shapeLast = nearestShape;
}

function dot(a: usize, b: usize): f32 {
  let sum: f32 = 0;
  for (let i: usize = 0; i < <usize>SHAPE_COUNT * 4; i += 4) sum += load<f32>(a + i) * load<f32>(b + i);
  return sum;
}

function blendShape(shape: usize, from: usize, keep: f32, add: f32): void {
  for (let i: usize = 0; i < <usize>SHAPE_COUNT * 4; i += 4) {
    store<f32>(shape + i, (keep == 0 ? 0 : keep * load<f32>(shape + i)) + add * load<f32>(from + i));
  }
  const power = dot(shape, shape);
  const norm: f32 = power > 0 ? 1 / sqrt(power) : 0;
  for (let i: usize = 0; i < <usize>SHAPE_COUNT * 4; i += 4) store<f32>(shape + i, load<f32>(shape + i) * norm);
}
