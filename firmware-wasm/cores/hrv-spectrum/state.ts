// The instance of the hrv-spectrum core:
//
//  0                 w = 64 + 24 * countMax   w + 16          + 120   + 120
//  | IntervalWindow  | SpectrumSettings       | values: HrvSpectrum | errors | work |

import { checkInstance } from '../../abi/memory';
import { NOT_INITIALISED, OK, Status } from '../../abi/status';
import { checkWindow, IntervalWindow, spanMaxS } from '../../dsp/interval-window';
import { spectrumWorkBytes } from '../../dsp/spectrum/spectrum';
import { wideWindowBytes } from '../../dsp/wide-intervals';
import { HrvSpectrum, METHOD_LOMB, METHOD_PROFILE, PROFILE_MAIBO, PROFILE_NEUROKIT_NORMALISED } from './layout';

/** First word of an instance: "HRVS". */
export const MARK: u32 = 0x53565248;

/** What may be collected of the due window. */
export const NOTHING: u32 = 0;
export const VALUES: u32 = 1;
export const ERRORS: u32 = 2;

@unmanaged
export class SpectrumSettings {
  profile: i32;
  method: i32;
  /** 1: standard errors are given. */
  hasErrors: i32;
  /** What is to be collected next. */
  ready: u32;
}

export function settingsArePossible(profile: i32, method: i32, hasErrors: i32): bool {
  if (profile < PROFILE_MAIBO || profile > PROFILE_NEUROKIT_NORMALISED) return false;
  if (method < METHOD_PROFILE || method > METHOD_LOMB) return false;
  return hasErrors === 0 || hasErrors === 1;
}

/** Bytes of an instance. */
export function instanceBytes(countMax: i32, windowMs: f64, profile: i32, method: i32): usize {
  return workOffset(countMax) + workBytes(countMax, windowMs, profile, method);
}

/** Bytes of the instance at `at`. */
export function bytesOf(at: usize): usize {
  return workOffset(changetype<IntervalWindow>(at).countMax) + workBytesOf(at);
}

/** Bytes of its work area. */
export function workBytesOf(at: usize): usize {
  const window = changetype<IntervalWindow>(at);
  const settings = settingsOf(at);
  return workBytes(window.countMax, window.windowMs, settings.profile, settings.method);
}

function workOffset(countMax: i32): usize {
  const findings: usize = 2 * offsetof<HrvSpectrum>();
  return wideWindowBytes(countMax) + offsetof<SpectrumSettings>() + findings;
}

function workBytes(countMax: i32, windowMs: f64, profile: i32, method: i32): usize {
  return (spectrumWorkBytes(profile, method, countMax, spanMaxS(countMax, windowMs)) + 7) & ~7;
}

export function settingsOf(at: usize): SpectrumSettings {
  return changetype<SpectrumSettings>(at + wideWindowBytes(changetype<IntervalWindow>(at).countMax));
}

export function valuesOf(at: usize): HrvSpectrum {
  return changetype<HrvSpectrum>(changetype<usize>(settingsOf(at)) + offsetof<SpectrumSettings>());
}

export function errorsOf(at: usize): HrvSpectrum {
  return changetype<HrvSpectrum>(changetype<usize>(valuesOf(at)) + offsetof<HrvSpectrum>());
}

export function workOf(at: usize): usize {
  return at + workOffset(changetype<IntervalWindow>(at).countMax);
}

/** Is there a whole instance at `at`? */
export function checkState(at: usize): Status {
  const status = checkWindow(at, MARK);
  if (status !== OK) return status;
  const headStatus = checkInstance(at, workOffset(changetype<IntervalWindow>(at).countMax), MARK);
  if (headStatus !== OK) return headStatus;
  const settings = settingsOf(at);
  if (!settingsArePossible(settings.profile, settings.method, settings.hasErrors)) return NOT_INITIALISED;
  return checkInstance(at, bytesOf(at), MARK);
}
