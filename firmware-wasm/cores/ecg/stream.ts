// The way of a sample through the core: is it usable, decimation, filters, search, verdict.

import { settle } from './best-path';
import { filterStep } from './filters';
import { searchStep } from './peak-search';
import { queueHasRoom } from './queue';
import { checkStep, MAGNITUDE_MAX, prime, runOut, takeMissing, takeStuck, takeTroubled } from './signal-check';
import { RAW, RAW_COUNT, rawAt, stateAt } from './state';
import { closeUntil } from './windows';

/** Takes samples until they end or the findings need polling. Returns how many. */
export function takeSamples(at: usize, from: usize, count: i32): i32 {
  let taken = 0;
  while (taken < count && queueHasRoom(at)) {
    const next = from + ((<usize>taken) << 2);
    taken += takeUsual(at, next, count - taken);
    if (taken < count && queueHasRoom(at)) {
      takeUnusual(at, load<f32>(from + ((<usize>taken) << 2)));
      taken++;
    }
  }
  return taken;
}

/**
 * After flush, and as soon as the queue has room: what is pending is settled, once. Returns whether that happened now. A caller
 * who has not polled for long finds the last findings after those.
 */
export function endStream(at: usize): bool {
  const state = stateAt(at);
  if (!state.flushed || state.ended || !queueHasRoom(at)) return false;
  state.ended = 1;
  if (state.trouble) return true;
  runOut(at);
  settle(at, true);
  closeUntil(at, <f64>state.taken);
  return true;
}

// Samples of a usable stretch, up to the first that is unusual or a full queue; may take none. What changes with every sample
// lives in locals: this loop is most of the core's work.
function takeUsual(at: usize, from: usize, count: i32): i32 {
  const state = stateAt(at);
  if (state.trouble || !state.primed) return 0;
  const start = state.taken;
  const base = state.base;
  const factor = state.factor;
  const ring = at + RAW;
  let stuckNext = state.stuckNext;
  let previous = state.previous;
  let stuck = state.stuckCount;
  let sum = state.sum;
  let phase = state.phase;
  let i = 0;
  while (i < count) {
    const x = load<f32>(from + ((<usize>i) << 2));
    if (x == previous) {
      if (stuck >= stuckNext) break;
      stuck++;
    } else {
      if (!(abs(x) <= MAGNITUDE_MAX)) break;
      previous = x;
      stuck = 0;
      stuckNext = state.stuckStep;
    }
    store<f32>(ring + ((<usize>((<i32>start + i) & (RAW_COUNT - 1))) << 2), x);
    i++;
    sum += x - base;
    if (++phase == factor) {
      const mean = sum * state.scale;
      phase = 0;
      sum = 0;
      state.taken = start + <i64>i;
      checkStep(at, mean);
      searchStep(at, filterStep(at, mean));
      state.clock += 1;
      if (!queueHasRoom(at)) break;
    }
  }
  state.taken = start + <i64>i;
  state.previous = previous;
  state.stuckCount = stuck;
  state.stuckNext = stuckNext;
  state.sum = sum;
  state.phase = phase;
  return i;
}

// One sample that needs a closer look: missing, in trouble, the first of a stretch, or one too many of the same value.
function takeUnusual(at: usize, x: f32): void {
  const state = stateAt(at);
  if (!(abs(x) <= MAGNITUDE_MAX)) takeMissing(at);
  else if (state.trouble) takeTroubled(at, x);
  else if (!state.primed) prime(at, x);
  else {
    takeStuck(at);
    if (state.trouble == 0) state.stuckCount += 1;
  }
  store<f32>(rawAt(at, <i32>state.taken), x);
  state.taken += 1;
  // A sample that was stored but not filtered would shift the decimation: it counts as one of its group.
  if (state.trouble == 0) closeGroup(at, x);
  else closeUntil(at, <f64>state.taken);
}

function closeGroup(at: usize, x: f32): void {
  const state = stateAt(at);
  state.sum += x - state.base;
  if (++state.phase < state.factor) return;
  const mean = state.sum * state.scale;
  state.phase = 0;
  state.sum = 0;
  checkStep(at, mean);
  searchStep(at, filterStep(at, mean));
  state.clock += 1;
}
