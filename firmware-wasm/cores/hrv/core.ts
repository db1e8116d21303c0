// Core `hrv`: heart rate variability of windows of RR intervals. Push intervals; a window that is complete is computed and waits to be
// polled, and its standard errors behind it. NOTES.md tells the definitions.
// @version 2.1.0

import { Interval } from '../../abi/interval';
import { ABI_VERSION, arenaStart, checkPlace, checkSpan, Ptr } from '../../abi/memory';
import { BAD_ARGUMENT, OK, Status } from '../../abi/status';
import {
  clearWindow,
  closeWindow,
  endIntervals,
  makeWindow,
  STEP_MS_MIN,
  takeIntervals,
  windowIsDue,
  windowIsPossible,
} from '../../dsp/interval-window';
import { TickIntervals } from '../../dsp/tick-intervals';
import { HrvIndices } from './layout';
import {
  bytesOf,
  checkState,
  ERRORS,
  errorsOf,
  indicesOf,
  instanceBytes,
  MARK,
  NOTHING,
  settingsArePossible,
  settingsOf,
  VALUES,
} from './state';
import { computeDueWindow } from './window';

/** Version of ABI.md this core follows. */
export function abi(): i32 {
  return ABI_VERSION;
}

/** First free byte after static data. */
export function arena(): usize {
  return arenaStart();
}

/** Bytes one instance needs for windows of `windowMs` (0: one of everything) that hold up to `intervalCountMax` intervals. */
export function size(intervalCountMax: i32, windowMs: f64): i32 {
  return windowIsPossible(intervalCountMax, windowMs, STEP_MS_MIN)
    ? <i32>instanceBytes(intervalCountMax, windowMs)
    : BAD_ARGUMENT;
}

/** Windows of `windowMs` every `stepMs`, or one of everything where `windowMs` is 0; standard errors from `blockCount` blocks, 0 for none. */
export function init(
  at: usize,
  intervalCountMax: i32,
  windowMs: f64,
  stepMs: f64,
  profile: i32,
  blockCount: i32,
): Status {
  const bytes = size(intervalCountMax, windowMs);
  if (bytes < 0) return bytes;
  if (!windowIsPossible(intervalCountMax, windowMs, stepMs)) return BAD_ARGUMENT;
  if (!settingsArePossible(profile, blockCount)) return BAD_ARGUMENT;
  const status = checkPlace(at, <usize>bytes);
  if (status !== OK) return status;
  memory.fill(at, 0, <usize>bytes);
  makeWindow(at, MARK, intervalCountMax, windowMs, stepMs);
  const settings = settingsOf(at);
  settings.profile = profile;
  settings.blockCount = blockCount;
  return OK;
}

/** Takes intervals up to the end of a window; poll, then push the rest. Returns how many were taken. */
export function push(at: usize, from: Ptr<Interval>, count: i32): i32 {
  const status = checkState(at);
  if (status !== OK) return status;
  const taken = takeIntervals<TickIntervals>(at, from, count);
  if (taken >= 0) computeIfDue(at);
  return taken;
}

/** Collects the values of the window that is complete, then their standard errors. Returns how many were written. */
export function poll(at: usize, into: Ptr<HrvIndices>, count: i32): i32 {
  let status = checkState(at);
  if (status === OK) status = checkSpan<HrvIndices>(into, count);
  if (status !== OK) return status;
  const settings = settingsOf(at);
  let written = 0;
  while (written < count && settings.ready !== NOTHING) {
    const finding = settings.ready === VALUES ? indicesOf(at) : errorsOf(at);
    memory.copy(into + <usize>written * offsetof<HrvIndices>(), changetype<usize>(finding), offsetof<HrvIndices>());
    written++;
    settings.ready = settings.ready === VALUES && settings.blockCount > 0 ? ERRORS : NOTHING;
    if (settings.ready === NOTHING) closeWindow<TickIntervals>(at);
  }
  return written;
}

/** No more intervals: the last window can be polled. */
export function flush(at: usize): Status {
  const status = checkState(at);
  if (status !== OK) return status;
  endIntervals<TickIntervals>(at);
  computeIfDue(at);
  return OK;
}

/** Forgets all intervals, keeps the settings. */
export function reset(at: usize): Status {
  const status = checkState(at);
  if (status !== OK) return status;
  clearWindow<TickIntervals>(at);
  settingsOf(at).ready = NOTHING;
  const results = changetype<usize>(indicesOf(at));
  memory.fill(results, 0, at + bytesOf(at) - results);
  return OK;
}

function computeIfDue(at: usize): void {
  const settings = settingsOf(at);
  if (settings.ready !== NOTHING || !windowIsDue(at)) return;
  computeDueWindow(at);
  settings.ready = VALUES;
}
