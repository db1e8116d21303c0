// `motion`: people at a desk through the motion core: steps where nobody walks, and wear where everybody wears.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { MotionCore, type MotionFinding } from '@maibo/cores';
import { type Bench, type BenchReport, skippedReport, table } from '../bench.ts';
import { sharedPath } from '../shared-folder.ts';

const RATE_HZ = 32;
const COUNTS_PER_G = 64;
/** Nobody walks: what is counted is false. */
const STEPS_PER_HOUR_MAX = 10;
const OFF_WRIST_MAX = 0;

interface Row {
  readonly person: string;
  readonly hours: number;
  readonly steps: number;
  readonly stillShare: number;
  readonly offWrist: number;
}

export const motionBench: Bench = {
  name: 'motion',
  about: 'steps and wear of people who sit at a desk with a wristband on',
  run: async () => {
    const folder = sharedPath('data/stress_predict');
    if (folder === null) return skippedReport('no ../shared/data/stress_predict beside the repository');
    const people = readdirSync(join(folder, 'Raw_data')).filter((person) => /^S\d\d$/.test(person));
    return reportOf(people.map((person) => rowOf(person, framesOf(join(folder, 'Raw_data', person, 'ACC.csv')))));
  },
};

function rowOf(person: string, frames: Float32Array): Row {
  const core = MotionCore.create({ rateHz: RATE_HZ });
  const findings: MotionFinding[] = [...core.push(frames), ...core.flush()];
  const epochs = findings.filter(({ kind }) => kind === 'epoch');
  return {
    person,
    hours: frames.length / 3 / RATE_HZ / 3600,
    steps: epochs.reduce((sum, { values }) => sum + (values.steps ?? 0), 0),
    stillShare: epochs.filter(({ activity }) => activity === 'still').length / epochs.length,
    offWrist: findings.filter(({ kind }) => kind === 'off-wrist').length,
  };
}

/** Frames of an E4 file; its first two lines are the start and the rate. */
function framesOf(path: string): Float32Array {
  const text = existsSync(path) ? readFileSync(path, 'utf8') : gunzipSync(readFileSync(`${path}.gz`)).toString('utf8');
  const lines = text.trim().split(/\r?\n/).slice(2);
  return Float32Array.from(lines.flatMap((line) => line.split(',').map((counts) => Number(counts) / COUNTS_PER_G)));
}

function reportOf(rows: readonly Row[]): BenchReport {
  const total = (value: (row: Row) => number) => rows.reduce((sum, row) => sum + value(row), 0);
  const stepsPerHour = total(({ steps }) => steps) / total(({ hours }) => hours);
  const offWrist = total((row) => row.offWrist);
  const lines = table([
    ['person', 'hours', 'steps', 'still %', 'off-wrist'],
    ...rows.map((row) => [
      row.person,
      row.hours.toFixed(2),
      String(row.steps),
      (100 * row.stillShare).toFixed(0),
      String(row.offWrist),
    ]),
  ]);
  return {
    lines: [...lines, `${stepsPerHour.toFixed(1)} steps an hour where nobody walks`],
    numbers: { rows, stepsPerHour },
    overBudget: [
      ...(stepsPerHour > STEPS_PER_HOUR_MAX ? [`motion: ${stepsPerHour.toFixed(1)} false steps an hour`] : []),
      ...(offWrist > OFF_WRIST_MAX ? [`motion: ${offWrist} times off-wrist on people who wear it`] : []),
    ],
    skipped: null,
  };
}
