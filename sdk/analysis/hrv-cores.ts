// The cores that compute indices of windows of RR intervals, run side by side: each sees the same intervals and the same windows,
// so their findings belong together one by one.
import {
  type CoreModule,
  HRV_INDICES_NAMES,
  HRV_NONLINEAR_NAMES,
  HRV_SPECTRUM_NAMES,
  HrvCore,
  HrvNonlinearCore,
  HrvSpectrumCore,
  hrvIndicesFlagNames,
  type PlainInterval,
  toIntervals,
} from '@maibo/cores';

export interface HrvSettings {
  /** 0: one window, of all there is. */
  readonly windowMs: number;
  readonly stepMs: number;
  readonly profile: number;
  readonly method: number;
  /** Blocks that are left out in turn for standard errors; 0 for no errors. */
  readonly blockCount: number;
}

export type HrvValues = Readonly<Record<string, number | null>>;

/** One window and what was computed of it. Times in s from the start of the first interval. */
export interface HrvWindow {
  readonly fromS: number;
  readonly toS: number;
  /** Share 0..1 of the window that intervals cover; below 0.5 there are no values. */
  readonly coverage: number;
  /** Mean quality 0..1 of its intervals, null when none is known. */
  readonly quality: number | null;
  /** Intervals in the window. */
  readonly count: number;
  /** thin: less than half is covered; gap: one lies inside; overflow: more intervals came than fit. */
  readonly flags: readonly string[];
  /** By NeuroKit2's column names; null where a value does not exist. Lengths in ms, powers in ms2, shares in per cent. */
  readonly values: HrvValues;
  /**
   * Standard errors by the same names, in the same units. Null where they would take too long: in windows of more than 20,000
   * intervals; of the non-linear indices in windows of more than 1,000, and in windows that move along.
   */
  readonly errors: HrvValues;
}

export interface HrvRun {
  readonly modules: readonly CoreModule[];
  readonly windows: readonly HrvWindow[];
}

interface Finding {
  readonly fromMs: number;
  readonly toMs: number;
  readonly coverage: number;
  readonly quality: number;
  readonly count: number;
  readonly kind: 'values' | 'errors';
  readonly flags: number;
  readonly values: HrvValues;
}

interface WindowCore {
  readonly module: CoreModule;
  compute(intervals: ReturnType<typeof toIntervals>): readonly Finding[];
}

interface CoreChoice {
  readonly create: (options: HrvSettings & { readonly intervalCountMax: number }) => WindowCore;
  readonly names: readonly string[];
  /** Of windows with more intervals no standard errors are given: each block costs another computation of the whole. */
  readonly errorIntervalsMax: number;
  /** Standard errors of windows that move along, too. */
  readonly errorsOfSlides: boolean;
}

const LINEAR: CoreChoice = {
  create: (options) => HrvCore.create(options),
  names: HRV_INDICES_NAMES,
  errorIntervalsMax: 20_000,
  errorsOfSlides: true,
};
/** Powers in another profile, or by another method, than the core hrv has them. */
const SPECTRUM: CoreChoice = {
  create: (options) => HrvSpectrumCore.create({ ...options, hasErrors: options.blockCount > 0 ? 1 : 0 }),
  names: HRV_SPECTRUM_NAMES,
  errorIntervalsMax: Number.POSITIVE_INFINITY,
  errorsOfSlides: true,
};
const NONLINEAR: CoreChoice = {
  create: (options) => HrvNonlinearCore.create(options),
  names: HRV_NONLINEAR_NAMES,
  errorIntervalsMax: 1_000,
  errorsOfSlides: false,
};

export function runHrvCores(
  intervals: readonly PlainInterval[],
  settings: HrvSettings,
  withNonlinear: boolean,
): HrvRun {
  const inputs = toIntervals(intervals);
  const countMax = intervalCountMax(intervals, settings.windowMs);
  const linear = runOne(LINEAR, inputs, countMax, settings);
  const isOwnSpectrum = settings.profile === 0 && settings.method === 0;
  const spectrum = isOwnSpectrum ? null : runOne(SPECTRUM, inputs, countMax, settings);
  const nonlinear = withNonlinear ? runOne(NONLINEAR, inputs, countMax, settings) : null;
  const windows = linear.values.map((finding, index) => ({
    ...headOf(finding),
    values: {
      ...finding.values,
      ...spectrum?.values[index]?.values,
      ...(nonlinear?.values[index]?.values ?? nullsOf(NONLINEAR)),
    },
    errors: {
      ...(linear.errors[index]?.values ?? nullsOf(LINEAR)),
      ...spectrum?.errors[index]?.values,
      ...(nonlinear?.errors[index]?.values ?? nullsOf(NONLINEAR)),
    },
  }));
  const runs = [linear, ...(spectrum === null ? [] : [spectrum]), ...(nonlinear === null ? [] : [nonlinear])];
  return { modules: runs.map(({ module }) => module), windows };
}

function runOne(choice: CoreChoice, inputs: ReturnType<typeof toIntervals>, countMax: number, settings: HrvSettings) {
  const hasErrors = countMax <= choice.errorIntervalsMax && (settings.windowMs === 0 || choice.errorsOfSlides);
  const blockCount = hasErrors ? settings.blockCount : 0;
  const core = choice.create({ ...settings, blockCount, intervalCountMax: countMax });
  const findings = core.compute(inputs);
  const ofKind = (wanted: Finding['kind']) => findings.filter(({ kind }) => kind === wanted);
  return { module: core.module, values: ofKind('values'), errors: ofKind('errors') };
}

function nullsOf({ names }: CoreChoice): HrvValues {
  return Object.fromEntries(names.map((name) => [name, null]));
}

function headOf(finding: Finding): Omit<HrvWindow, 'values' | 'errors'> {
  return {
    fromS: finding.fromMs / 1000,
    toS: finding.toMs / 1000,
    coverage: finding.coverage,
    quality: finding.quality < 0 ? null : finding.quality,
    count: finding.count,
    flags: hrvIndicesFlagNames(finding.flags),
  };
}

/** A window cannot hold more intervals than the shortest of them fits into it. */
function intervalCountMax(intervals: readonly PlainInterval[], windowMs: number): number {
  const shortestMs = intervals.reduce((shortest, { rrMs }) => Math.min(shortest, rrMs), Number.POSITIVE_INFINITY);
  const fitting = windowMs === 0 ? intervals.length : Math.ceil(windowMs / shortestMs) + 2;
  return Math.max(2, Math.min(intervals.length, fitting));
}
