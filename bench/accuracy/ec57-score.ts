// Counts and figures of one record, and of many together ("gross": every beat counts the same, so long records weigh more).

import { matchBeats } from './ec57-match.ts';
import type { Reference } from './reference.ts';

/** EC57: a detection within 150 ms of a beat is that beat, and the first five minutes are for learning. */
export const MATCH_WINDOW_S = 0.15;
export const LEARNING_S = 300;

export interface Score {
  readonly record: string;
  readonly tp: number;
  readonly fn: number;
  readonly fp: number;
  /** tp / (tp + fn), 0..1. */
  readonly se: number;
  /** tp / (tp + fp), 0..1. */
  readonly ppv: number;
  readonly f1: number;
  /** Mean and spread of detection minus reference. */
  readonly offsetMs: number;
  readonly jitterSdMs: number;
}

/**
 * `detections` are whole sample numbers, as `bxb` takes them. Where the detector knows better, `positionOf` gives the place between samples,
 * and offset and jitter are of that.
 */
export function scoreRecord(
  reference: Reference,
  detections: readonly number[],
  positionOf: (detection: number) => number = (detection) => detection,
): Score {
  const { name, rateHz, beats, flutter, sampleCount } = reference;
  const sorted = [...new Set(detections)].toSorted((a, b) => a - b);
  const { pairs, missed, extra } = matchBeats(beats, sorted, {
    windowSamples: Math.floor(MATCH_WINDOW_S * rateHz),
    from: Math.round(LEARNING_S * rateHz),
    to: sampleCount,
  });
  // In ventricular flutter there are no beats to annotate; what is found there is not counted.
  const fp = extra.filter((sample) => !flutter.some(({ from, to }) => from <= sample && sample <= to)).length;
  const offsets = pairs.map(([beat, detection]) => ((positionOf(detection) - beat) * 1000) / rateHz);
  return { record: name, ...figures(pairs.length, missed.length, fp), ...spread(offsets) };
}

export function grossScore(scores: readonly Score[]): Omit<Score, 'offsetMs' | 'jitterSdMs'> {
  const sum = (key: 'tp' | 'fn' | 'fp') => scores.reduce((total, score) => total + score[key], 0);
  return { record: 'gross', ...figures(sum('tp'), sum('fn'), sum('fp')) };
}

function figures(tp: number, fn: number, fp: number) {
  const share = (part: number, whole: number) => (whole === 0 ? 0 : part / whole);
  return { tp, fn, fp, se: share(tp, tp + fn), ppv: share(tp, tp + fp), f1: share(2 * tp, 2 * tp + fn + fp) };
}

function spread(offsets: readonly number[]): { offsetMs: number; jitterSdMs: number } {
  if (offsets.length === 0) return { offsetMs: 0, jitterSdMs: 0 };
  const mean = offsets.reduce((sum, offset) => sum + offset, 0) / offsets.length;
  const variance = offsets.reduce((sum, offset) => sum + (offset - mean) ** 2, 0) / offsets.length;
  return { offsetMs: mean, jitterSdMs: Math.sqrt(variance) };
}
