// The way of a sample through the core: is it usable, then filters, search and decision.

import { clearSearch, searchStep } from './candidates';
import { clearMemory, decideAll } from './decide';
import { clearFilters, filterStep } from './filters';
import { FLAG_FLAT, FLAG_MISSING, KIND_UNUSABLE, KIND_USABLE } from './layout';
import { enqueue, queueHasRoom } from './queue';
import { RAW, RAW_COUNT, stateAt } from './state';

/** A signal that has not moved for this long is flat: longer than any pause between waves, short enough to be told within 2 s. */
const FLAT_S: f32 = 1.5;

/** Begins a stretch of usable signal at the next sample. */
export function restart(at: usize): void {
  const state = stateAt(at);
  state.startSample = state.taken;
  state.phase = 0;
  state.sum = 0;
  state.primed = 0;
  state.stuckCount = 0;
  clearFilters(at);
  clearSearch(at);
  clearMemory(at);
}

export function take(at: usize, from: usize, count: i32): i32 {
  const state = stateAt(at);
  for (let i = 0; i < count; i++) {
    if (!queueHasRoom(at)) return i;
    const x = load<f32>(from + ((<usize>i) << 2));
    if (x - x == 0) takePresent(at, x);
    else takeMissing(at);
    state.taken += 1;
  }
  return count;
}

/** The end of the signal: what is pending is decided. */
export function finish(at: usize): void {
  if (stateAt(at).trouble == 0) decideAll(at);
}

function takeMissing(at: usize): void {
  const state = stateAt(at);
  if (state.trouble & <i32>FLAG_MISSING) return;
  interrupt(at, state.taken, FLAG_MISSING);
}

function interrupt(at: usize, from: i64, flag: u16): void {
  const state = stateAt(at);
  if (state.trouble == 0) decideAll(at);
  state.trouble = flag;
  enqueue(at, <f64>from, 0, KIND_UNUSABLE, flag);
}

function resume(at: usize): void {
  const state = stateAt(at);
  state.trouble = 0;
  enqueue(at, <f64>state.taken, 0, KIND_USABLE, 0);
  restart(at);
}

function takePresent(at: usize, x: f32): void {
  const state = stateAt(at);
  if (state.trouble) {
    if (state.trouble == <i32>FLAG_FLAT && x == state.previous) return;
    resume(at);
  }
  if (!state.primed) {
    state.primed = 1;
    state.base = x;
    state.previous = x;
  }
  if (x == state.previous) {
    state.stuckCount += 1;
    if (<f32>state.stuckCount > FLAT_S * state.rateHz) {
      interrupt(at, state.taken - <i64>state.stuckCount, FLAG_FLAT);
      return;
    }
  } else {
    state.stuckCount = 0;
    state.previous = x;
  }
  store<f32>(at + RAW + ((<usize>(<i32>state.taken & (RAW_COUNT - 1))) << 2), x);
  state.sum += x - state.base;
  if (++state.phase == state.factor) {
    const mean = state.sum * state.scale;
    state.phase = 0;
    state.sum = 0;
    searchStep(at, filterStep(at, mean));
    state.clock += 1;
  }
}
