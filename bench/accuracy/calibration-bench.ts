// `calibration`: does a stated quality keep its word? Beats and ten-second stretches by what the core said of them, beside how often
// they were right, over clean and noisy records together. A reliability diagram in numbers.

import { basename } from 'node:path';
import { type Bench, type BenchReport, skippedReport, table } from '../bench.ts';
import { sharedPath } from '../shared-folder.ts';
import { recordsIn } from './detect.ts';
import { matchBeats } from './ec57-match.ts';
import { LEARNING_S, MATCH_WINDOW_S } from './ec57-score.ts';
import { type DetectedBeat, detectWithCore, readChannel } from './ecg-signal.ts';
import { addElectrodeNoise, isNoisy } from './electrode-noise.ts';
import { type Reference, readReference } from './reference.ts';

/** Null is the clean record. */
const SNRS_DB = [null, 12, 6, 0, -6] as const;
const BINS = 10;
const STRETCH_S = 10;

export const calibrationBench: Bench = {
  name: 'calibration',
  about: 'stated quality against how often it was right, per beat and per 10 s, clean and under noise',
  run: async () => {
    const folder = sharedPath('data/mitdb');
    return folder === null ? skippedReport('no ../shared/data/mitdb beside the repository') : calibrate(folder);
  },
};

/** What was stated, and whether (or how far) it was right. */
interface Claim {
  readonly stated: number;
  readonly right: number;
}

async function calibrate(folder: string): Promise<BenchReport> {
  const beats: Claim[] = [];
  const stretches: Claim[] = [];
  for (const [index, path] of recordsIn(folder).entries()) {
    const { samples, rateHz } = await readChannel(path);
    const reference = await readReference(path);
    for (const snrDb of SNRS_DB) {
      const how = { snrDb: snrDb ?? 0, seed: 1000 + index };
      const signal = snrDb === null ? samples : addElectrodeNoise(samples, rateHz, reference.beats, how);
      const claims = claimsOf(reference, detectWithCore(signal, rateHz).beats, snrDb !== null);
      beats.push(...claims.beats);
      stretches.push(...claims.stretches);
    }
  }
  const tables = [rowsOf('beat', beats), rowsOf('10 s', stretches)];
  return {
    lines: [
      `${recordsIn(folder).map((path) => basename(path)).length} records, each clean and (in its noisy spells) at 12, 6, 0 and -6 dB`,
      ...tables.flat(),
      `expected calibration error: beats ${errorOf(beats).toFixed(3)}, 10 s ${errorOf(stretches).toFixed(3)}`,
    ],
    numbers: {
      beats: binsOf(beats),
      stretches: binsOf(stretches),
      errorBeats: errorOf(beats),
      errorStretches: errorOf(stretches),
    },
    overBudget: [],
    skipped: null,
  };
}

function claimsOf(
  reference: Reference,
  found: readonly DetectedBeat[],
  noisyOnly: boolean,
): { beats: Claim[]; stretches: Claim[] } {
  const { rateHz, sampleCount, beats, flutter } = reference;
  const counts = (sample: number) =>
    !flutter.some(({ from, to }) => from <= sample && sample <= to) && (!noisyOnly || isNoisy(sample / rateHz));
  const from = Math.round(LEARNING_S * rateHz);
  const { pairs, missed } = matchBeats(
    beats,
    found.map((beat) => beat.sample),
    {
      windowSamples: Math.floor(MATCH_WINDOW_S * rateHz),
      from,
      to: sampleCount,
    },
  );
  const right = new Set(pairs.map(([, detection]) => detection));
  const judged = found.filter((beat) => beat.sample >= from && counts(beat.sample));
  const perBeat = judged.map((beat) => ({
    stated: beat.quality,
    right: right.has(beat.sample) ? 1 : 0,
    sample: beat.sample,
  }));
  return { beats: perBeat, stretches: stretchesOf(perBeat, missed.filter(counts), STRETCH_S * rateHz) };
}

/** A stretch states the mean quality of its beats; it is right as far as its beats are there and nothing else is. */
function stretchesOf(
  beats: readonly (Claim & { sample: number })[],
  missed: readonly number[],
  length: number,
): Claim[] {
  const by = new Map<number, { stated: number[]; right: number; missed: number }>();
  const at = (sample: number) => {
    const key = Math.floor(sample / length);
    const stretch = by.get(key) ?? { stated: [], right: 0, missed: 0 };
    by.set(key, stretch);
    return stretch;
  };
  for (const beat of beats) {
    const stretch = at(beat.sample);
    stretch.stated.push(beat.stated);
    stretch.right += beat.right;
  }
  for (const sample of missed) at(sample).missed++;
  return [...by.values()]
    .filter(({ stated }) => stated.length > 0)
    .map(({ stated, right, missed: gone }) => {
      const mean = stated.reduce((sum, quality) => sum + quality, 0) / stated.length;
      return { stated: mean, right: right / (stated.length + gone) };
    });
}

interface Bin {
  readonly from: number;
  readonly count: number;
  readonly stated: number;
  readonly right: number;
}

function binsOf(claims: readonly Claim[]): Bin[] {
  return Array.from({ length: BINS }, (_, index) => {
    const own = claims.filter(({ stated }) => Math.min(BINS - 1, Math.floor(stated * BINS)) === index);
    const mean = (key: 'stated' | 'right') => own.reduce((sum, claim) => sum + claim[key], 0) / Math.max(1, own.length);
    return { from: index / BINS, count: own.length, stated: mean('stated'), right: mean('right') };
  });
}

function errorOf(claims: readonly Claim[]): number {
  return binsOf(claims).reduce((sum, bin) => sum + (bin.count * Math.abs(bin.stated - bin.right)) / claims.length, 0);
}

function rowsOf(unit: string, claims: readonly Claim[]): string[] {
  const rows = binsOf(claims).map(({ from, count, stated, right }) => {
    const range = `${from.toFixed(1)} to ${(from + 1 / BINS).toFixed(1)}`;
    return count === 0 ? [range, '0', '-', '-'] : [range, String(count), stated.toFixed(3), right.toFixed(3)];
  });
  return table([[`stated per ${unit}`, 'count', 'mean stated', 'right'], ...rows]);
}
