// The core `motion`: acceleration in three axes in; every 30 s activity counts, angle, steps, what was done and whether the device is
// worn. This file holds the verbs; NOTES.md tells how it works and how well.
// @version 0.2.0

import { ABI_VERSION, arenaStart, checkInstance, checkPlace, checkSpan, Ptr } from '../../abi/memory';
import { BAD_ARGUMENT, OK, Status, WRONG_STATE } from '../../abi/status';
import { designCounts } from './counts';
import { designGrid } from './grid';
import { MotionFinding } from './layout';
import { dequeue } from './queue';
import { INSTANCE_BYTES, MARK, stateAt } from './state';
import { finish, openStream, take } from './stream';
import { designWear } from './wear';

const RATE_HZ_MIN: f32 = 10;
const RATE_HZ_MAX: f32 = 100;

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

/** Makes an instance at `at` for `rateHz` frames per second, 10 to 100; 25 and more for the counts. */
export function init(at: usize, rateHz: f32): Status {
  const status = checkPlace(at, INSTANCE_BYTES);
  if (status !== OK) return status;
  if (!(rateHz >= RATE_HZ_MIN && rateHz <= RATE_HZ_MAX)) return BAD_ARGUMENT;
  memory.fill(at, 0, INSTANCE_BYTES);
  const state = stateAt(at);
  state.mark = MARK;
  state.rateHz = rateHz;
  designCounts(at);
  designGrid(at);
  designWear(at);
  openStream(at);
  return OK;
}

/**
 * Offers `count` numbers at `from`: frames one after the other, each x, y and z in g, not necessarily whole. A frame with a number that
 * is not finite, or beyond 64 g, is missing. Returns how many numbers were taken.
 */
export function push(at: usize, from: Ptr<f32>, count: i32): i32 {
  let status = checkInstance(at, INSTANCE_BYTES, MARK);
  if (status === OK) status = checkSpan<f32>(from, count);
  if (status !== OK) return status;
  if (stateAt(at).flushed) return WRONG_STATE;
  return take(at, from, count);
}

/** Collects up to `count` findings into `into`. Returns how many were written. */
export function poll(at: usize, into: Ptr<MotionFinding>, count: i32): i32 {
  let status = checkInstance(at, INSTANCE_BYTES, MARK);
  if (status === OK) status = checkSpan<MotionFinding>(into, count);
  if (status !== OK) return status;
  return dequeue(at, into, count);
}

/** No more frames: the last epoch, however short, can be polled. */
export function flush(at: usize): Status {
  const status = checkInstance(at, INSTANCE_BYTES, MARK);
  if (status !== OK) return status;
  const state = stateAt(at);
  if (!state.flushed) finish(at);
  state.flushed = 1;
  return OK;
}

/** Forgets the signal, keeps the rate. */
export function reset(at: usize): Status {
  const status = checkInstance(at, INSTANCE_BYTES, MARK);
  return status === OK ? init(at, stateAt(at).rateHz) : status;
}
