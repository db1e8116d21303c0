// The core `ppg`: light through skin in, pulses out. This file holds the verbs; NOTES.md tells how it works and how well.
// @version 0.2.0

import { ABI_VERSION, arenaStart, checkInstance, checkPlace, checkSpan, Ptr } from '../../abi/memory';
import { BAD_ARGUMENT, OK, Status, WRONG_STATE } from '../../abi/status';
import { designDecision } from './decide';
import { PpgFinding } from './layout';
import { designMotion } from './motion';
import { designPolarity } from './polarity';
import { dequeue } from './queue';
import { designRhythm } from './rhythm';
import { designShape } from './shape';
import { designSlope } from './slope';
import { INSTANCE_BYTES, MARK, stateAt } from './state';
import { CHANNEL_COUNT_MAX, designStream, finish, restart, take } from './stream';

const RATE_HZ_MIN: f32 = 20;
const RATE_HZ_MAX: f32 = 256;

/** Version of ABI.md this core follows. */
export function abi(): i32 {
  return ABI_VERSION;
}

/** First free byte after static data. */
export function arena(): usize {
  return arenaStart();
}

/** Bytes one instance needs. */
export function size(): i32 {
  return <i32>INSTANCE_BYTES;
}

/**
 * Makes an instance at `at` for `rateHz` frames per second, 20 to 256. `polarity`: 1 when the signal rises in systole, -1 when it
 * falls (camera, most raw reflective sensors), 0 to find out. `channelCount`: numbers in a frame, 1 the light alone, 2 to 4 the
 * light and one to three accelerations in g.
 */
export function init(at: usize, rateHz: f32, polarity: i32, channelCount: i32): Status {
  const place = checkPlace(at, INSTANCE_BYTES);
  if (place !== OK) return place;
  if (!(rateHz >= RATE_HZ_MIN && rateHz <= RATE_HZ_MAX)) return BAD_ARGUMENT;
  if (polarity < -1 || polarity > 1) return BAD_ARGUMENT;
  if (channelCount < 1 || channelCount > CHANNEL_COUNT_MAX) return BAD_ARGUMENT;
  memory.fill(at, 0, INSTANCE_BYTES);
  const state = stateAt(at);
  state.mark = MARK;
  state.rateHz = rateHz;
  state.polarity = polarity;
  state.channelCount = channelCount;
  designStream(at);
  designSlope(at);
  designRhythm(at);
  designPolarity(at);
  designMotion(at);
  designShape(at);
  designDecision(at);
  restart(at);
  return OK;
}

/**
 * Offers `count` numbers at `from`: frames one after the other, each the light and then its accelerations, not necessarily whole.
 * A light that is not finite is missing; an acceleration that is not finite is not there. Returns how many numbers were taken.
 */
export function push(at: usize, from: Ptr<f32>, count: i32): i32 {
  const instance = checkInstance(at, INSTANCE_BYTES, MARK);
  if (instance !== OK) return instance;
  const span = checkSpan<f32>(from, count);
  if (span !== OK) return span;
  if (stateAt(at).flushed) return WRONG_STATE;
  return take(at, from, count);
}

/** Collects up to `count` findings into `into`. Returns how many were written. */
export function poll(at: usize, into: Ptr<PpgFinding>, count: i32): i32 {
  const instance = checkInstance(at, INSTANCE_BYTES, MARK);
  if (instance !== OK) return instance;
  const span = checkSpan<PpgFinding>(into, count);
  if (span !== OK) return span;
  return dequeue(at, into, count);
}

/** No more samples: the findings still due can be polled. */
export function flush(at: usize): Status {
  const instance = checkInstance(at, INSTANCE_BYTES, MARK);
  if (instance !== OK) return instance;
  const state = stateAt(at);
  if (!state.flushed) finish(at);
  state.flushed = 1;
  return OK;
}

/** Forgets the signal, keeps the settings. */
export function reset(at: usize): Status {
  const instance = checkInstance(at, INSTANCE_BYTES, MARK);
  if (instance !== OK) return instance;
  const state = stateAt(at);
  return init(at, state.rateHz, state.polarity, state.channelCount);
}
