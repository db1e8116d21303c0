// One recording, start to end, through the cores: beats, RR, HRV. The result is the JSON of `maibo analyze`: fields are added, never
// renamed; what is missing is null.
import { type CoreModule, CoreStatusError, EcgCore, type EcgFinding, ecgFlagNames, HrvCore } from '@maibo/cores';
import { isMaiboError, MaiboError } from '../errors.ts';
import { type OpenOptions, openRecording } from '../formats/open-recording.ts';
import type { Recording } from '../formats/recording.ts';
import { type RrPoint, RrSeries, rrFlagOf, usableIntervals } from '../pipeline/rr-series.ts';
import { UsableTime } from '../pipeline/usable-time.ts';
import { MAIBO_VERSION } from '../version.ts';
import { chooseSignal, type SignalChoice, type SignalWish } from './choose-signal.ts';

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
  readonly rr: { readonly ms: readonly number[]; readonly timeS: readonly number[]; readonly flag: readonly string[] };
  readonly hrv: Readonly<Record<string, number | null>>;
  readonly quality: {
    /** Mean quality of the beats times coverage, null without beats. */
    readonly score: number | null;
    /** Share of the recording with usable signal. */
    readonly coverage: number;
    readonly flags: readonly string[];
  };
  readonly notes: readonly string[];
}

export type AnalyzeOptions = OpenOptions & SignalWish;

/** Errors: what `openRecording` throws; `usage` for a signal that is not there; `input-empty` for a recording without beats to speak of. */
export async function analyzeFile(path: string, options: AnalyzeOptions = {}): Promise<Analysis> {
  const recording = await openFor(path, options);
  const choice = chooseSignal(recording, options);
  const found = choice.channel === null ? await readIntervals(recording) : await findBeats(recording, choice.channel);
  return describe(recording, choice, found);
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

interface Found {
  readonly rateHz: number | null;
  readonly durationS: number;
  readonly modules: readonly CoreModule[];
  readonly beats: { sample: number | null; timeS: number; quality: number | null }[];
  readonly rr: readonly RrPoint[];
  readonly coverage: number;
  readonly flags: readonly string[];
  readonly notes: readonly string[];
}

async function findBeats(recording: Recording, channelIndex: number): Promise<Found> {
  const channel = recording.channels[channelIndex];
  const rateHz = channel?.rateHz ?? 0;
  const core = createEcgCore(rateHz, recording.path);
  const usable = new UsableTime();
  const series = new RrSeries();
  const beats: Found['beats'] = [];
  const rr: RrPoint[] = [];
  let sampleCount = 0;
  const take = (findings: readonly EcgFinding[]) => {
    for (const finding of findings) {
      const timeS = finding.sample / rateHz;
      if (finding.kind === 'usable') usable.regain(timeS);
      else if (finding.kind === 'unusable') {
        usable.lose(timeS, ecgFlagNames(finding.flags)[0] ?? 'unusable');
        series.break();
      } else {
        beats.push({ sample: Math.round(finding.sample), timeS, quality: finding.quality });
        const interval = series.addBeat(timeS);
        if (interval !== null) rr.push(interval);
      }
    }
  };
  for await (const chunk of recording.samples(channelIndex)) {
    sampleCount += chunk.length;
    take(core.push(chunk));
  }
  take(core.flush());
  const durationS = sampleCount / rateHz;
  const coverage = usable.coverage(0, durationS);
  return {
    rateHz,
    durationS,
    modules: [core.module],
    beats,
    rr,
    coverage,
    flags: usable.reasons(0, durationS),
    notes: [],
  };
}

function createEcgCore(rateHz: number, path: string): EcgCore {
  try {
    return EcgCore.create({ rateHz });
  } catch (cause) {
    if (!(cause instanceof CoreStatusError)) throw cause;
    const hint = 'the ECG core takes 50 to 1000 samples per second';
    throw new MaiboError('input-range', `${rateHz} Hz is outside what the ECG core takes`, {
      where: path,
      hint,
      cause,
    });
  }
}

/** Intervals farther apart than this from where the one before ended are not its neighbours. */
const ADJACENT_S = 0.05;

async function readIntervals(recording: Recording): Promise<Found> {
  const rr: RrPoint[] = [];
  let endS = 0;
  let missingS = 0;
  for await (const { timeS, rrMs } of recording.intervals()) {
    const startS = timeS === null ? endS : timeS - rrMs / 1000;
    const isGap = rr.length > 0 && startS - endS > ADJACENT_S;
    if (isGap) {
      missingS += startS - endS;
      // The hole itself is an interval that nobody measured: it keeps its neighbours apart.
      rr.push({ endS: startS, rrMs: (startS - endS) * 1000, flag: 'gap' });
    }
    endS = timeS ?? endS + rrMs / 1000;
    rr.push({ endS, rrMs, flag: rrFlagOf(rrMs) });
  }
  const fromS = rr[0] === undefined ? 0 : rr[0].endS - rr[0].rrMs / 1000;
  const durationS = endS - Math.min(fromS, 0);
  const beats = [fromS, ...rr.map((point) => point.endS)].map((timeS) => ({ sample: null, timeS, quality: null }));
  const coverage = durationS > 0 ? Math.max(0, 1 - missingS / durationS) : 0;
  return {
    rateHz: null,
    durationS,
    modules: [],
    beats: rr.length === 0 ? [] : beats,
    rr,
    coverage,
    flags: missingS > 0 ? ['gap'] : [],
    notes: [],
  };
}

function describe(recording: Recording, choice: SignalChoice, found: Found): Analysis {
  const intervals = usableIntervals(found.rr);
  const hrv = HrvCore.create({ intervalCountMax: Math.max(2, intervals.length) });
  const indices = hrv.compute(intervals);
  const modules = [...found.modules, hrv.module];
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
      flag: found.rr.map((point) => point.flag),
    },
    hrv: indices.values,
    quality: { score: scoreOf(found), coverage: found.coverage, flags },
    notes: [...recording.notes, ...choice.notes, ...found.notes],
  };
}

function scoreOf({ beats, coverage }: Found): number | null {
  const stated = beats.flatMap((beat) => (beat.quality === null ? [] : [beat.quality]));
  if (stated.length === 0) return null;
  return (coverage * stated.reduce((sum, quality) => sum + quality, 0)) / stated.length;
}
