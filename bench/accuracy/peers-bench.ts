// `peers`: the ECG core beside the detectors people use today, on the same records, scored by the same matcher, in the same run.

import { basename } from 'node:path';
import { type Bench, type BenchReport, skippedReport, table } from '../bench.ts';
import { sharedPath } from '../shared-folder.ts';
import { recordsIn } from './detect.ts';
import { grossScore, type Score, scoreRecord } from './ec57-score.ts';
import { detectWithCore, readChannel } from './ecg-signal.ts';
import { PEER_DETECTORS, type PeerSignal, preparePeers, runPeers } from './peers/run-peers.ts';
import { type Reference, readReference } from './reference.ts';

const OURS = 'maibo ecg';
const REPEAT = 3;
const ACCURACY_MIN = 0.998;
const RECORD_F1_MIN = 0.985;
const JITTER_MEDIAN_MAX_MS = 3;

export const peersBench: Bench = {
  name: 'peers',
  about: 'beat detection beside NeuroKit2, SleepECG, wfdb and HeartPy on the MIT-BIH records (installs them from PyPI)',
  run: async () => {
    const folder = sharedPath('data/mitdb');
    if (folder === null) return skippedReport('no ../shared/data/mitdb beside the repository');
    const why = preparePeers();
    return why === null ? compare(folder) : skippedReport(why);
  },
};

interface Entry {
  readonly name: string;
  readonly scores: readonly Score[];
  readonly failures: readonly string[];
  readonly ms: readonly number[];
}

async function compare(folder: string): Promise<BenchReport> {
  const paths = recordsIn(folder);
  const references = await Promise.all(paths.map(readReference));
  const signals: PeerSignal[] = [];
  for (const path of paths) signals.push({ name: basename(path), ...(await readChannel(path)) });
  const peers = runPeers(signals, PEER_DETECTORS, REPEAT);
  const entries = [
    ourEntry(signals, references),
    ...PEER_DETECTORS.map((detector): Entry => {
      const runs = peers.runs.filter((run) => run.detector === detector);
      const scores = runs.map((run, index) => scoreRecord(references[index] as Reference, run.beats ?? []));
      const failures = runs.flatMap((run) => (run.error === null ? [] : [`${run.signal}: ${run.error}`]));
      return { name: detector, scores, failures, ms: runs.flatMap((run) => (run.ms === null ? [] : [run.ms])) };
    }),
  ];
  return {
    lines: linesOf(entries, peers.versions),
    numbers: { versions: peers.versions, entries },
    overBudget: budgetOf(entries),
    skipped: null,
  };
}

function ourEntry(signals: readonly PeerSignal[], references: readonly Reference[]): Entry {
  const runs = signals.map(({ samples, rateHz }) => detectWithCore(samples, rateHz, REPEAT));
  const scores = runs.map(({ beats }, index) => {
    const positions = new Map(beats.map((beat) => [beat.sample, beat.position]));
    const samples = beats.map((beat) => beat.sample);
    return scoreRecord(references[index] as Reference, samples, (sample) => positions.get(sample) ?? sample);
  });
  return { name: OURS, scores, failures: [], ms: runs.map((run) => run.ms) };
}

function linesOf(entries: readonly Entry[], versions: Readonly<Record<string, string>>): string[] {
  const ours = median(entries[0]?.ms ?? []);
  const rows = entries.map(({ name, scores, ms, failures }) => {
    const gross = grossScore(scores);
    const worst = scores.reduce((low, score) => (score.f1 < low.f1 ? score : low));
    const share = [gross.se, gross.ppv, gross.f1].map((value) => (100 * value).toFixed(2));
    const weak = `${worst.record} ${(100 * worst.f1).toFixed(2)}`;
    const jitter = median(scores.map((score) => score.jitterSdMs)).toFixed(1);
    return [
      name,
      ...share,
      weak,
      jitter,
      median(ms).toFixed(1),
      (median(ms) / ours).toFixed(2),
      String(failures.length),
    ];
  });
  const head = ['detector', 'Se %', '+P %', 'F1 %', 'weakest (F1 %)', 'jitter SD ms', 'ms/record', 'x ours', 'failed'];
  return [
    `peers: ${Object.entries(versions)
      .map((pair) => pair.join(' '))
      .join(', ')}; best of ${REPEAT}`,
    ...table([head, ...rows]),
  ];
}

function budgetOf(entries: readonly Entry[]): string[] {
  const ours = entries[0] as Entry;
  const gross = grossScore(ours.scores);
  const said: string[] = [];
  for (const [name, value] of [
    ['Se', gross.se],
    ['+P', gross.ppv],
    ['F1', gross.f1],
  ] as const) {
    if (value < ACCURACY_MIN) said.push(`gross ${name} ${(100 * value).toFixed(2)} % is below ${100 * ACCURACY_MIN} %`);
  }
  for (const score of ours.scores) {
    if (score.f1 < RECORD_F1_MIN) said.push(`record ${score.record}: F1 ${(100 * score.f1).toFixed(2)} %`);
  }
  const jitter = median(ours.scores.map((score) => score.jitterSdMs));
  if (jitter > JITTER_MEDIAN_MAX_MS)
    said.push(`median jitter ${jitter.toFixed(1)} ms is above ${JITTER_MEDIAN_MAX_MS} ms`);
  const sleepecg = entries.find((entry) => entry.name === 'sleepecg-c');
  const ratio = median(ours.ms) / median(sleepecg?.ms ?? []);
  if (ratio > 1) said.push(`${ratio.toFixed(2)} times the time of sleepecg-c`);
  return said;
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
