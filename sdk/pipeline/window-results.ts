// Results over spans and windows of a stream, built from what was found so far. Pure: the processor decides when.
import type { CoreModule, HrvIndices } from '@maibo/cores';
import type { StreamRecord } from '@maibo/protocols';
import type { NnInterval } from './nn-series.ts';
import {
  BEAT_SPAN_S,
  HRV_BLOCK_COUNT,
  HRV_COVERAGE_MIN,
  HRV_INTERVALS_MIN,
  HRV_STEP_S,
  HRV_WINDOW_S,
  PIPELINE,
  type Result,
} from './result.ts';
import {
  type Action,
  type Artefact,
  type CorrectedRr,
  normalIntervals,
  PAUSE_MS,
  type RhythmEvent,
  type RhythmPoint,
} from './rr-correction.ts';
import { BEAT_QUALITY_MIN, RR_FLAG_NUMBERS, RR_MAX_MS, RR_MIN_MS, type RrPoint } from './rr-series.ts';
import type { TimeAxis } from './time-axis.ts';
import type { UsableTime } from './usable-time.ts';

export interface Beat {
  readonly timeS: number;
  readonly quality: number | null;
}

/** What one record holds of a kind at most (record.cddl: value). Only a device that makes up its intervals gets there. */
export const SPAN_BEATS_MAX = 1_024;

/** How records write what an interval is taken for, and what was made of it. */
export const ARTEFACT_NUMBERS: Readonly<Record<Artefact, number>> = {
  normal: 0,
  ectopic: 1,
  missed: 2,
  extra: 3,
  long: 4,
  short: 5,
};
export const ACTION_NUMBERS: Readonly<Record<Action, number>> = {
  kept: 0,
  moved: 1,
  split: 2,
  inserted: 3,
  merged: 4,
  excluded: 5,
  withheld: 6,
};
export const EVENT_NUMBERS: Readonly<Record<RhythmEvent['kind'], number>> = {
  pause: 0,
  bradycardia: 1,
  'bradycardia-end': 2,
  tachycardia: 3,
  'tachycardia-end': 4,
};

/** What every result of a stream needs beside its own findings. */
export interface Frame {
  readonly stream: StreamRecord;
  readonly axis: TimeAxis;
  readonly usable: UsableTime;
  readonly fromS: number;
  readonly toS: number;
  readonly modules: readonly CoreModule[];
}

/** `stated` is what the core says of the whole span, null when it says nothing of just this one. */
export function beatResult(
  frame: Frame,
  beats: readonly Beat[],
  intervals: readonly RrPoint[],
  stated: number | null,
): Result {
  const { fromS, toS, usable } = frame;
  const coverage = usable.coverage(fromS, toS);
  const flags = usable.reasons(fromS, toS);
  if (beats.length === 0) flags.push('no-beats');
  if (beats.length > SPAN_BEATS_MAX) flags.push('cut');
  const kept = beats.slice(0, SPAN_BEATS_MAX);
  const keptRr = intervals.slice(0, SPAN_BEATS_MAX);
  return {
    ...head(frame, 'beats', {
      ...{ spanS: BEAT_SPAN_S, rrMinMs: RR_MIN_MS, rrMaxMs: RR_MAX_MS },
      beatQualityMin: BEAT_QUALITY_MIN,
    }),
    quality: { score: beats.length === 0 ? null : (stated ?? meanQuality(beats, coverage)), coverage, flags },
    values: {
      beatS: kept.map((beat) => beat.timeS),
      beatQuality: kept.flatMap((beat) => (beat.quality === null ? [] : [beat.quality])),
      rrEndS: keptRr.map((point) => point.endS),
      rrMs: keptRr.map((point) => point.rrMs),
      rrFlag: keptRr.map((point) => RR_FLAG_NUMBERS[point.flag]),
    },
  };
}

export interface RrFound {
  readonly intervals: readonly CorrectedRr[];
  readonly rhythm: readonly RhythmPoint[];
  readonly events: readonly RhythmEvent[];
}

/** The original intervals beside the corrected ones, and the rhythm. */
export function rrResult(frame: Frame, beats: readonly Beat[], found: RrFound): Result {
  const { fromS, toS, usable } = frame;
  const coverage = usable.coverage(fromS, toS);
  const flags = usable.reasons(fromS, toS);
  const intervals = found.intervals.slice(0, SPAN_BEATS_MAX);
  if (found.intervals.length > SPAN_BEATS_MAX) flags.push('cut');
  if (intervals.some((point) => point.action === 'withheld')) flags.push('irregular-rhythm');
  return {
    ...head(frame, 'rr', { stepS: HRV_STEP_S, pauseMs: PAUSE_MS }),
    quality: { score: meanQuality(beats, coverage), coverage, flags },
    values: {
      rrEndS: intervals.map((point) => point.timeS),
      rrMs: intervals.map((point) => point.rrMs),
      correctedMs: intervals.map((point) => point.correctedMs),
      artefact: intervals.map((point) => ARTEFACT_NUMBERS[point.artefact]),
      action: intervals.map((point) => ACTION_NUMBERS[point.action]),
      rhythmS: found.rhythm.slice(0, SPAN_BEATS_MAX).map((point) => point.timeS),
      irregularity: found.rhythm.slice(0, SPAN_BEATS_MAX).map((point) => point.irregularity),
      eventS: found.events.slice(0, SPAN_BEATS_MAX).map((event) => event.timeS),
      eventKind: found.events.slice(0, SPAN_BEATS_MAX).map((event) => EVENT_NUMBERS[event.kind]),
      eventValue: found.events.slice(0, SPAN_BEATS_MAX).map((event) => event.value),
    },
  };
}

export function hrvResult(
  frame: Frame,
  beats: readonly Beat[],
  corrected: readonly CorrectedRr[],
  compute: (intervals: readonly NnInterval[]) => readonly HrvIndices[],
): Result[] {
  const { fromS, toS, usable } = frame;
  const normal = normalIntervals(corrected);
  const heldS = normal.reduce((sum, interval) => sum + interval.rrMs, 0) / 1000;
  // Signal that gave no trusted interval is of no use here.
  const coverage = Math.min(usable.coverage(fromS, toS), heldS / (toS - fromS));
  const enough = normal.length >= HRV_INTERVALS_MIN && coverage >= HRV_COVERAGE_MIN;
  const flags = usable.reasons(fromS, toS);
  if (!enough) flags.push('too-little-signal');
  if (toS - fromS < HRV_WINDOW_S) flags.push('short-window');
  if (corrected.some((point) => point.action === 'withheld')) flags.push('irregular-rhythm');
  const parameters = {
    windowS: HRV_WINDOW_S,
    stepS: HRV_STEP_S,
    intervalsMin: HRV_INTERVALS_MIN,
    coverageMin: HRV_COVERAGE_MIN,
    beatQualityMin: BEAT_QUALITY_MIN,
    intervals: 'corrected',
    profile: 'maibo',
    errorBlocks: HRV_BLOCK_COUNT,
  };
  const [indices, errors] = compute(enough ? normal : []);
  const quality = { score: enough ? keptQuality(corrected, beats, coverage) : null, coverage, flags };
  const values = { fromS, toS, intervalCount: normal.length, ...indices?.values };
  const result = { ...head(frame, 'hrv', parameters), quality, values };
  if (!enough) return [result];
  const errorValues = { fromS, toS, blockCount: HRV_BLOCK_COUNT, ...errors?.values };
  return [result, { ...head(frame, 'hrv-error', parameters), quality, values: errorValues }];
}

function head(
  { stream, axis, fromS, toS, modules }: Frame,
  result: Result['result'],
  parameters: Record<string, number | string>,
): Pick<Result, 'result' | 'source' | 'method' | 'time'> {
  const cores = modules.map(({ name, version, sha256 }) => {
    return { name, version, sha256: new Uint8Array(Buffer.from(sha256, 'hex')) };
  });
  const all = stream.rateHz === null ? parameters : { rateHz: stream.rateHz, ...parameters };
  const method = { pipeline: PIPELINE, cores, parameters: all };
  return { result, source: stream.source, method, time: axis.span(fromS, toS) };
}

/** Mean quality of the beats times the share of usable signal; null where there are no beats to speak of. */
function meanQuality(beats: readonly Beat[], coverage: number): number | null {
  const stated = beats.flatMap((beat) => (beat.quality === null ? [] : [beat.quality]));
  if (beats.length === 0) return null;
  if (stated.length === 0) return coverage;
  return (coverage * stated.reduce((sum, quality) => sum + quality, 0)) / stated.length;
}

/** Quality of the beats, less by the share of intervals that had to be changed. */
function keptQuality(corrected: readonly CorrectedRr[], beats: readonly Beat[], coverage: number): number | null {
  const beatQuality = meanQuality(beats, coverage);
  if (beatQuality === null || corrected.length === 0) return null;
  const kept = corrected.filter((point) => point.action === 'kept').length;
  return (beatQuality * kept) / corrected.length;
}
