// `accuracy`: beats of the ECG core against the experts' annotations, the EC57 way, channel 0 of every record at hand.

import { basename } from 'node:path';
import { type Bench, type BenchReport, skippedReport, table } from '../bench.ts';
import { sharedPath } from '../shared-folder.ts';
import { recordsIn, scoreFolder } from './detect.ts';
import { grossScore, LEARNING_S, MATCH_WINDOW_S, type Score } from './ec57-score.ts';
import { detectWithCore, readChannel } from './ecg-signal.ts';
import { agreeOnHrv, type HrvAgreement } from './hrv-agreement.ts';
import { median } from './peers-bench.ts';

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
  const stretches = await agreeInFolder(folder);
  return {
    lines: [
      `${scores.length} records, channel 0, window ${MATCH_WINDOW_S * 1000} ms, from ${LEARNING_S / 60}:00 on`,
      ...table([
        ['record', 'TP', 'FN', 'FP', 'Se %', '+P %', 'F1 %', 'offset ms', 'jitter SD ms'],
        ...scores.map((score) => [...row(score), score.offsetMs.toFixed(1), score.jitterSdMs.toFixed(1)]),
        [...row(gross), '', ''],
      ]),
      ...agreementLines(stretches),
    ],
    numbers: { records: scores, gross, hrvAgreement: stretches },
    overBudget: agreementOver(stretches),
    skipped: null,
  };
}

function row({ record, tp, fn, fp, se, ppv, f1 }: Omit<Score, 'offsetMs' | 'jitterSdMs'>): string[] {
  return [record, ...[tp, fn, fp].map(String), ...[se, ppv, f1].map((share) => (100 * share).toFixed(2))];
}

const SDNN_PERCENT_MAX = 1;
const RMSSD_PERCENT_MAX = 2;

async function agreeInFolder(folder: string): Promise<HrvAgreement[]> {
  const stretches: HrvAgreement[] = [];
  for (const path of recordsIn(folder)) {
    const { samples, rateHz } = await readChannel(path);
    stretches.push(...(await agreeOnHrv(path, basename(path), detectWithCore(samples, rateHz).beats)));
  }
  return stretches;
}

function agreementLines(stretches: readonly HrvAgreement[]): string[] {
  const [sdnn, rmssd] = errorsOf(stretches);
  const worst = (errors: readonly number[]) => Math.max(0, ...errors).toFixed(2);
  const off = (errors: readonly number[], limit: number) => errors.filter((error) => error > limit).length;
  return [
    '',
    `HRV from our beats against HRV from the annotations, ${stretches.length} stretches of 5 min with normal beats alone:`,
    `SDNN off by ${median(sdnn).toFixed(2)} % (median), ${worst(sdnn)} % at worst, ${off(sdnn, SDNN_PERCENT_MAX)} above ${SDNN_PERCENT_MAX} %`,
    `RMSSD off by ${median(rmssd).toFixed(2)} % (median), ${worst(rmssd)} % at worst, ${off(rmssd, RMSSD_PERCENT_MAX)} above ${RMSSD_PERCENT_MAX} %`,
  ];
}

function agreementOver(stretches: readonly HrvAgreement[]): string[] {
  const [sdnn, rmssd] = errorsOf(stretches);
  const said: string[] = [];
  if (median(sdnn) > SDNN_PERCENT_MAX)
    said.push(`SDNN from our beats is off by ${median(sdnn).toFixed(2)} % in the median`);
  if (median(rmssd) > RMSSD_PERCENT_MAX)
    said.push(`RMSSD from our beats is off by ${median(rmssd).toFixed(2)} % in the median`);
  return said;
}

function errorsOf(stretches: readonly HrvAgreement[]): [number[], number[]] {
  return [
    stretches.map(({ sdnnErrorPercent }) => Math.abs(sdnnErrorPercent)),
    stretches.map(({ rmssdErrorPercent }) => Math.abs(rmssdErrorPercent)),
  ];
}
