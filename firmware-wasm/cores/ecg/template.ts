// The shape of recent beats in the band-passed signal, and how well a candidate matches it.
// A candidate keeps its own short excerpt, so that a beat can teach its shape when it is accepted, up to 2 s later.

import { EXCERPT_COUNT, TEMPLATE, TEMPLATE_COUNT, Candidate, bandAt, candidateAt, excerptAt, stateAt } from './state';

const EXCERPT_HZ: f32 = 90;
const SHIFT_MAX: i32 = 5;
const SAME: f32 = 0.8;

export function designTemplate(at: usize): void {
  const state = stateAt(at);
  state.stride = max(1, <i32>nearest(state.rateHz * state.scale / EXCERPT_HZ));
}

/** Copies the excerpt around decimated index `center` to candidate `index` and rates it. */
export function excerpt(at: usize, index: i32, center: i32): void {
  const state = stateAt(at);
  const c = candidateAt(at, index);
  const into = excerptAt(at, index);
  const stride = state.stride;
  let bestMatch: f32 = -2;
  let bestShift = 0;
  const count = state.templateCount;
  for (let t = 0; t < count; t++) {
    const shape = at + TEMPLATE + <usize>(t * EXCERPT_COUNT * 4);
    for (let shift = -SHIFT_MAX; shift <= SHIFT_MAX; shift++) {
      let dot: f32 = 0;
      let power: f32 = 0;
      let k = center + shift - (EXCERPT_COUNT >> 1) * stride;
      for (let i = 0; i < EXCERPT_COUNT; i++) {
        const b = bandAt(at, k);
        dot += b * load<f32>(shape + ((<usize>i) << 2));
        power += b * b;
        k += stride;
      }
      const r = power > 0 ? dot / sqrt(power) : <f32>0;
      if (r > bestMatch) {
        bestMatch = r;
        bestShift = shift;
      }
    }
  }
  c.match = bestMatch;
  let k = center + bestShift - (EXCERPT_COUNT >> 1) * stride;
  for (let i = 0; i < EXCERPT_COUNT; i++) {
    store<f32>(into + ((<usize>i) << 2), bandAt(at, k));
    k += stride;
  }
}

/** An accepted beat teaches its shape. */
export function teach(at: usize, index: i32): void {
  const state = stateAt(at);
  const from = excerptAt(at, index);
  let power: f32 = 0;
  for (let i = 0; i < EXCERPT_COUNT; i++) power += load<f32>(from + ((<usize>i) << 2)) * load<f32>(from + ((<usize>i) << 2));
  if (power == 0) return;
  const norm: f32 = 1 / sqrt(power);
  let best = -1;
  let bestDot: f32 = SAME;
  for (let t = 0; t < state.templateCount; t++) {
    const shape = at + TEMPLATE + <usize>(t * EXCERPT_COUNT * 4);
    let dot: f32 = 0;
    for (let i = 0; i < EXCERPT_COUNT; i++) dot += load<f32>(from + ((<usize>i) << 2)) * norm * load<f32>(shape + ((<usize>i) << 2));
    if (dot > bestDot) {
      bestDot = dot;
      best = t;
    }
  }
  if (best < 0) {
    // unknown shape: takes a free place, or the one not used longest
    if (state.templateCount < TEMPLATE_COUNT) best = state.templateCount++;
    else best = 1 - state.lastTemplate;
    copyShape(at, best, from, norm, 0);
  } else copyShape(at, best, from, norm, 0.875);
  state.lastTemplate = best;
}

function copyShape(at: usize, t: i32, from: usize, norm: f32, keep: f32): void {
  const shape = at + TEMPLATE + <usize>(t * EXCERPT_COUNT * 4);
  let power: f32 = 0;
  for (let i: usize = 0; i < <usize>EXCERPT_COUNT; i++) {
    const v = keep * load<f32>(shape + (i << 2)) + (1 - keep) * norm * load<f32>(from + (i << 2));
    store<f32>(shape + (i << 2), v);
    power += v * v;
  }
  const scale: f32 = power > 0 ? 1 / sqrt(power) : 0;
  for (let i: usize = 0; i < <usize>EXCERPT_COUNT; i++) store<f32>(shape + (i << 2), load<f32>(shape + (i << 2)) * scale);
}
