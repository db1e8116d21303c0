// The core `rr`: RR intervals in; artefacts named and corrected, rhythm and rate watched. This file holds the verbs; NOTES.md
// tells how it works and how well.
// @version 1.1.0

import { ABI_VERSION, arenaStart, checkInstance, checkPlace, checkSpan, Ptr } from '../../abi/memory';
import { BAD_ARGUMENT, OK, Status, WRONG_STATE } from '../../abi/status';
import { FLAG_AFTER_GAP, RrFinding, RrInput } from './layout';
import { dequeue, queueHasRoom } from './queue';
import { INSTANCE_BYTES, MARK, stateAt } from './state';
import { endStretch, take } from './stream';

/** Over eleven days; keeps every sum finite. */
const RR_MS_MAX: f64 = 1e9;
const PAUSE_MS_MIN: f64 = 1000;
const PAUSE_MS_MAX: f64 = 60_000;

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

/** Makes an instance at `at` that reports intervals longer than `pauseMs` as pauses; 1000 to 60,000, 2000 is usual. */
export function init(at: usize, pauseMs: f64): Status {
  const status = checkPlace(at, INSTANCE_BYTES);
  if (status !== OK) return status;
  if (!(pauseMs >= PAUSE_MS_MIN && pauseMs <= PAUSE_MS_MAX)) return BAD_ARGUMENT;
  memory.fill(at, 0, INSTANCE_BYTES);
  const state = stateAt(at);
  state.mark = MARK;
  state.pauseMs = pauseMs;
  return OK;
}

/** Offers `count` intervals at `from`. Returns how many were taken. */
export function push(at: usize, from: Ptr<RrInput>, count: i32): i32 {
  let status = checkInstance(at, INSTANCE_BYTES, MARK);
  if (status === OK) status = checkSpan<RrInput>(from, count);
  if (status !== OK) return status;
  if (stateAt(at).flushed) return WRONG_STATE;
  // All are looked at before any is taken: a bad push leaves no trace.
  for (let i = 0; i < count; i++) {
    if (!inputIsUsable(inputAt(from, i))) return BAD_ARGUMENT;
  }
  for (let i = 0; i < count; i++) {
    if (!queueHasRoom(at)) return i;
    take(at, inputAt(from, i));
  }
  return count;
}

/** Collects up to `count` findings into `into`. Returns how many were written. */
export function poll(at: usize, into: Ptr<RrFinding>, count: i32): i32 {
  let status = checkInstance(at, INSTANCE_BYTES, MARK);
  if (status === OK) status = checkSpan<RrFinding>(into, count);
  if (status !== OK) return status;
  return dequeue(at, into, count);
}

/** No more intervals: the findings still due can be polled. */
export function flush(at: usize): Status {
  const status = checkInstance(at, INSTANCE_BYTES, MARK);
  if (status !== OK) return status;
  const state = stateAt(at);
  if (!state.flushed) endStretch(at);
  state.flushed = 1;
  return OK;
}

/** Forgets all intervals, keeps what a pause is. */
export function reset(at: usize): Status {
  const status = checkInstance(at, INSTANCE_BYTES, MARK);
  return status === OK ? init(at, stateAt(at).pauseMs) : status;
}

function inputAt(from: usize, index: i32): RrInput {
  return changetype<RrInput>(from + <usize>index * offsetof<RrInput>());
}

function inputIsUsable(input: RrInput): bool {
  if (!(input.rrMs > 0 && input.rrMs <= RR_MS_MAX) || (input.flags & ~FLAG_AFTER_GAP) !== 0) return false;
  // Written so that NaN passes: it means that the source does not say.
  return !(input.quality < 0) && !(input.quality > 1);
}
