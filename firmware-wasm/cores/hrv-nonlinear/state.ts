// The instance of the hrv-nonlinear core:
//
//  0                 w = 64 + 24 * countMax      w + 16               + 648    + 648     + 1200     + 8 * countMax
//  | IntervalWindow  | NonlinearSettings         | values: HrvNonlinear | errors | moments | series   | work |
//
// series: the intervals with a block left out, for the standard errors. work: what the neediest index takes, 16 bytes an interval.

import { checkInstance } from '../../abi/memory';
import { NOT_INITIALISED, OK, Status } from '../../abi/status';
import { checkWindow, IntervalWindow } from '../../dsp/interval-window';
import { BLOCK_COUNT_MAX } from '../../dsp/jackknife';
import { wideWindowBytes } from '../../dsp/wide-intervals';
import { indicesWorkBytes } from './indices';
import { HrvNonlinear, PROFILE_MAIBO, PROFILE_NEUROKIT_NORMALISED } from './layout';
import { VALUE_COUNT } from './values';

/** First word of an instance: "HRVN". */
export const MARK: u32 = 0x4e565248;

/** What may be collected of the due window. */
export const NOTHING: u32 = 0;
export const VALUES: u32 = 1;
export const ERRORS: u32 = 2;

@unmanaged
export class NonlinearSettings {
  profile: i32;
  /** 0: no standard errors. */
  blockCount: i32;
  /** What is to be collected next. */
  ready: u32;
  reserved: u32;
}

export function settingsArePossible(profile: i32, blockCount: i32): bool {
  if (profile < PROFILE_MAIBO || profile > PROFILE_NEUROKIT_NORMALISED) return false;
  return blockCount === 0 || (blockCount >= 2 && blockCount <= BLOCK_COUNT_MAX);
}

/** Bytes of an instance. */
export function instanceBytes(countMax: i32): usize {
  return workOffset(countMax) + indicesWorkBytes(countMax);
}

function seriesOffset(countMax: i32): usize {
  const findings: usize = 2 * offsetof<HrvNonlinear>();
  const results: usize = findings + ((<usize>VALUE_COUNT) << 4);
  return wideWindowBytes(countMax) + offsetof<NonlinearSettings>() + results;
}

function workOffset(countMax: i32): usize {
  return seriesOffset(countMax) + ((<usize>countMax) << 3);
}

export function settingsOf(at: usize): NonlinearSettings {
  return changetype<NonlinearSettings>(at + wideWindowBytes(changetype<IntervalWindow>(at).countMax));
}

export function valuesFindingOf(at: usize): HrvNonlinear {
  return changetype<HrvNonlinear>(changetype<usize>(settingsOf(at)) + offsetof<NonlinearSettings>());
}

export function errorsFindingOf(at: usize): HrvNonlinear {
  return changetype<HrvNonlinear>(changetype<usize>(valuesFindingOf(at)) + offsetof<HrvNonlinear>());
}

/** Of each value 16 bytes, as the jackknife has them. */
export function momentsOf(at: usize): usize {
  return changetype<usize>(errorsFindingOf(at)) + offsetof<HrvNonlinear>();
}

export function seriesOf(at: usize): usize {
  return at + seriesOffset(changetype<IntervalWindow>(at).countMax);
}

export function workOf(at: usize): usize {
  return at + workOffset(changetype<IntervalWindow>(at).countMax);
}

/** Is there a whole instance at `at`? */
export function checkState(at: usize): Status {
  const status = checkWindow(at, MARK);
  if (status !== OK) return status;
  const wholeStatus = checkInstance(at, instanceBytes(changetype<IntervalWindow>(at).countMax), MARK);
  if (wholeStatus !== OK) return wholeStatus;
  const settings = settingsOf(at);
  return settingsArePossible(settings.profile, settings.blockCount) ? OK : NOT_INITIALISED;
}
