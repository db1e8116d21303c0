// One recording, start to end, through the cores: beats, RR, rhythm, HRV. The result is the JSON of `maibo analyze`: fields are added,
// never renamed; what is missing is null.
import { coreCatalog, HrvCore, toIntervals, WHOLE_SERIES } from '@maibo/cores';
import { isMaiboError } from '../errors.ts';
import { type OpenOptions, openRecording } from '../formats/open-recording.ts';
import type { Recording } from '../formats/recording.ts';
import { normalIntervals, RrCorrection, type RrNews } from '../pipeline/rr-correction.ts';
import { usableIntervals } from '../pipeline/rr-series.ts';
import { MAIBO_VERSION } from '../version.ts';
import { chooseSignal, type SignalChoice, type SignalWish } from './choose-signal.ts';
import { findBeats } from './find-beats.ts';
import type { Found } from './found.ts';
import { readIntervals } from './read-intervals.ts';

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
  readonly hrv: Readonly<Record<string, number | null>>;
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

export interface AnalyzeOptions extends OpenOptions, SignalWish {
  /** HRV of the corrected intervals. Without it: of the original ones, as most tools do, only impossible ones left out. */
  readonly correct?: boolean | undefined;
}

/**
 * Errors: what `openRecording` throws, and `usage` for a signal that is not there.
 * @example
 * const { hrv } = await analyzeFile('path/to/100', { signal: 'ecg', correct: true });
 */
export async function analyzeFile(path: string, options: AnalyzeOptions = {}): Promise<Analysis> {
  const recording = await openFor(path, options);
  const choice = chooseSignal(recording, options);
  const found =
    choice.channel === null || choice.signal === 'rr'
      ? await readIntervals(recording)
      : await findBeats(recording, choice.channel, choice.signal);
  return describe(recording, choice, found, options.correct === true);
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

function describe(recording: Recording, choice: SignalChoice, found: Found, correct: boolean): Analysis {
  const correction = new RrCorrection(coreCatalog.get('rr'));
  const news = correctAll(correction, found);
  const normal = normalIntervals(news.intervals);
  const intervals = correct ? normal : usableIntervals(found.rr);
  const hrv = HrvCore.create({ ...WHOLE_SERIES, intervalCountMax: Math.max(2, intervals.length) });
  const indices = hrv.compute(toIntervals(intervals))[0]!;
  const modules = [...found.modules, correction.module, hrv.module];
  const flags = found.beats.length === 0 ? [...found.flags, 'no-beats'] : found.flags;
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
    cores: modules.map(({ name, version, sha256 }) => ({ name, version, sha256 })),
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
    hrv: indices.values,
    quality: {
      score: scoreOf(found),
      coverage: found.coverage,
      flags,
      per10s: {
        timeS: found.windows.map((window) => window.timeS),
        value: found.windows.map((window) => window.quality),
      },
    },
    notes: [...recording.notes, ...choice.notes, ...notesOf(news, correct)],
  };
}

function correctAll(correction: RrCorrection, { rr, beats }: Found): RrNews {
  const news: RrNews = { intervals: [], rhythm: [], events: [] };
  const learn = ({ intervals, rhythm, events }: RrNews) => {
    news.intervals.push(...intervals);
    news.rhythm.push(...rhythm);
    news.events.push(...events);
  };
  const offset = beats.length - rr.length;
  for (const [index, point] of rr.entries()) learn(correction.push(point, beats[index + offset]?.quality ?? null));
  learn(correction.flush());
  return news;
}

/** Originals come back from the correction in order, one each; those over a gap or to a beat not trusted never went in. */
function flagsOf({ rr }: Found, news: RrNews): string[] {
  const originals = news.intervals.filter((interval) => interval.rrMs > 0)[Symbol.iterator]();
  return rr.map(({ flag }) => {
    if (flag === 'gap' || flag === 'poor') return flag;
    const artefact = originals.next().value?.artefact ?? 'normal';
    return artefact === 'normal' ? flag : artefact;
  });
}

function notesOf(news: RrNews, correct: boolean): string[] {
  const changed = news.intervals.filter((interval) => interval.rrMs > 0 && interval.action !== 'kept').length;
  if (changed === 0) return [];
  return [
    correct
      ? `${changed} intervals were corrected before HRV was computed`
      : `${changed} intervals are taken for artefacts or ectopic beats; HRV is of the original ones (--correct changes that)`,
  ];
}

function scoreOf({ beats, coverage }: Found): number | null {
  const stated = beats.flatMap((beat) => (beat.quality === null ? [] : [beat.quality]));
  if (stated.length === 0) return null;
  return (coverage * stated.reduce((sum, quality) => sum + quality, 0)) / stated.length;
}
