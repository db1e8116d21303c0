// One recording, start to end, through the cores: beats, RR, rhythm, HRV. The result is the JSON of `maibo analyze`: fields are added,
// never renamed; what is missing is null.
import { coreCatalog } from '@maibo/cores';
import { isMaiboError, MaiboError } from '../errors.ts';
import { type OpenOptions, openRecording } from '../formats/open-recording.ts';
import type { Recording } from '../formats/recording.ts';
import { normalIntervals, RrCorrection, type RrNews } from '../pipeline/rr-correction.ts';
import { MAIBO_VERSION } from '../version.ts';
import { findBreathing, readRespiration } from './breathing.ts';
import type { BreathingSeries } from './breathing-series.ts';
import { chooseSignal, type SignalChoice, type SignalWish } from './choose-signal.ts';
import { chooseIntervals, type IntervalChoice } from './chosen-intervals.ts';
import { correctAll, flagsOf } from './corrected-found.ts';
import { findBeats } from './find-beats.ts';
import type { Found } from './found.ts';
import { type HrvOptions, type HrvProfile, hrvSettings, runHrv, type Slide } from './hrv.ts';
import { type HrvSeries, hrvSeriesOf } from './hrv-series.ts';
import { readIntervals } from './read-intervals.ts';
import { rsaIndices } from './rsa-indices.ts';
import { findStress } from './stress.ts';
import type { StressSeries } from './stress-series.ts';
import { readWristSensors, type SensorSet, type WristSensors } from './wrist-sensors.ts';

export interface Analysis {
  readonly maibo: string;
  readonly input: {
    readonly path: string;
    readonly format: string;
    readonly signal: string;
    /** Null for RR intervals. */
    readonly rateHz: number | null;
    readonly durationS: number;
    readonly channel: string | null;
  };
  readonly cores: readonly { readonly name: string; readonly version: string; readonly sha256: string }[];
  readonly beats: {
    /** Sample numbers of the input at its own rate; null where the input has intervals and no samples. */
    readonly sample: readonly (number | null)[];
    readonly timeS: readonly number[];
    readonly quality: readonly (number | null)[];
  };
  /** The original intervals; `flag` is 'ok' or what the interval is taken for: gap, poor, short, long, ectopic, missed, extra. */
  readonly rr: { readonly ms: readonly number[]; readonly timeS: readonly number[]; readonly flag: readonly string[] };
  /** The corrected intervals from one normal beat to the next; `afterGap` where one does not follow the one before. */
  readonly nn: { readonly ms: readonly number[]; readonly afterGap: readonly boolean[] };
  readonly rhythm: {
    /** Probability 0..1 that the beats up to `timeS` are irregular, as in atrial fibrillation. A screening, no diagnosis. */
    readonly timeS: readonly number[];
    readonly irregularity: readonly number[];
    readonly events: readonly { readonly kind: string; readonly timeS: number; readonly value: number }[];
  };
  /** Of the whole recording, by NeuroKit2's column names. Lengths in ms, powers in ms2, shares in per cent. */
  readonly hrv: Readonly<Record<string, number | null>>;
  /** Standard errors by the same names, in the same units. */
  readonly hrvError: Readonly<Record<string, number | null>>;
  /** What `hrv` and `series` are of, and by whose definitions. */
  readonly hrvBasis: {
    readonly profile: HrvProfile;
    readonly intervals: IntervalChoice;
    /** Of the powers: '1' where they are divided by the highest density. */
    readonly powerUnit: 'ms2' | '1';
    readonly count: number;
    /** Share 0..1 of the time from first to last interval that intervals cover; below 0.5 nothing is computed. */
    readonly coverage: number;
    /** Mean quality of the intervals, null when their source states none. */
    readonly quality: number | null;
    readonly flags: readonly string[];
  };
  /** The same over windows that move along; null unless asked for. */
  readonly series: HrvSeries | null;
  /** Breathing rate read from the beats; null where it cannot be computed. */
  readonly breathing: BreathingSeries | null;
  /** Stress of a wristband's wearer; null for other recordings. */
  readonly stress: StressSeries | null;
  readonly quality: {
    /** Mean quality of the beats times coverage, null without beats. */
    readonly score: number | null;
    /** Share of the recording with usable signal. */
    readonly coverage: number;
    readonly flags: readonly string[];
    /** Signal quality index: the end of each ten seconds, and the share of its beats that are right and there, as expected. */
    readonly per10s: { readonly timeS: readonly number[]; readonly value: readonly number[] };
  };
  readonly notes: readonly string[];
}

export interface AnalyzeOptions extends OpenOptions, SignalWish, HrvOptions {
  /**
   * HRV of the corrected intervals. When left out: yes for the profiles 'kubios' and 'taskforce', which are defined on normal beats;
   * otherwise no: of the original ones, as most tools do, only impossible ones left out ('neurokit': not even those).
   */
  readonly correct?: boolean | undefined;
  /** Also a series of windows of this length, 10..604800 s. */
  readonly windowS?: number | undefined;
  /** From one window to the next, s; 60 when left out. */
  readonly stepS?: number | undefined;
  /** The series' non-linear indices, however long they take. When left out: while there are at most 1,000 windows. */
  readonly nonlinear?: boolean | undefined;
  /** Empatica E4: sensors to use beside the pulse; all that are there when left out. */
  readonly sensors?: SensorSet | undefined;
}

const STEP_S = 60;
const NONLINEAR_WINDOWS_MAX = 1_000;
const WITHOUT_NONLINEAR =
  'the series has so many windows that its non-linear indices were left out (--nonlinear computes them)';

/**
 * Errors: what `openRecording` throws, `usage` for a signal that is not there or options that do not go together, `input-range` for
 * a window or interval that cannot be.
 * @example
 * const { hrv } = await analyzeFile('path/to/100', { signal: 'ecg', correct: true });
 */
export async function analyzeFile(path: string, options: AnalyzeOptions = {}): Promise<Analysis> {
  hrvSettings(options, slideOf(options));
  const recording = await openFor(path, options);
  const choice = chooseSignal(recording, options);
  const sensors = await readWristSensors(recording, options.sensors);
  const found = await findIntervals(recording, choice, sensors);
  const correction = new RrCorrection(coreCatalog.get('rr'));
  const news = correctAll(correction, found);
  const breathing = await findBreathing(recording, choice, found, news);
  const stress = recording.format === 'e4' ? findStress(recording, startOf(recording, choice), found, sensors) : null;
  const indices = await indicesOf(recording, choice, { found, news }, options);
  const modules = [
    ...found.modules,
    correction.module,
    ...indices.modules,
    ...(breathing?.modules ?? []),
    ...(stress === null ? [] : [stress.module]),
  ];
  return {
    ...describe(recording, choice, found, news),
    cores: modules.map(({ name, version, sha256 }) => ({ name, version, sha256 })),
    ...indices.described,
    breathing: breathing?.series ?? null,
    stress: stress?.series ?? null,
    notes: [...recording.notes, ...choice.notes, ...notesOf(news, indices.described.hrvBasis), ...indices.notes],
  };
}

/** Where second 0 of the chosen signal lies in the recording. */
function startOf(recording: Recording, { channel }: SignalChoice): number {
  return channel === null ? 0 : (recording.channels[channel]?.startS ?? 0);
}

function findIntervals(recording: Recording, { signal, channel }: SignalChoice, sensors: WristSensors): Promise<Found> {
  if (channel === null || signal === 'rr') return readIntervals(recording);
  return findBeats(recording, channel, signal, sensors.motion);
}

/** Who asks for RR intervals means them also by a bare column, which otherwise could be samples. */
async function openFor(path: string, options: AnalyzeOptions): Promise<Recording> {
  const wantsIntervals =
    options.signal === 'rr' && (options.format ?? 'auto') === 'auto' && options.rateHz === undefined;
  if (!wantsIntervals) return openRecording(path, options);
  try {
    const recording = await openRecording(path, options);
    if (recording.hasIntervals || recording.format !== 'csv') return recording;
  } catch (failure) {
    if (!isMaiboError(failure, 'input-format')) throw failure;
  }
  return openRecording(path, { ...options, format: 'rr' });
}

/** What was found, apart from anything computed of it. */
function describe(recording: Recording, choice: SignalChoice, found: Found, news: RrNews) {
  const normal = normalIntervals(news.intervals);
  return {
    maibo: MAIBO_VERSION,
    input: {
      path: recording.path,
      format: recording.format,
      signal: choice.signal,
      rateHz: found.rateHz,
      durationS: found.durationS,
      channel: choice.channel === null ? null : (recording.channels[choice.channel]?.name ?? null),
    },
    beats: {
      sample: found.beats.map((beat) => beat.sample),
      timeS: found.beats.map((beat) => beat.timeS),
      quality: found.beats.map((beat) => beat.quality),
    },
    rr: {
      ms: found.rr.map((point) => point.rrMs),
      timeS: found.rr.map((point) => point.endS),
      flag: flagsOf(found, news),
    },
    nn: { ms: normal.map((interval) => interval.rrMs), afterGap: normal.map((interval) => interval.afterGap) },
    rhythm: {
      timeS: news.rhythm.map((point) => point.timeS),
      irregularity: news.rhythm.map((point) => point.irregularity),
      events: news.events.map(({ kind, timeS, value }) => ({ kind, timeS, value })),
    },
    quality: {
      score: scoreOf(found),
      coverage: found.coverage,
      flags: found.beats.length === 0 ? [...found.flags, 'no-beats'] : found.flags,
      per10s: {
        timeS: found.windows.map((window) => window.timeS),
        value: found.windows.map((window) => window.quality),
      },
    },
  };
}

async function indicesOf(
  recording: Recording,
  signal: SignalChoice,
  { found, news }: { found: Found; news: RrNews },
  options: AnalyzeOptions,
) {
  const { profile = 'maibo' } = options;
  const choice = intervalChoiceOf(options);
  const powerUnit: Analysis['hrvBasis']['powerUnit'] = options.normalize === true ? '1' : 'ms2';
  const { intervals, startS } = chooseIntervals(found, news, choice);
  const whole = runHrv(intervals, options, null);
  const { values, errors, count, coverage, quality, flags } = whole.windows[0]!;
  const slide = slideOf(options);
  const nonlinear = slide !== null && (options.nonlinear ?? found.durationS / slide.stepS <= NONLINEAR_WINDOWS_MAX);
  const windows = slide === null ? [] : runHrv(intervals, options, { ...slide, nonlinear }).windows;
  const respiration = await readRespiration(recording);
  const rsa = respiration && rsaIndices(found, respiration, startOf(recording, signal), profile);
  const described = {
    hrv: { ...values, ...rsa },
    hrvError: { ...errors, ...(rsa && Object.fromEntries(Object.keys(rsa).map((name) => [name, null]))) },
    hrvBasis: { profile, intervals: choice, powerUnit, count, coverage, quality, flags },
    series: slide === null ? null : hrvSeriesOf(windows, slide, startS),
  };
  const notes = slide === null || nonlinear ? [] : [WITHOUT_NONLINEAR];
  return { modules: whole.modules, described, notes };
}

function intervalChoiceOf({ profile, correct }: AnalyzeOptions): IntervalChoice {
  if (correct ?? (profile === 'kubios' || profile === 'taskforce')) return 'corrected';
  return profile === 'neurokit' ? 'exact' : 'original';
}

function slideOf({ windowS, stepS }: AnalyzeOptions): Slide | null {
  if (windowS !== undefined) return { windowS, stepS: stepS ?? STEP_S };
  if (stepS === undefined) return null;
  throw new MaiboError('usage', 'a step says how far windows move, but there is no window', {
    hint: 'add --window, in seconds',
  });
}

function notesOf(news: RrNews, { intervals, count, coverage, flags }: Analysis['hrvBasis']): string[] {
  const notes: string[] = [];
  const changed = news.intervals.filter((interval) => interval.rrMs > 0 && interval.action !== 'kept').length;
  if (changed > 0) {
    notes.push(
      intervals === 'corrected'
        ? `${changed} intervals were corrected before HRV was computed`
        : `${changed} intervals are taken for artefacts or ectopic beats; HRV is of the original ones (--correct changes that)`,
    );
  }
  if (flags.includes('thin') && count > 0) {
    const share = (100 * coverage).toFixed(0);
    notes.push(
      `the intervals cover ${share} % of the recording, less than half: no HRV of the whole (--window shows the better parts)`,
    );
  }
  return notes;
}

function scoreOf({ beats, coverage }: Found): number | null {
  const stated = beats.flatMap((beat) => (beat.quality === null ? [] : [beat.quality]));
  if (stated.length === 0) return null;
  return (coverage * stated.reduce((sum, quality) => sum + quality, 0)) / stated.length;
}
