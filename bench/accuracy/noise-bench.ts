// `noise`: the noise stress test with electrode motion of our own making, beside the quick peers in the same run.

import { basename } from 'node:path';
import { type Bench, type BenchReport, skippedReport, table } from '../bench.ts';
import { sharedPath } from '../shared-folder.ts';
import { recordsIn } from './detect.ts';
import { grossScore, type Score, scoreRecord } from './ec57-score.ts';
import { detectWithCore, readChannel } from './ecg-signal.ts';
import { addElectrodeNoise } from './electrode-noise.ts';
import { type PeerDetector, type PeerSignal, preparePeers, runPeers } from './peers/run-peers.ts';
import { type Reference, readReference } from './reference.ts';

const SNRS_DB = [24, 12, 6, 0] as const;
/** The ones that take seconds, not minutes, for 26 records at four ratios. */
const QUICK_PEERS: readonly PeerDetector[] = [
  'neurokit',
  'pantompkins1985',
  'kalidas2017',
  'manikandan2012',
  'sleepecg-c',
];
const GOOD_QUALITY = 0.9;
const F1_MIN: Readonly<Record<number, number>> = { 12: 0.992, 0: 0.9 };
const GOOD_PPV_MIN = 0.995;

export const noiseBench: Bench = {
  name: 'noise',
  about: 'beat detection under electrode-motion noise at 24, 12, 6 and 0 dB, beside the quick peers',
  run: async () => {
    const folder = sharedPath('data/mitdb');
    if (folder === null) return skippedReport('no ../shared/data/mitdb beside the repository');
    return stress(folder, preparePeers());
  },
};

interface Clean {
  readonly signal: PeerSignal;
  readonly reference: Reference;
}

async function stress(folder: string, noPeers: string | null): Promise<BenchReport> {
  const clean: Clean[] = [];
  for (const path of recordsIn(folder)) {
    clean.push({
      signal: { name: basename(path), ...(await readChannel(path)) },
      reference: await readReference(path),
    });
  }
  const levels = SNRS_DB.map((snrDb) => stressAt(snrDb, clean, noPeers === null ? QUICK_PEERS : []));
  const names = ['maibo ecg', ...(noPeers === null ? QUICK_PEERS : [])];
  const rows = names.map((name) => [name, ...levels.map((level) => percent(level.f1.get(name)))]);
  const gated = ['beats stated good: +P', ...levels.map((level) => percent(level.goodPpv))];
  const share = ['beats stated good: share', ...levels.map((level) => percent(level.goodShare))];
  return {
    lines: [
      ...(noPeers === null ? [] : [`peers skipped: ${noPeers}`]),
      `gross F1 in %; "good" is a quality of ${GOOD_QUALITY} or more`,
      ...table([['detector', ...SNRS_DB.map((snr) => `${snr} dB`)], ...rows, gated, share]),
    ],
    numbers: levels.map((level) => ({ ...level, f1: Object.fromEntries(level.f1) })),
    overBudget: levels.flatMap(budgetOf),
    skipped: null,
  };
}

interface Level {
  readonly snrDb: number;
  readonly f1: ReadonlyMap<string, number>;
  readonly goodPpv: number;
  readonly goodShare: number;
}

function stressAt(snrDb: number, clean: readonly Clean[], peers: readonly PeerDetector[]): Level {
  const noisy = clean.map(({ signal, reference }, index): PeerSignal => {
    const samples = addElectrodeNoise(signal.samples, signal.rateHz, reference.beats, { snrDb, seed: 1 + index });
    return { ...signal, samples };
  });
  const found = noisy.map(({ samples, rateHz }) => detectWithCore(samples, rateHz).beats);
  const score = (index: number, beats: readonly number[]): Score =>
    scoreRecord(clean[index]?.reference as Reference, beats);
  const f1 = new Map([
    [
      'maibo ecg',
      grossScore(
        found.map((beats, index) =>
          score(
            index,
            beats.map((beat) => beat.sample),
          ),
        ),
      ).f1,
    ],
  ]);
  const good = found.map((beats) => beats.filter((beat) => beat.quality >= GOOD_QUALITY).map((beat) => beat.sample));
  if (peers.length > 0) {
    const { runs } = runPeers(noisy, peers);
    for (const peer of peers) {
      const own = runs.filter((run) => run.detector === peer);
      f1.set(peer, grossScore(own.map((run, index) => score(index, run.beats ?? []))).f1);
    }
  }
  const all = found.reduce((sum, beats) => sum + beats.length, 0);
  const goodCount = good.reduce((sum, beats) => sum + beats.length, 0);
  return {
    snrDb,
    f1,
    goodPpv: grossScore(good.map((beats, index) => score(index, beats))).ppv,
    goodShare: goodCount / all,
  };
}

function budgetOf({ snrDb, f1, goodPpv }: Level): string[] {
  const said: string[] = [];
  const floor = F1_MIN[snrDb];
  const ours = f1.get('maibo ecg') ?? 0;
  if (floor !== undefined && ours < floor) said.push(`F1 ${percent(ours)} % at ${snrDb} dB is below ${100 * floor} %`);
  if (goodPpv < GOOD_PPV_MIN)
    said.push(`+P of beats stated good is ${percent(goodPpv)} % at ${snrDb} dB, below ${100 * GOOD_PPV_MIN} %`);
  return said;
}

function percent(share: number | undefined): string {
  return share === undefined ? '-' : (100 * share).toFixed(2);
}
