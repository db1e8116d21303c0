// The norm at about 12 Hz and its autocorrelation, four points at a time.

import { addLagProducts, LAG_BLOCK, squaresOf } from '../../dsp/lag-products';
import { GRID, LAG_COUNT, LIKENESS, stateAt } from './state';
import { lagCountOf } from './step-rate';

/** A point is the mean of so many frames that there are about so many points a second: a step of 200 a minute has four. */
const GRID_HZ: f32 = 12.5;
/** The norm is measured from its own mean over about so long. */
const BASE_S: f32 = 2;
/** How fast the autocorrelation fades: a box of 7 s has the same mean age. */
const FADE_S: f32 = 3.5;

export function designGrid(at: usize): void {
  const state = stateAt(at);
  state.boxFrames = max(1, <i32>nearest(state.rateHz / GRID_HZ));
  state.boxLeft = state.boxFrames;
  state.gridHz = state.rateHz / <f32>state.boxFrames;
  state.gridFade = <f32>LAG_BLOCK / (FADE_S * state.gridHz);
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
  return (load<f32>(at + LIKENESS) * stateAt(at).gridFade) / <f32>LAG_BLOCK;
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
  for (; taken + LAG_BLOCK <= state.pointCount; taken += LAG_BLOCK) addBlock(at, pointAt(at, taken));
  state.pointCount -= taken;
  state.readyCount = state.pointCount;
  // What the next points will be compared with, and what is left over.
  const end = pointAt(at, state.pointCount);
  const step = (<usize>taken) << 2;
  for (let point = pointAt(at, -state.lagCount - LAG_BLOCK); point < end; point += 4)
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

/** Takes the four points at `from` into the autocorrelation. */
function addBlock(at: usize, from: usize): void {
  const state = stateAt(at);
  const keep: f32 = 1 - state.gridFade;
  const cells = at + LIKENESS;
  store<f32>(cells, keep * load<f32>(cells) + squaresOf(from));
  addLagProducts(from, 1, cells + 4, cells + ((<usize>state.lagCount) << 2), keep);
}
