// `path`: samples per second of every joint between a recording and a verified store. The slowest one shows.

import { type Bench, type BenchReport, table } from '../bench.ts';
import { findHalfHour, readAll } from '../half-hour.ts';
import { repeat } from '../timing.ts';
import { createStages } from './path-stages.ts';

const ROUNDS = 3;

interface StageTime {
  readonly name: string;
  readonly isPart: boolean;
  readonly medianMs: number;
  readonly minMs: number;
  readonly samplesPerS: number;
}

export const pathBench: Bench = {
  name: 'path',
  about: 'samples per second of each stage of the data path, on half an hour of ECG',
  run: runPath,
};

async function runPath(): Promise<BenchReport> {
  const record = await findHalfHour();
  const sampleCount = (await readAll(record)).length;
  const times = await timeStages(record, sampleCount);
  const joints = times.filter((stage) => !stage.isPart);
  const slowest = joints.toSorted((a, b) => b.medianMs - a.medianMs)[0];
  const sumMs = joints.reduce((sum, stage) => sum + stage.medianMs, 0);
  return {
    lines: [
      `signal: ${record.name}; median of ${ROUNDS}, one process, nothing side by side`,
      ...rowsOf(times),
      `slowest joint: ${slowest?.name}; all joints one after the other: ${(sumMs / 1000).toFixed(2)} s`,
      '(* part of another stage, or not on the path: not counted as a joint)',
    ],
    numbers: { signal: record.name, sampleCount, stages: times, slowest: slowest?.name ?? null, sumMs },
    overBudget: [],
    skipped: null,
  };
}

async function timeStages(record: Parameters<typeof createStages>[0], sampleCount: number): Promise<StageTime[]> {
  const { stages, close } = createStages(record);
  const times: StageTime[] = [];
  try {
    for (const stage of stages) {
      const { medianMs, minMs } = await repeat(ROUNDS, () => stage.run());
      const samplesPerS = (sampleCount * 1000) / medianMs;
      times.push({ name: stage.name, isPart: stage.isPart === true, medianMs, minMs, samplesPerS });
    }
  } finally {
    close();
  }
  return times;
}

function rowsOf(times: readonly StageTime[]): string[] {
  const rows = times.map(({ name, isPart, medianMs, minMs, samplesPerS }) => [
    `${name}${isPart ? ' *' : ''}`,
    medianMs.toFixed(1),
    minMs.toFixed(1),
    (samplesPerS / 1e6).toFixed(2),
  ]);
  return table([['stage', 'ms', 'min', 'Msamples/s'], ...rows]);
}
