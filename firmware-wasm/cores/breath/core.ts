// The core `breath`: beats, their heights and baselines in; the breathing rate out. This file holds the verbs; NOTES.md tells how it
// works and how well.
// @version 1.0.0

import { ABI_VERSION, arenaStart, checkInstance, checkPlace, checkSpan, Ptr } from '../../abi/memory';
import { BAD_ARGUMENT, OK, Status, WRONG_STATE } from '../../abi/status';
import { BreathFinding, BreathInput, INPUT_FLAG_AFTER_GAP, INPUT_KIND_RESPIRATION, INPUT_KIND_RR } from './layout';
import { dequeue, queueHasRoom } from './queue';
import { INSTANCE_BYTES, MARK, stateAt } from './state';
import { finish, take } from './stream';

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

/** Makes an instance at `at`. */
export function init(at: usize): Status {
  const status = checkPlace(at, INSTANCE_BYTES);
  if (status !== OK) return status;
  memory.fill(at, 0, INSTANCE_BYTES);
  stateAt(at).mark = MARK;
  return OK;
}

/** Offers `count` inputs at `from`, those of a kind in the order of their times. Returns how many were taken. */
export function push(at: usize, from: Ptr<BreathInput>, count: i32): i32 {
  let status = checkInstance(at, INSTANCE_BYTES, MARK);
  if (status === OK) status = checkSpan<BreathInput>(from, count);
  if (status !== OK) return status;
  if (stateAt(at).flushed) return WRONG_STATE;
  // All are looked at before any is taken: a bad push leaves no trace.
  for (let i = 0; i < count; i++) {
    const input = inputAt(from, i);
    if (input.kind < INPUT_KIND_RR || input.kind > INPUT_KIND_RESPIRATION || input.flags & ~INPUT_FLAG_AFTER_GAP)
      return BAD_ARGUMENT;
  }
  for (let i = 0; i < count; i++) {
    if (!queueHasRoom(at)) return i;
    take(at, inputAt(from, i));
  }
  return count;
}

/** Collects up to `count` findings into `into`. Returns how many were written. */
export function poll(at: usize, into: Ptr<BreathFinding>, count: i32): i32 {
  let status = checkInstance(at, INSTANCE_BYTES, MARK);
  if (status === OK) status = checkSpan<BreathFinding>(into, count);
  if (status !== OK) return status;
  return dequeue(at, into, count);
}

/** No more inputs: the findings still due can be polled. */
export function flush(at: usize): Status {
  const status = checkInstance(at, INSTANCE_BYTES, MARK);
  if (status !== OK) return status;
  const state = stateAt(at);
  if (!state.flushed) finish(at);
  state.flushed = 1;
  return OK;
}

/** Forgets all inputs. */
export function reset(at: usize): Status {
  const status = checkInstance(at, INSTANCE_BYTES, MARK);
  return status === OK ? init(at) : status;
}

function inputAt(from: usize, index: i32): BreathInput {
  return changetype<BreathInput>(from + <usize>index * offsetof<BreathInput>());
}
