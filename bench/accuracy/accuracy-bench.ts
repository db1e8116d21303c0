// `accuracy`: beats of the ECG core against the experts' annotations, the EC57 way, channel 0 of every record at hand.

import { type Bench, type BenchReport, skippedReport, table } from '../bench.ts';
import { sharedPath } from '../shared-folder.ts';
import { scoreFolder } from './detect.ts';
import { grossScore, LEARNING_S, MATCH_WINDOW_S, type Score } from './ec57-score.ts';

export const accuracyBench: Bench = {
  name: 'accuracy',
  about: 'beat detection on the MIT-BIH records beside the project, by the EC57 rules',
  run: async () => {
    const folder = sharedPath('data/mitdb');
    return folder === null ? skippedReport('no ../shared/data/mitdb beside the repository') : runAccuracy(folder);
  },
};

async function runAccuracy(folder: string): Promise<BenchReport> {
  const scores = await scoreFolder(folder);
  const gross = grossScore(scores);
  return {
    lines: [
      `${scores.length} records, channel 0, window ${MATCH_WINDOW_S * 1000} ms, from ${LEARNING_S / 60}:00 on`,
      ...table([
        ['record', 'TP', 'FN', 'FP', 'Se %', '+P %', 'F1 %', 'offset ms', 'jitter SD ms'],
        ...scores.map((score) => [...row(score), score.offsetMs.toFixed(1), score.jitterSdMs.toFixed(1)]),
        [...row(gross), '', ''],
      ]),
    ],
    numbers: { records: scores, gross },
    overBudget: [],
    skipped: null,
  };
}

function row({ record, tp, fn, fp, se, ppv, f1 }: Omit<Score, 'offsetMs' | 'jitterSdMs'>): string[] {
  return [record, ...[tp, fn, fp].map(String), ...[se, ppv, f1].map((share) => (100 * share).toFixed(2))];
}
