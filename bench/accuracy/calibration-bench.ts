// `calibration`: does a stated quality keep its word? Beats and ten-second stretches by what the core said of them, beside how often
// they were right, over clean and noisy records together. A reliability diagram in numbers.

import { basename } from 'node:path';
import { EcgCore, type EcgFinding } from '@maibo/cores';
import { type Bench, type BenchReport, skippedReport, table } from '../bench.ts';
import { sharedPath } from '../shared-folder.ts';
import { recordsIn } from './detect.ts';
import { matchBeats } from './ec57-match.ts';
import { LEARNING_S, MATCH_WINDOW_S } from './ec57-score.ts';
import { readChannel } from './ecg-signal.ts';
import { addElectrodeNoise, isNoisy } from './electrode-noise.ts';
import { type Reference, readReference } from './reference.ts';

/** Null is the clean record. */
const SNRS_DB = [null, 12, 6, 0, -6] as const;
const BINS = 10;
/** What a window finding of the core speaks of. */
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
      const claims = claimsOf(reference, findingsIn(signal, rateHz), snrDb !== null);
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

function findingsIn(samples: Float32Array, rateHz: number): EcgFinding[] {
  const core = EcgCore.create({ rateHz });
  return [...core.push(samples), ...core.flush()];
}

function claimsOf(
  reference: Reference,
  findings: readonly EcgFinding[],
  noisyOnly: boolean,
): { beats: Claim[]; stretches: Claim[] } {
  const { rateHz, sampleCount, beats, flutter } = reference;
  const counts = (from: number, to = from) =>
    !flutter.some((spell) => spell.from <= to && from <= spell.to) && (!noisyOnly || isNoisy(from / rateHz));
  const from = Math.round(LEARNING_S * rateHz);
  const found = findings
    .filter(({ kind }) => kind === 'beat')
    .map(({ sample, quality }) => ({ sample: Math.round(sample), stated: quality }));
  const { pairs, missed } = matchBeats(
    beats,
    found.map(({ sample }) => sample),
    { windowSamples: Math.floor(MATCH_WINDOW_S * rateHz), from, to: sampleCount },
  );
  const matched = new Set(pairs.map(([, detection]) => detection));
  const judged = found.map((beat) => ({ ...beat, right: matched.has(beat.sample) ? 1 : 0 }));
  const windows = findings
    .filter(({ kind }) => kind === 'window')
    .map(({ sample, quality }) => ({ from: sample - STRETCH_S * rateHz, to: sample, stated: quality }))
    .filter((window) => window.from >= from && counts(window.from, window.to));
  return {
    beats: judged.filter(({ sample }) => sample >= from && counts(sample)),
    stretches: stretchesOf(windows, judged, missed),
  };
}

/** A stretch is right as far as its beats are there and nothing else is; one without any beats, found or missed, is neither. */
function stretchesOf(
  windows: readonly { from: number; to: number; stated: number }[],
  judged: readonly (Claim & { sample: number })[],
  missed: readonly number[],
): Claim[] {
  return windows.flatMap(({ from, to, stated }) => {
    const own = judged.filter(({ sample }) => from <= sample && sample < to);
    const all = own.length + missed.filter((sample) => from <= sample && sample < to).length;
    return all === 0 ? [] : [{ stated, right: own.reduce((sum, { right }) => sum + right, 0) / all }];
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
