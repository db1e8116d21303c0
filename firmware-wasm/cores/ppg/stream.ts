// The way of a frame through the core: is it usable, then slope, rhythm, search and decision.

import { clearMemory, decideUntil } from './decide';
import { FLAG_CLIPPED, FLAG_FLAT, FLAG_MISSING, KIND_UNUSABLE, KIND_USABLE } from './layout';
import { motionStep } from './motion';
import { weighBlock } from './polarity';
import { queueHasRoom } from './queue';
import { clearRails, closeRails, openRails, railsStep } from './rails';
import { clearRhythm, rhythmStep } from './rhythm';
import { clearSearch, searchOn } from './search';
import { clearShape } from './shape';
import { clearSlope, slopeStep } from './slope';
import { PpgState, stateAt } from './state';
import { closeOverdue, closeUntil, openWindow, say } from './windows';

/** Work samples per second at least, where the frames allow: twice what a pulse wave holds above its noise. */
const WORK_HZ: f32 = 30;
/** A signal that has not moved for this long is flat: longer than a diastole, short enough to be told within 2 s. */
const FLAT_S: f32 = 1.5;
/** The light and three axes of acceleration. */
export const CHANNEL_COUNT_MAX: i32 = 4;
/** Beyond this a number is not light; its square would leave f32. */
const NUMBER_MAX: f32 = 1e15;

export function designStream(at: usize): void {
  const state = stateAt(at);
  state.factor = max(1, <i32>(state.rateHz / WORK_HZ));
  state.workHz = state.rateHz / <f32>state.factor;
  state.workS = 1 / state.workHz;
  state.scale = 1 / <f32>state.factor;
  state.stuckMax = <i32>(FLAT_S * state.rateHz);
  state.railMax = <i32>nearest(state.rateHz);
  openWindow(at);
}

/** Begins a stretch of usable signal at the next frame. */
export function restart(at: usize): void {
  const state = stateAt(at);
  state.startSample = state.taken;
  state.phase = 0;
  state.sum = 0;
  state.primed = 0;
  state.stuckCount = 0;
  clearRails(at);
  clearSlope(at);
  clearRhythm(at);
  clearShape(at);
  clearSearch(at);
  clearMemory(at);
}

/** Takes numbers until they end or the findings need polling. Returns how many. */
export function take(at: usize, from: usize, count: i32): i32 {
  const state = stateAt(at);
  const channelCount = state.channelCount;
  const frame = at + offsetof<PpgState>('light');
  let taken = 0;
  while (taken < count && queueHasRoom(at)) {
    const next = from + ((<usize>taken) << 2);
    if (state.channel === 0 && count - taken >= channelCount) {
      taken += channelCount * takeFrames(at, next, (count - taken) / channelCount);
      continue;
    }
    store<f32>(frame + ((<usize>state.channel) << 2), load<f32>(next));
    taken += 1;
    if (++state.channel < channelCount) continue;
    state.channel = 0;
    takeFrames(at, frame, 1);
    // A snapshot knows nothing of how the numbers came.
    memory.fill(frame, 0, <usize>(4 * CHANNEL_COUNT_MAX));
  }
  return taken;
}

/** Takes one frame or more, none behind the end of what a window may wait for. Returns how many. */
function takeFrames(at: usize, from: usize, countMax: i32): i32 {
  const state = stateAt(at);
  let count = 1;
  if (isUsable(at, load<f32>(from))) count = takeRun(at, from, <i32>min(<i64>countMax, state.closeAt - state.taken));
  else if (<i32>state.taken % (state.factor * state.evenFactor) === 0) motionStep(at, from);
  state.taken += count;
  if (state.taken >= state.closeAt) closeOverdue(at);
  return count;
}

/** A comparison with NaN is false. */
function isLight(x: f32): bool {
  return x <= NUMBER_MAX && x >= -NUMBER_MAX;
}

/** Is there light, and no trouble or an end of it? Says where either begins. */
function isUsable(at: usize, x: f32): bool {
  const state = stateAt(at);
  const trouble = state.trouble;
  if (!isLight(x)) {
    if (trouble !== <i32>FLAG_MISSING) interrupt(at, state.taken, FLAG_MISSING);
    return false;
  }
  if (trouble === 0) return true;
  if (trouble === <i32>FLAG_FLAT && x === state.previous) return false;
  if (trouble === <i32>FLAG_CLIPPED && railsStep(at, x) !== -1) return false;
  // Said while the trouble lasts: a window that closes with it is not judged.
  say(at, <f64>state.taken, 0, KIND_USABLE, 0);
  state.trouble = 0;
  restart(at);
  return true;
}

/** Takes frames, the first of which has light, until one has none, the signal becomes unusable or findings need polling. Returns how many. */
// Longer than others: what changes from frame to frame is to stay in registers.
function takeRun(at: usize, from: usize, count: i32): i32 {
  const state = stateAt(at);
  if (!state.primed) prime(at, load<f32>(from));
  if (state.railCount === 0) openRails(at, load<f32>(from));
  const start = state.taken;
  const step = (<usize>state.channelCount) << 2;
  const base = state.base;
  let highest = state.highest;
  let lowest = state.lowest;
  let highCount = state.highCount;
  let lowCount = state.lowCount;
  let stuckLeft = state.stuckMax - state.stuckCount;
  let previous = state.previous;
  let sum = state.sum;
  let left = state.factor - state.phase;
  count = min(count, state.railMax - state.railCount);
  let taken = 0;
  while (taken < count && stuckLeft >= 0) {
    const x = load<f32>(from);
    if (!isLight(x)) break;
    if (x < highest) {
      if (x < lowest) {
        lowest = x;
        lowCount = 1;
      } else if (x === lowest) lowCount += 1;
    } else if (x > highest) {
      highest = x;
      highCount = 1;
    } else highCount += 1;
    stuckLeft = x === previous ? stuckLeft - 1 : state.stuckMax;
    previous = x;
    sum += x - base;
    taken += 1;
    if (--left === 0) {
      state.taken = start + taken - 1;
      if (state.evenFactor === 1 || state.clock & 1) motionStep(at, from);
      takeWork(at, sum * state.scale);
      sum = 0;
      left = state.factor;
      if (!queueHasRoom(at)) break;
    }
    from += step;
  }
  state.highest = highest;
  state.lowest = lowest;
  state.highCount = highCount;
  state.lowCount = lowCount;
  state.railCount += taken;
  state.stuckCount = state.stuckMax - stuckLeft;
  state.previous = previous;
  state.sum = sum;
  state.phase = state.factor - left;
  state.taken = start + taken - 1;
  checkRun(at);
  state.taken = start;
  return taken;
}

/** Takes a work sample, the mean of `factor` frames. */
function takeWork(at: usize, x: f32): void {
  if (!slopeStep(at, x)) return;
  if (rhythmStep(at)) weighBlock(at);
  searchOn(at);
}

/** Has the signal stood still, or at a rail, up to the frame `taken`? */
function checkRun(at: usize): void {
  const state = stateAt(at);
  if (state.stuckCount > state.stuckMax) interrupt(at, state.taken - <i64>state.stuckCount, FLAG_FLAT);
  else if (state.railCount === state.railMax && closeRails(at) > 0) {
    interrupt(at, state.taken + 1 - <i64>state.railMax, FLAG_CLIPPED);
  }
}

// The first sample of a stretch is the zero of all that follow, so that an offset costs no precision.
function prime(at: usize, x: f32): void {
  const state = stateAt(at);
  state.primed = 1;
  state.base = x;
  state.previous = x;
}

function interrupt(at: usize, from: i64, flag: u16): void {
  const state = stateAt(at);
  if (state.trouble === 0) decideUntil(at, <f64>from);
  state.trouble = flag;
  state.doubtful = 0;
  clearRails(at);
  say(at, <f64>from, 0, KIND_UNUSABLE, flag);
}

/** The end of the signal: what is pending is decided. */
export function finish(at: usize): void {
  const state = stateAt(at);
  if (state.trouble === 0) decideUntil(at, Infinity);
  closeUntil(at, <f64>state.taken);
}
