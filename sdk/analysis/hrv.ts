// Heart rate variability of RR intervals, for programs: of all there is (`computeHrv`) or of windows that move along (`slideHrv`).
// `maibo analyze` computes with the same two.
import { MaiboError } from '../errors.ts';
import { HRV_BLOCK_COUNT } from '../pipeline/result.ts';
import { type HrvRun, type HrvSettings, type HrvWindow, runHrvCores } from './hrv-cores.ts';
import { type HrvInterval, plainIntervals } from './hrv-input.ts';

/** Whose definitions: NeuroKit2's with what is wrong there put right; NeuroKit2's to the last digit; Kubios'; Task Force 1996. */
export type HrvProfile = 'maibo' | 'neurokit' | 'kubios' | 'taskforce';
export type HrvSpectrum = 'welch' | 'ar' | 'lomb';

export interface HrvOptions {
  /** 'maibo' when left out. */
  readonly profile?: HrvProfile | undefined;
  /** How the spectrum is estimated; as the profile does when left out. */
  readonly spectrum?: HrvSpectrum | undefined;
  /** Only with 'neurokit': powers divided by the highest density, as NeuroKit2 has them unless told otherwise. */
  readonly normalize?: boolean | undefined;
}

export interface SlideOptions extends HrvOptions {
  /** Length of a window, 10..604800 s. */
  readonly windowS: number;
  /** From one window to the next, 1..604800 s. */
  readonly stepS: number;
  /** False: the non-linear indices that take most of the time are null. True when left out. */
  readonly nonlinear?: boolean | undefined;
}

export const HRV_PROFILES: readonly HrvProfile[] = ['maibo', 'neurokit', 'kubios', 'taskforce'];
export const HRV_SPECTRA: readonly HrvSpectrum[] = ['welch', 'ar', 'lomb'];

/** What the cores take (ABI.md). */
const WINDOW_S = { min: 10, max: 604_800 };
const STEP_S = { min: 1, max: 604_800 };
/** The cores' number for NeuroKit2 with normalised powers; the others are numbered in the order of HRV_PROFILES. */
const NEUROKIT_NORMALISED = 4;

/**
 * Every index of the whole series, with standard errors. Intervals are lengths in ms (10..10^9), or objects that say more: where
 * a gap lies, when the interval ended, how sure its source is of it. No interval is corrected or left out.
 *
 * Errors: `input-range` for a length, time or quality that cannot be (also when they look like seconds), `usage` for options
 * that do not go together.
 * @example
 * const { values, errors } = computeHrv([812, 790, 805, 821], { profile: 'neurokit' });
 */
export function computeHrv(intervals: readonly (number | HrvInterval)[], options: HrvOptions = {}): HrvWindow {
  return runHrv(intervals, options, null).windows[0]!;
}

/**
 * Every index of windows of `windowS` every `stepS`, counted from the start of the first interval. A window without any interval
 * is left out; one that is covered by less than half has null values. A series shorter than a window gives one window.
 *
 * Errors: as `computeHrv`, and `input-range` for a window or step that cannot be.
 * @example
 * for (const { toS, values } of slideHrv(rrMs, { windowS: 300, stepS: 60 })) console.log(toS, values.HRV_RMSSD);
 */
export function slideHrv(intervals: readonly (number | HrvInterval)[], options: SlideOptions): readonly HrvWindow[] {
  return runHrv(intervals, options, options).windows;
}

/** The same with the modules that ran. */
export function runHrv(intervals: readonly (number | HrvInterval)[], options: HrvOptions, slide: Slide | null): HrvRun {
  const settings = hrvSettings(options, slide);
  return runHrvCores(plainIntervals(intervals), settings, slide?.nonlinear !== false);
}

export type Slide = Pick<SlideOptions, 'windowS' | 'stepS' | 'nonlinear'>;

/** Errors: those of `computeHrv` and `slideHrv` that come of options, before anything is read. */
export function hrvSettings(options: HrvOptions, slide: Slide | null): HrvSettings {
  const window = slide === null ? { windowMs: 0, stepMs: 0 } : windowOf(slide);
  return { ...definitionsOf(options), ...window };
}

function definitionsOf({ profile = 'maibo', spectrum, normalize }: HrvOptions) {
  const number = HRV_PROFILES.indexOf(profile);
  if (number < 0) throw new MaiboError('usage', `"${profile}" is no profile; there are ${HRV_PROFILES.join(', ')}`);
  if (spectrum !== undefined && !HRV_SPECTRA.includes(spectrum)) {
    throw new MaiboError('usage', `"${spectrum}" is no spectrum; there are ${HRV_SPECTRA.join(', ')}`);
  }
  if (normalize === true && profile !== 'neurokit') {
    throw new MaiboError('usage', 'only the neurokit profile has normalised powers', {
      hint: 'add --profile neurokit',
    });
  }
  return {
    profile: normalize === true ? NEUROKIT_NORMALISED : number,
    method: spectrum === undefined ? 0 : 1 + HRV_SPECTRA.indexOf(spectrum),
    blockCount: HRV_BLOCK_COUNT,
  };
}

function windowOf({ windowS, stepS }: Slide) {
  requireBetween('a window', windowS, WINDOW_S);
  requireBetween('a step', stepS, STEP_S);
  return { windowMs: windowS * 1000, stepMs: stepS * 1000 };
}

function requireBetween(what: string, seconds: number, { min, max }: { min: number; max: number }): void {
  if (seconds >= min && seconds <= max) return;
  throw new MaiboError('input-range', `${what} of ${seconds} s is not possible; expected ${min} to ${max} s`);
}
