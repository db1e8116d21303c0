// The way of a frame through the core: is it usable, then slope, rhythm, search and decision.

import { clearMemory, decideUntil } from './decide';
import { FLAG_CLIPPED, FLAG_FLAT, FLAG_MISSING, KIND_UNUSABLE, KIND_USABLE } from './layout';
import { designMotion, motionStep } from './motion';
import { designPolarity, weighSlope } from './polarity';
import { queueHasRoom } from './queue';
import { clearRails, railsStep } from './rails';
import { clearRhythm, rhythmStep } from './rhythm';
import { clearSearch, searchOn } from './search';
import { clearShape } from './shape';
import { clearSlope, slopeStep } from './slope';
import { stateAt } from './state';
import { closeOverdue, closeUntil, openWindow, say } from './windows';

/** Work samples per second at least, where the frames allow: twice what a pulse wave holds above its noise. */
const WORK_HZ: f32 = 30;
/** A signal that has not moved for this long is flat: longer than a diastole, short enough to be told within 2 s. */
const FLAT_S: f32 = 1.5;
/** Beyond this a number is not light; its square would leave f32. */
const NUMBER_MAX: f32 = 1e15;

export function designStream(at: usize): void {
  const state = stateAt(at);
  state.factor = max(1, <i32>(state.rateHz / WORK_HZ));
  state.workHz = state.rateHz / <f32>state.factor;
  state.scale = 1 / <f32>state.factor;
  state.stuckMax = <i32>(FLAT_S * state.rateHz);
  state.railMax = <i32>nearest(state.rateHz);
  designMotion(at);
  designPolarity(at);
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
  let taken = 0;
  for (; taken < count && queueHasRoom(at); taken++) {
    const x = load<f32>(from + ((<usize>taken) << 2));
    if (state.channel === 0) state.pulse = x;
    else motionStep(at, x);
    if (++state.channel < channelCount) continue;
    state.channel = 0;
    takeFrame(at, state.pulse);
  }
  return taken;
}

function takeFrame(at: usize, x: f32): void {
  const state = stateAt(at);
  // A comparison with NaN is false.
  if (!(abs(x) <= NUMBER_MAX)) takeMissing(at);
  else if (state.trouble) takeTroubled(at, x);
  else takeUsable(at, x);
  state.taken += 1;
  if (state.taken >= state.closeAt) closeOverdue(at);
}

function takeUsable(at: usize, x: f32): void {
  const state = stateAt(at);
  if (!state.primed) prime(at, x);
  state.stuckCount = x === state.previous ? state.stuckCount + 1 : 0;
  state.previous = x;
  if (state.stuckCount > state.stuckMax) {
    interrupt(at, state.taken - <i64>state.stuckCount, FLAG_FLAT);
    return;
  }
  if (railsStep(at, x) > 0) {
    interrupt(at, state.taken + 1 - <i64>state.railMax, FLAG_CLIPPED);
    return;
  }
  state.sum += x - state.base;
  if (++state.phase < state.factor) return;
  slopeStep(at, state.sum * state.scale);
  state.phase = 0;
  state.sum = 0;
  if (state.clock <= 2 * state.half) return;
  rhythmStep(at, state.clock - 1);
  weighSlope(at, state.clock - 1);
  searchOn(at);
}

// The first sample of a stretch is the zero of all that follow, so that an offset costs no precision.
function prime(at: usize, x: f32): void {
  const state = stateAt(at);
  state.primed = 1;
  state.base = x;
  state.previous = x;
}

function takeMissing(at: usize): void {
  const state = stateAt(at);
  if (state.trouble !== <i32>FLAG_MISSING) interrupt(at, state.taken, FLAG_MISSING);
}

function interrupt(at: usize, from: i64, flag: u16): void {
  const state = stateAt(at);
  if (state.trouble === 0) decideUntil(at, <f64>from);
  state.trouble = flag;
  state.doubtful = 0;
  clearRails(at);
  say(at, <f64>from, 0, KIND_UNUSABLE, flag);
}

function takeTroubled(at: usize, x: f32): void {
  const state = stateAt(at);
  if (state.trouble === <i32>FLAG_FLAT && x === state.previous) return;
  if (state.trouble === <i32>FLAG_CLIPPED && railsStep(at, x) !== -1) return;
  // Said while the trouble lasts: a window that closes with it is not judged.
  say(at, <f64>state.taken, 0, KIND_USABLE, 0);
  state.trouble = 0;
  restart(at);
  takeUsable(at, x);
}

/** The end of the signal: what is pending is decided. */
export function finish(at: usize): void {
  const state = stateAt(at);
  if (state.trouble === 0) decideUntil(at, Infinity);
  closeUntil(at, <f64>state.taken);
}
