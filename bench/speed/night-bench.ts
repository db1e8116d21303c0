// `night`: eight hours of acceleration at 50 Hz and RR intervals through the cores `motion` and `sleep`, as a phone or gateway does it.

import { MotionCore, type MotionFinding, SleepCore, type SleepInput } from '@maibo/cores';
import { type Bench, type BenchReport, table } from '../bench.ts';
import { type MadeNight, makeNight } from '../made-night.ts';
import { repeat, type Spread, spreadOf } from '../timing.ts';

const HOURS = 8;
const RATE_HZ = 50;
const EPOCH_S = 30;
const EPOCH_COUNT = (HOURS * 3600) / EPOCH_S;
const BLOCK_NUMBERS = 3 * 4096;
const ROUNDS = 5;
const NIGHT_MAX_MS = 1000;

export const nightBench: Bench = {
  name: 'night',
  about: 'a night of acceleration at 50 Hz and RR intervals through motion and sleep',
  run: runNight,
};

interface StageTime {
  readonly name: string;
  readonly wall: Spread;
  /** Of this process: what others do on the machine is not in it. */
  readonly cpuMs: number;
}

async function runNight(): Promise<BenchReport> {
  const night = makeNight(HOURS, RATE_HZ);
  const inputs = sleepInputs(night, judgeMotion(night));
  const stages = [
    await timeOf('motion', () => judgeMotion(night)),
    await timeOf('sleep, live', () => judgeSleep(inputs, 0)),
    await timeOf('sleep, morning', () => judgeSleep(inputs, 1)),
    await timeOf('motion and sleep, morning', () => judgeSleep(sleepInputs(night, judgeMotion(night)), 1)),
  ];
  const whole = stages.at(-1)!.cpuMs;
  return {
    lines: [
      `made night: ${HOURS} h, ${night.frames.length / 3} frames at ${RATE_HZ} Hz, ${night.intervals.length} intervals; median of ${ROUNDS}`,
      ...table([
        ['', 'ms', 'min', 'CPU ms'],
        ...stages.map(({ name, wall, cpuMs }) => [
          name,
          ...[wall.medianMs, wall.minMs, cpuMs].map((ms) => ms.toFixed(0)),
        ]),
      ]),
    ],
    numbers: { hours: HOURS, rateHz: RATE_HZ, stages },
    overBudget: whole > NIGHT_MAX_MS ? [`a night takes ${whole.toFixed(0)} ms of CPU, at most ${NIGHT_MAX_MS}`] : [],
    skipped: null,
  };
}

async function timeOf(name: string, work: () => unknown): Promise<StageTime> {
  const cpuMs: number[] = [];
  const wall = await repeat(ROUNDS, () => {
    const before = process.cpuUsage();
    work();
    const { user, system } = process.cpuUsage(before);
    cpuMs.push((user + system) / 1000);
  });
  return { name, wall, cpuMs: spreadOf(cpuMs).medianMs };
}

function judgeMotion({ frames }: MadeNight): MotionFinding[] {
  const core = MotionCore.create({ rateHz: RATE_HZ });
  const findings: MotionFinding[] = [];
  for (let at = 0; at < frames.length; at += BLOCK_NUMBERS) {
    findings.push(...core.push(frames.subarray(at, at + BLOCK_NUMBERS)));
  }
  return [...findings, ...core.flush()];
}

/** Counts as the motion core gives them, and every interval; in the order of time. */
function sleepInputs({ intervals }: MadeNight, findings: readonly MotionFinding[]): SleepInput[] {
  const epochs = findings.filter(({ kind }) => kind === 'epoch');
  const values = epochs.flatMap(({ values: { countsFirst, countsSecond } }) => [countsFirst, countsSecond]);
  const counts = values.map((value, index): SleepInput => {
    return { timeS: (index * EPOCH_S) / 2, value: value ?? Number.NaN, kind: 'count' };
  });
  const beats = intervals.map(({ timeS, rrMs }): SleepInput => ({ timeS, value: rrMs, kind: 'interval' }));
  return [...counts, ...beats].sort((a, b) => a.timeS - b.timeS);
}

function judgeSleep(inputs: readonly SleepInput[], mode: number): void {
  const core = SleepCore.create({ epochCountMax: EPOCH_COUNT, mode });
  const found = core.push(inputs).length + core.flush().length;
  if (found !== EPOCH_COUNT) throw new Error(`${found} epochs of ${EPOCH_COUNT} were judged`);
}
