// The core `stress`: intervals, movement, skin conductance and temperature in; every 30 s the probability of mental stress, what
// drove it, and stress indices. This file holds the verbs; NOTES.md tells how it works and how well.
// @version 1.1.0

import { ABI_VERSION, arenaStart, checkInstance, checkPlace, checkSpan, Ptr } from '../../abi/memory';
import { BAD_ARGUMENT, OK, Status, WRONG_STATE } from '../../abi/status';
import { orderOf } from '../../dsp/ticks';
import {
  INPUT_FLAG_AFTER_GAP,
  INPUT_KIND_INTERVAL,
  INPUT_KIND_TEMPERATURE,
  SENSOR_EDA,
  SENSOR_MOTION,
  SENSOR_TEMPERATURE,
  StressFinding,
  StressInput,
} from './layout';
import { dequeue } from './queue';
import { INSTANCE_BYTES, MARK, stateAt } from './state';
import { finish, take } from './stream';

const SENSORS_ALL: i32 = SENSOR_MOTION | SENSOR_EDA | SENSOR_TEMPERATURE;
/** Over thirty years. */
const TIME_S_MAX: f64 = 1e9;
/** A shorter interval is no heart beat, and most likely given in seconds. */
const RR_MS_MIN: f32 = 10;

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
 * Makes an instance at `at`. `sensors`, beside the heart: 1 motion, 2 EDA, 4 skin temperature, or their sum. EDA and temperature count
 * only together with motion: an electrode on a moving wrist cannot be read without it.
 */
export function init(at: usize, sensors: i32): Status {
  const status = checkPlace(at, INSTANCE_BYTES);
  if (status !== OK) return status;
  if ((sensors & ~SENSORS_ALL) !== 0) return BAD_ARGUMENT;
  memory.fill(at, 0, INSTANCE_BYTES);
  const state = stateAt(at);
  state.mark = MARK;
  state.sensors = sensors;
  return OK;
}

/** Offers `count` inputs at `from`, in the order of their times. Returns how many were taken. */
export function push(at: usize, from: Ptr<StressInput>, count: i32): i32 {
  let status = checkInstance(at, INSTANCE_BYTES, MARK);
  if (status === OK) status = checkSpan<StressInput>(from, count);
  if (status !== OK) return status;
  if (stateAt(at).flushed) return WRONG_STATE;
  // All are looked at before any is taken: a bad push leaves no trace.
  let earliest = orderOf(stateAt(at).lastS);
  for (let i = 0; i < count; i++) {
    const input = inputAt(from, i);
    if (!inputIsUsable(input, earliest)) return BAD_ARGUMENT;
    earliest = orderOf(input.timeS);
  }
  for (let i = 0; i < count; i++) {
    if (!take(at, inputAt(from, i))) return i;
  }
  return count;
}

/** Collects up to `count` findings into `into`. Returns how many were written. */
export function poll(at: usize, into: Ptr<StressFinding>, count: i32): i32 {
  let status = checkInstance(at, INSTANCE_BYTES, MARK);
  if (status === OK) status = checkSpan<StressFinding>(into, count);
  if (status !== OK) return status;
  return dequeue(at, into, count);
}

/** No more input: the last window can be polled. */
export function flush(at: usize): Status {
  const status = checkInstance(at, INSTANCE_BYTES, MARK);
  if (status !== OK) return status;
  const state = stateAt(at);
  if (!state.flushed) finish(at);
  state.flushed = 1;
  return OK;
}

/** Forgets the signal, keeps the sensors. */
export function reset(at: usize): Status {
  const status = checkInstance(at, INSTANCE_BYTES, MARK);
  return status === OK ? init(at, stateAt(at).sensors) : status;
}

function inputAt(from: usize, index: i32): StressInput {
  return changetype<StressInput>(from + <usize>index * offsetof<StressInput>());
}

/** NaN fails the question about time and passes those about what was measured, where it means missing. */
function inputIsUsable(input: StressInput, earliest: i64): bool {
  const order = orderOf(input.timeS);
  if (order < earliest || order > orderOf(TIME_S_MAX)) return false;
  if (input.kind === INPUT_KIND_INTERVAL) {
    if ((input.flags & ~INPUT_FLAG_AFTER_GAP) !== 0) return false;
    return !(input.x < RR_MS_MIN) && !(input.y < 0) && !(input.y > 1);
  }
  return input.kind > INPUT_KIND_INTERVAL && input.kind <= INPUT_KIND_TEMPERATURE && input.flags === 0;
}
