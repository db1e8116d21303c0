// `start`: the whole thing as a person meets it. Starts the lab as a process in a fresh folder, and takes the time until the first
// result is on the screen and until it has ended.

import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Bench, type BenchReport, table } from '../bench.ts';
import { findHalfHour } from '../half-hour.ts';
import { type Spread, spreadOf } from '../timing.ts';

/** The built main file of the lab: what `npm start` runs. */
const LAB_MAIN = fileURLToPath(new URL('lab/main.js', import.meta.resolve('@maibo/simulator')));
const ROUNDS = 5;
const FIRST_RESULT_BUDGET_MS = 3_000;
const HALF_HOUR_BUDGET_MS = 5_000;
/** A run that takes this long is stuck. */
const RUN_MS_MAX = 120_000;
/** A progress line that has counted a beat. */
const FIRST_RESULT = / [1-9]\d* beats/;

interface Run {
  readonly firstResultMs: number;
  readonly endMs: number;
}

export const startBench: Bench = {
  name: 'start',
  about: 'time to the first result and to the end of `npm start`, as whole processes',
  run: runStart,
};

async function runStart(): Promise<BenchReport> {
  const record = await findHalfHour();
  const first = await runMany([]);
  const half = await runMany([...record.labOptions, '--speed', 'max']);
  const firstResult = spreadOf(first.map((run) => run.firstResultMs));
  const whole = spreadOf(first.map((run) => run.endMs));
  const halfHour = spreadOf(half.map((run) => run.endMs));
  const over: string[] = [];
  if (firstResult.medianMs > FIRST_RESULT_BUDGET_MS)
    over.push(`the first result takes longer than ${FIRST_RESULT_BUDGET_MS} ms`);
  if (halfHour.medianMs > HALF_HOUR_BUDGET_MS) over.push(`half an hour takes longer than ${HALF_HOUR_BUDGET_MS} ms`);
  return {
    lines: [
      `half hour: ${record.name}; ${ROUNDS} runs each, a fresh folder each time, without npm's own start`,
      ...table([
        ['', 'min s', 'median s', 'max s', 'budget s'],
        ['first result on screen', ...seconds(firstResult), (FIRST_RESULT_BUDGET_MS / 1000).toFixed(0)],
        ['default run, end to end', ...seconds(whole), '-'],
        ['half hour, end to end', ...seconds(halfHour), (HALF_HOUR_BUDGET_MS / 1000).toFixed(0)],
      ]),
    ],
    numbers: { halfHourSignal: record.name, rounds: ROUNDS, firstResult, whole, halfHour },
    overBudget: over,
    skipped: null,
  };
}

function seconds({ minMs, medianMs, maxMs }: Spread): string[] {
  return [minMs, medianMs, maxMs].map((ms) => (ms / 1000).toFixed(2));
}

async function runMany(options: readonly string[]): Promise<Run[]> {
  const runs: Run[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const folder = await mkdtemp(join(tmpdir(), 'maibo-bench-'));
    try {
      runs.push(await runOnce([...options, '--out', join(folder, 'out')]));
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }
  return runs;
}

function runOnce(options: readonly string[]): Promise<Run> {
  return new Promise((resolve, reject) => {
    const startMs = performance.now();
    const child = spawn(process.execPath, [LAB_MAIN, ...options], {
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: RUN_MS_MAX,
    });
    let output = '';
    let firstResultMs = Number.NaN;
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      if (Number.isNaN(firstResultMs) && FIRST_RESULT.test(output)) firstResultMs = performance.now() - startMs;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => (output += text));
    child.once('error', reject);
    child.once('close', (code) => {
      if (code === 0) resolve({ firstResultMs, endMs: performance.now() - startMs });
      else reject(new Error(`the lab ended with ${code}:\n${output.slice(-2_000)}`));
    });
  });
}
