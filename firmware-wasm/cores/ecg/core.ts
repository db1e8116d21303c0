// The core `ecg`: samples in, heart beats out. This file holds the verbs; NOTES.md tells how it works and how well.
// @version 1.1.1

import { ABI_VERSION, arenaStart, checkInstance, checkPlace, checkSpan, Ptr } from '../../abi/memory';
import { BAD_ARGUMENT, OK, Status, WRONG_STATE } from '../../abi/status';
import { clearMemory } from './beat-memory';
import { designFilters } from './filters';
import { EcgFinding } from './layout';
import { designSearch } from './peak-search';
import { dequeue } from './queue';
import { designPlacing } from './r-peak';
import { designShape } from './shape';
import { designCheck, restart } from './signal-check';
import { INSTANCE_BYTES, MARK, stateAt } from './state';
import { endStream, takeSamples } from './stream';
import { clearWindows } from './windows';

const RATE_HZ_MIN: f32 = 50;
const RATE_HZ_MAX: f32 = 1000;

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

/** Makes an instance at `at` for a signal of `rateHz` samples per second, 50 to 1000. */
export function init(at: usize, rateHz: f32): Status {
  const place = checkPlace(at, INSTANCE_BYTES);
  if (place != OK) return place;
  if (!(rateHz >= RATE_HZ_MIN && rateHz <= RATE_HZ_MAX)) return BAD_ARGUMENT;
  memory.fill(at, 0, INSTANCE_BYTES);
  const state = stateAt(at);
  state.mark = MARK;
  state.rateHz = rateHz;
  designFilters(at);
  designCheck(at);
  designSearch(at);
  designPlacing(at);
  designShape(at);
  clearMemory(at);
  restart(at);
  clearWindows(at);
  return OK;
}

/** Offers `count` samples at `from`, in any unit; one that is not finite is missing. Returns how many were taken. */
export function push(at: usize, from: Ptr<f32>, count: i32): i32 {
  const instance = checkInstance(at, INSTANCE_BYTES, MARK);
  if (instance != OK) return instance;
  const span = checkSpan<f32>(from, count);
  if (span != OK) return span;
  if (stateAt(at).flushed) return WRONG_STATE;
  return takeSamples(at, from, count);
}

/** Collects up to `count` findings into `into`. Returns how many were written. */
export function poll(at: usize, into: Ptr<EcgFinding>, count: i32): i32 {
  const instance = checkInstance(at, INSTANCE_BYTES, MARK);
  if (instance != OK) return instance;
  const span = checkSpan<EcgFinding>(into, count);
  if (span != OK) return span;
  let written = dequeue(at, into, count);
  if (endStream(at)) written += dequeue(at, into + <usize>written * offsetof<EcgFinding>(), count - written);
  return written;
}

/** No more samples: the findings still due can be polled. */
export function flush(at: usize): Status {
  const instance = checkInstance(at, INSTANCE_BYTES, MARK);
  if (instance != OK) return instance;
  stateAt(at).flushed = 1;
  endStream(at);
  return OK;
}

/** Forgets the signal, keeps the rate. */
export function reset(at: usize): Status {
  const instance = checkInstance(at, INSTANCE_BYTES, MARK);
  if (instance != OK) return instance;
  return init(at, stateAt(at).rateHz);
}
