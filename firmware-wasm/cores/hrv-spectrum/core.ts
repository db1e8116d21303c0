// Core `hrv-spectrum`: power by frequency of windows of RR intervals, in every profile and by every method; what the core hrv is too small
// for. Push intervals; a window that is complete is computed and waits to be polled, and its standard errors behind it.
// @version 1.0.1

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
import { WideIntervals } from '../../dsp/wide-intervals';
import { HrvSpectrum } from './layout';
import {
  bytesOf,
  checkState,
  ERRORS,
  errorsOf,
  instanceBytes,
  MARK,
  NOTHING,
  settingsArePossible,
  settingsOf,
  VALUES,
  valuesOf,
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
export function size(intervalCountMax: i32, windowMs: f64, profile: i32, method: i32): i32 {
  if (!windowIsPossible(intervalCountMax, windowMs, STEP_MS_MIN)) return BAD_ARGUMENT;
  if (!settingsArePossible(profile, method, 0)) return BAD_ARGUMENT;
  return <i32>instanceBytes(intervalCountMax, windowMs, profile, method);
}

/** Windows of `windowMs` every `stepMs`, or one of everything where `windowMs` is 0; with standard errors where `hasErrors` is 1. */
export function init(
  at: usize,
  intervalCountMax: i32,
  windowMs: f64,
  stepMs: f64,
  profile: i32,
  method: i32,
  hasErrors: i32,
): Status {
  const bytes = size(intervalCountMax, windowMs, profile, method);
  if (bytes < 0) return bytes;
  if (!windowIsPossible(intervalCountMax, windowMs, stepMs)) return BAD_ARGUMENT;
  if (!settingsArePossible(profile, method, hasErrors)) return BAD_ARGUMENT;
  const status = checkPlace(at, <usize>bytes);
  if (status !== OK) return status;
  memory.fill(at, 0, <usize>bytes);
  makeWindow(at, MARK, intervalCountMax, windowMs, stepMs);
  const settings = settingsOf(at);
  settings.profile = profile;
  settings.method = method;
  settings.hasErrors = hasErrors;
  return OK;
}

/** Takes intervals up to the end of a window; poll, then push the rest. Returns how many were taken. */
export function push(at: usize, from: Ptr<Interval>, count: i32): i32 {
  const status = checkState(at);
  if (status !== OK) return status;
  const taken = takeIntervals<WideIntervals>(at, from, count);
  if (taken >= 0) computeIfDue(at);
  return taken;
}

/** Collects the values of the window that is complete, then their standard errors. Returns how many were written. */
export function poll(at: usize, into: Ptr<HrvSpectrum>, count: i32): i32 {
  let status = checkState(at);
  if (status === OK) status = checkSpan<HrvSpectrum>(into, count);
  if (status !== OK) return status;
  const settings = settingsOf(at);
  let written = 0;
  while (written < count && settings.ready !== NOTHING) {
    const finding = settings.ready === VALUES ? valuesOf(at) : errorsOf(at);
    memory.copy(into + <usize>written * offsetof<HrvSpectrum>(), changetype<usize>(finding), offsetof<HrvSpectrum>());
    written++;
    settings.ready = settings.ready === VALUES && settings.hasErrors !== 0 ? ERRORS : NOTHING;
    if (settings.ready === NOTHING) closeWindow<WideIntervals>(at);
  }
  return written;
}

/** No more intervals: the last window can be polled. */
export function flush(at: usize): Status {
  const status = checkState(at);
  if (status !== OK) return status;
  endIntervals<WideIntervals>(at);
  computeIfDue(at);
  return OK;
}

/** Forgets all intervals, keeps the settings. */
export function reset(at: usize): Status {
  const status = checkState(at);
  if (status !== OK) return status;
  clearWindow<WideIntervals>(at);
  settingsOf(at).ready = NOTHING;
  const results = changetype<usize>(valuesOf(at));
  memory.fill(results, 0, at + bytesOf(at) - results);
  return OK;
}

function computeIfDue(at: usize): void {
  const settings = settingsOf(at);
  if (settings.ready !== NOTHING || !windowIsDue(at)) return;
  computeDueWindow(at);
  settings.ready = VALUES;
}
