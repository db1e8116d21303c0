// Core `hrv`: heart rate variability of one window of RR intervals. Push the window, flush, poll one HrvTime.
// @version 1.0.0

import { ABI_VERSION, arenaStart, checkPlace, checkSpan, Ptr } from '../../abi/memory';
import { BAD_ARGUMENT, OK, Status, WRONG_STATE } from '../../abi/status';
import { FLAG_AFTER_GAP, HrvTime, Interval } from './layout';
import {
  COLLECTED,
  COLLECTING,
  COMPUTED,
  checkState,
  HrvState,
  INTERVAL_COUNT_MAX,
  INTERVAL_COUNT_MIN,
  instanceBytes,
  intervalsOf,
  MARK,
  timeOf,
} from './state';
import { computeTimeDomain } from './time-domain';

export function abi(): i32 {
  return ABI_VERSION;
}

export function arena(): usize {
  return arenaStart();
}

export function size(intervalCountMax: i32): i32 {
  if (intervalCountMax < INTERVAL_COUNT_MIN || intervalCountMax > INTERVAL_COUNT_MAX) return BAD_ARGUMENT;
  return <i32>instanceBytes(intervalCountMax);
}

export function init(at: usize, intervalCountMax: i32): Status {
  const bytes = size(intervalCountMax);
  if (bytes < 0) return bytes;
  const status = checkPlace(at, <usize>bytes);
  if (status !== OK) return status;
  const state = changetype<HrvState>(at);
  state.mark = MARK;
  state.countMax = intervalCountMax;
  state.count = 0;
  return reset(at);
}

export function push(at: usize, from: Ptr<Interval>, count: i32): i32 {
  let status = checkState(at);
  if (status === OK) status = checkSpan<Interval>(from, count);
  if (status !== OK) return status;
  const state = changetype<HrvState>(at);
  if (state.stage !== COLLECTING) return WRONG_STATE;
  // All are looked at before any is taken, those that would not fit as well: a bad push leaves no trace.
  for (let i = 0; i < count; i++) {
    if (!intervalIsUsable(intervalAt(from, i))) return BAD_ARGUMENT;
  }
  const taken = min(count, state.countMax - state.count);
  let to = intervalsOf(at) + ((<usize>state.count) << 3);
  for (let i = 0; i < taken; i++, to += 8) {
    const interval = intervalAt(from, i);
    store<f64>(to, interval.flags & FLAG_AFTER_GAP ? -interval.rrMs : interval.rrMs);
  }
  state.count += taken;
  return taken;
}

export function poll(at: usize, into: Ptr<HrvTime>, count: i32): i32 {
  let status = checkState(at);
  if (status === OK) status = checkSpan<HrvTime>(into, count);
  if (status !== OK) return status;
  const state = changetype<HrvState>(at);
  if (state.stage !== COMPUTED || count === 0) return 0;
  memory.copy(into, changetype<usize>(timeOf(at)), offsetof<HrvTime>());
  state.stage = COLLECTED;
  return 1;
}

export function flush(at: usize): Status {
  const status = checkState(at);
  if (status !== OK) return status;
  const state = changetype<HrvState>(at);
  if (state.stage !== COLLECTING) return OK;
  computeTimeDomain(timeOf(at), intervalsOf(at), state.count);
  state.stage = COMPUTED;
  return OK;
}

export function reset(at: usize): Status {
  const status = checkState(at);
  if (status !== OK) return status;
  const state = changetype<HrvState>(at);
  state.count = 0;
  state.stage = COLLECTING;
  // Everything, so that an instance's bytes are a function of what was pushed and of nothing older.
  memory.fill(at + offsetof<HrvState>(), 0, instanceBytes(state.countMax) - offsetof<HrvState>());
  return OK;
}

function intervalAt(from: usize, index: i32): Interval {
  return changetype<Interval>(from + <usize>index * offsetof<Interval>());
}

function intervalIsUsable(interval: Interval): bool {
  return (
    isFinite(interval.rrMs) && interval.rrMs > 0 && (interval.flags & ~FLAG_AFTER_GAP) === 0 && interval.reserved === 0
  );
}
