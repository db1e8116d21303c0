// Does HRV from our beats agree with HRV from the experts' beats? On five-minute stretches in which every annotated beat is a normal one.

import { HrvCore, toIntervals, WHOLE_SERIES } from '@maibo/cores';
import { openRecording } from '@maibo/sdk';
import type { DetectedBeat } from './ecg-signal.ts';

const STRETCH_S = 300;
const FROM_S = 300;
const NORMAL = 'N';
/** A beat of ours farther than this from an annotated one is another beat. */
const SAME_S = 0.15;

export interface HrvAgreement {
  readonly record: string;
  readonly fromS: number;
  /** Ours over theirs, minus 1, in per cent. */
  readonly sdnnErrorPercent: number;
  readonly rmssdErrorPercent: number;
}

/** `path` of a WFDB record with annotations; `beats` are ours. */
export async function agreeOnHrv(
  path: string,
  record: string,
  beats: readonly DetectedBeat[],
): Promise<HrvAgreement[]> {
  const recording = await openRecording(path, { format: 'wfdb', annotator: 'atr' });
  const rateHz = recording.channels[0]?.rateHz ?? 0;
  const sampleCount = recording.channels[0]?.sampleCount ?? 0;
  const annotated = (await recording.annotations()).filter((annotation) => annotation.isBeat);
  const found: HrvAgreement[] = [];
  for (let fromS = FROM_S; (fromS + STRETCH_S) * rateHz <= sampleCount; fromS += STRETCH_S) {
    const within = (sample: number) => sample >= fromS * rateHz && sample < (fromS + STRETCH_S) * rateHz;
    const theirs = annotated.filter(({ sample }) => within(sample));
    if (theirs.length < 2 || theirs.some(({ code }) => code !== NORMAL)) continue;
    const ours = beats.map((beat) => beat.position).filter(within);
    const reference = theirs.map(({ sample }) => sample);
    // A stretch with a beat more or less says nothing of jitter: the tables of beats show it.
    if (!sameBeats(reference, ours, SAME_S * rateHz)) continue;
    found.push({ record, fromS, ...errorsOf(reference, ours, rateHz) });
  }
  return found;
}

function sameBeats(a: readonly number[], b: readonly number[], limit: number): boolean {
  return a.length === b.length && a.every((sample, index) => Math.abs(sample - (b[index] as number)) <= limit);
}

function errorsOf(reference: readonly number[], ours: readonly number[], rateHz: number) {
  const [theirs, own] = [indicesOf(reference, rateHz), indicesOf(ours, rateHz)];
  const percent = (name: 'HRV_SDNN' | 'HRV_RMSSD') => 100 * ((own[name] ?? 0) / (theirs[name] ?? 1) - 1);
  return { sdnnErrorPercent: percent('HRV_SDNN'), rmssdErrorPercent: percent('HRV_RMSSD') };
}

function indicesOf(samples: readonly number[], rateHz: number): Readonly<Record<string, number | null>> {
  const intervals = samples.slice(1).map((sample, index) => {
    return { rrMs: ((sample - (samples[index] as number)) * 1000) / rateHz };
  });
  return HrvCore.create({ ...WHOLE_SERIES, intervalCountMax: Math.max(2, intervals.length) }).compute(
    toIntervals(intervals),
  )[0]!.values;
}
