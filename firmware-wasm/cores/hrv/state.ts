// The instance of the hrv core:
//
//  0                w = 80 + 9 * countMax   w + 16               + 376    + 376    + 672     + 80
//  | TickIntervals  | HrvSettings           | values: HrvIndices | errors | moments | spectrum's errors | work |
//
// work: the series that is worked on, 4 bytes an interval, and what the indices need behind it; or all that the spectrum needs.

import { checkInstance } from '../../abi/memory';
import { NOT_INITIALISED, OK, Status } from '../../abi/status';
import { checkWindow, IntervalWindow, spanMaxS } from '../../dsp/interval-window';
import { BLOCK_COUNT_MAX } from '../../dsp/jackknife';
import { tickWindowBytes } from '../../dsp/tick-intervals';
import { HrvIndices, PROFILE_MAIBO, PROFILE_NEUROKIT_NORMALISED } from './layout';
import { nonlinearWorkBytes } from './nonlinear';
import { spectrumWorkBytes } from './spectrum';
import { TIME_DOMAIN_WORK_BYTES } from './time-domain';
import { VALUE_COUNT } from './values';

/** First word of an instance: "HRV3". */
export const MARK: u32 = 0x33565248;

/** What may be collected of the due window. */
export const NOTHING: u32 = 0;
export const VALUES: u32 = 1;
export const ERRORS: u32 = 2;

@unmanaged
export class HrvSettings {
  profile: i32;
  /** 0: no standard errors. */
  blockCount: i32;
  /** What is to be collected next. */
  ready: u32;
  reserved: u32;
}

export const SPECTRUM_VALUE_COUNT: usize = 10;

export function settingsArePossible(profile: i32, blockCount: i32): bool {
  if (profile < PROFILE_MAIBO || profile > PROFILE_NEUROKIT_NORMALISED) return false;
  return blockCount === 0 || (blockCount >= 2 && blockCount <= BLOCK_COUNT_MAX);
}

/** Bytes of an instance. */
export function instanceBytes(countMax: i32, windowMs: f64): usize {
  return workOffset(countMax) + workBytes(countMax, windowMs);
}

/** Bytes of the instance at `at`. */
export function bytesOf(at: usize): usize {
  return workOffset(changetype<IntervalWindow>(at).countMax) + workBytesOf(at);
}

/** Bytes of its work area. */
export function workBytesOf(at: usize): usize {
  const window = changetype<IntervalWindow>(at);
  return workBytes(window.countMax, window.windowMs);
}

function workOffset(countMax: i32): usize {
  const findings: usize = 2 * offsetof<HrvIndices>();
  const results: usize = findings + ((<usize>VALUE_COUNT) << 4) + (SPECTRUM_VALUE_COUNT << 3);
  return tickWindowBytes(countMax) + offsetof<HrvSettings>() + results;
}

function workBytes(countMax: i32, windowMs: f64): usize {
  const series = seriesBytes(countMax) + max(TIME_DOMAIN_WORK_BYTES, nonlinearWorkBytes(countMax));
  return (max(series, spectrumWorkBytes(countMax, spanMaxS(countMax, windowMs))) + 7) & ~7;
}

/** Bytes of the series that is worked on, a multiple of 8. */
export function seriesBytes(count: i32): usize {
  return (((<usize>count) << 2) + 7) & ~7;
}

export function settingsOf(at: usize): HrvSettings {
  return changetype<HrvSettings>(at + tickWindowBytes(changetype<IntervalWindow>(at).countMax));
}

export function indicesOf(at: usize): HrvIndices {
  return changetype<HrvIndices>(changetype<usize>(settingsOf(at)) + offsetof<HrvSettings>());
}

export function errorsOf(at: usize): HrvIndices {
  return changetype<HrvIndices>(changetype<usize>(indicesOf(at)) + offsetof<HrvIndices>());
}

export function momentsOf(at: usize): usize {
  return changetype<usize>(errorsOf(at)) + offsetof<HrvIndices>();
}

export function spectrumErrorsOf(at: usize): usize {
  return momentsOf(at) + ((<usize>VALUE_COUNT) << 4);
}

export function workOf(at: usize): usize {
  return at + workOffset(changetype<IntervalWindow>(at).countMax);
}

/** Is there a whole instance at `at`? */
export function checkState(at: usize): Status {
  const status = checkWindow(at, MARK);
  if (status !== OK) return status;
  const countMax = changetype<IntervalWindow>(at).countMax;
  const headStatus = checkInstance(at, workOffset(countMax), MARK);
  if (headStatus !== OK) return headStatus;
  const settings = settingsOf(at);
  if (!settingsArePossible(settings.profile, settings.blockCount)) return NOT_INITIALISED;
  return checkInstance(at, bytesOf(at), MARK);
}
