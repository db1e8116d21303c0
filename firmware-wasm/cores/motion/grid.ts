// The norm at about 12 Hz and its autocorrelation, four points at a time: what is read once then serves four times.

import { GRID, LAG_COUNT, LIKENESS, stateAt } from './state';
import { lagCountOf } from './step-rate';

/** A point is the mean of so many frames that there are about so many points a second: a step of 200 a minute has four. */
const GRID_HZ: f32 = 12.5;
/** The norm is measured from its own mean over about so long. */
const BASE_S: f32 = 2;
/** How fast the autocorrelation fades: a box of 7 s has the same mean age. */
const FADE_S: f32 = 3.5;
const BLOCK_COUNT: i32 = 4;

export function designGrid(at: usize): void {
  const state = stateAt(at);
  state.boxFrames = max(1, <i32>nearest(state.rateHz / GRID_HZ));
  state.boxLeft = state.boxFrames;
  state.gridHz = state.rateHz / <f32>state.boxFrames;
  state.gridFade = <f32>BLOCK_COUNT / (FADE_S * state.gridHz);
  state.baseGain = 1 / (BASE_S * state.gridHz);
  state.lagCount = lagCountOf(state.gridHz);
  // Of two boxes.
  state.boxGain = 0.5 / <f32>state.boxFrames;
}

/** Forgets all points. */
export function clearGrid(at: usize): void {
  const state = stateAt(at);
  state.pointCount = 0;
  state.readyCount = 0;
  if (state.isCleared) return;
  state.isCleared = 1;
  memory.fill(at + GRID, 0, <usize>(LAG_COUNT * 4));
  memory.fill(at + LIKENESS, 0, <usize>((LAG_COUNT + 1) * 4));
}

export function pointAt(at: usize, index: i32): usize {
  return at + GRID + ((<usize>(LAG_COUNT + index)) << 2);
}

/** Mean square of the points. */
export function varianceOf(at: usize): f32 {
  return (load<f32>(at + LIKENESS) * stateAt(at).gridFade) / <f32>BLOCK_COUNT;
}

/** Takes the sums of the second that ends into the autocorrelation. Returns its mean square; below `quiet` all is forgotten. */
export function takePoints(at: usize, quiet: f32): f32 {
  const state = stateAt(at);
  const square = levelPoints(at);
  if (!(square >= quiet)) {
    clearGrid(at);
    return 0;
  }
  state.isCleared = 0;
  let taken = 0;
  for (; taken + BLOCK_COUNT <= state.pointCount; taken += BLOCK_COUNT) addBlock(at, pointAt(at, taken));
  state.pointCount -= taken;
  state.readyCount = state.pointCount;
  // What the next points will be compared with, and what is left over.
  const end = pointAt(at, state.pointCount);
  const step = (<usize>taken) << 2;
  for (let point = pointAt(at, -state.lagCount - BLOCK_COUNT); point < end; point += 4)
    store<f32>(point, load<f32>(point + step));
  return square;
}

/**
 * Makes points of sums: the mean of two boxes, since one alone lets through what the grid would fold down, less its own slow mean.
 * Returns their mean square.
 */
function levelPoints(at: usize): f32 {
  const state = stateAt(at);
  const gain = state.boxGain;
  const baseGain = state.baseGain;
  let before = state.boxBefore;
  let base = state.gridBase;
  let squares: f32 = 0;
  const end = pointAt(at, state.pointCount);
  let point = pointAt(at, state.readyCount);
  if (base === 0) {
    before = load<f32>(point);
    base = 2 * before * gain;
  }
  for (; point < end; point += 4) {
    const sum = load<f32>(point);
    const away = (sum + before) * gain - base;
    before = sum;
    base += baseGain * away;
    squares += away * away;
    store<f32>(point, away);
  }
  state.boxBefore = before;
  state.gridBase = base;
  return squares / <f32>(state.pointCount - state.readyCount);
}

/** Adds the products of the four points at `from` with those up to LAG_COUNT before them, four lags at a time. */
function addBlock(at: usize, from: usize): void {
  const state = stateAt(at);
  const keep: f32 = 1 - state.gridFade;
  // The last of a row is read first: it lies highest, and where it is allowed the others are.
  const d = load<f32>(from, 12);
  const c = load<f32>(from, 8);
  const b = load<f32>(from, 4);
  const a = load<f32>(from);
  const cells = at + LIKENESS;
  store<f32>(cells, keep * load<f32>(cells) + (a * a + b * b + c * c + d * d));
  const end = cells + ((<usize>state.lagCount) << 2);
  let back = from - 16;
  for (let cell = cells + 4; cell <= end; cell += 16) {
    const h6 = load<f32>(back, 24);
    const h5 = load<f32>(back, 20);
    const h4 = load<f32>(back, 16);
    const h3 = load<f32>(back, 12);
    const h2 = load<f32>(back, 8);
    const h1 = load<f32>(back, 4);
    const h0 = load<f32>(back);
    store<f32>(cell, keep * load<f32>(cell, 12) + (a * h0 + b * h1 + c * h2 + d * h3), 12);
    store<f32>(cell, keep * load<f32>(cell, 8) + (a * h1 + b * h2 + c * h3 + d * h4), 8);
    store<f32>(cell, keep * load<f32>(cell, 4) + (a * h2 + b * h3 + c * h4 + d * h5), 4);
    store<f32>(cell, keep * load<f32>(cell) + (a * h3 + b * h4 + c * h5 + d * h6));
    back -= 16;
  }
}
