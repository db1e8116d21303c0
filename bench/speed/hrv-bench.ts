// `hrv`: heart rate variability beside the packages people use in Python, on the same intervals, in the same run.

import { HrvCore, HrvNonlinearCore, HrvSpectrumCore, type Interval, toIntervals, WHOLE_SERIES } from '@maibo/cores';
import { preparePeers } from '../accuracy/peers/run-peers.ts';
import { runScript } from '../accuracy/peers/run-script.ts';
import { type Bench, type BenchReport, table } from '../bench.ts';
import { repeat } from '../timing.ts';

const PROFILE_NEUROKIT = 1;
const PROFILES = { maibo: 0, neurokit: PROFILE_NEUROKIT, kubios: 2, taskforce: 3 } as const;
const SHORT_COUNT = 360;
const LONG_COUNT = 3_000;
const DAY_MS = 24 * 3_600_000;
const [WINDOW_MS, STEP_MS] = [300_000, 30_000];
const ROUNDS = 9;
const SHORT_REPEATS = 20;
const PEER_ROUNDS = 9;
/** What is asked: how much faster than NeuroKit2, and how long at most. */
const [ALL_TIMES_MIN, TIME_FREQUENCY_TIMES_MIN, DAY_MAX_MS] = [100, 1_000, 5_000];
/** 300 ms are asked for the entropies, which are less than half of everything that the cores give of so many intervals. */
const LONG_MAX_MS = 600;

export const hrvBench: Bench = {
  name: 'hrv',
  about: 'speed of the HRV indices beside NeuroKit2, hrv-analysis and pyHRV (installs them from PyPI)',
  run: runHrv,
};

type Task = 'all' | 'time+frequency' | 'entropies';
const TASKS: readonly Task[] = ['all', 'time+frequency', 'entropies'];

interface PeerTimes {
  readonly versions: Readonly<Record<string, string>>;
  readonly runs: readonly {
    readonly peer: string;
    readonly task: Task;
    readonly ms: number | null;
    readonly error: string | null;
  }[];
}

async function runHrv(): Promise<BenchReport> {
  const ours = await ourTimes();
  const profilesMs = await timeOfProfiles();
  const dayMs = await timeOfDay();
  const why = preparePeers();
  const peers = why === null ? peerTimes() : null;
  return {
    lines: [
      `five minutes: ${SHORT_COUNT} intervals; entropies: ${LONG_COUNT}, ours with all other indices; medians, one thread`,
      ...rowsOf(ours, peers),
      `spectrum alone, five minutes: ${profilesMs.map(([name, ms]) => `${name} ${ms.toFixed(3)} ms`).join(', ')}`,
      `24 h in windows of 300 s every 30 s, hrv core: ${dayMs.toFixed(0)} ms (at most ${DAY_MAX_MS})`,
      ...(why === null ? [] : [`no peers: ${why}`]),
    ],
    numbers: { ours, profilesMs: Object.fromEntries(profilesMs), dayMs, peers },
    overBudget: budgetOf(ours, dayMs, peers),
    skipped: null,
  };
}

interface WindowCore {
  compute(intervals: readonly Interval[]): unknown;
}

/** What gives the 95 indices as NeuroKit2 defines them, and the 14 of the recurrence plot. */
function coresFor(intervalCountMax: number): readonly WindowCore[] {
  const options = { ...WHOLE_SERIES, intervalCountMax, profile: PROFILE_NEUROKIT };
  return [HrvCore.create(options), spectrumCore(intervalCountMax, PROFILE_NEUROKIT), HrvNonlinearCore.create(options)];
}

function spectrumCore(intervalCountMax: number, profile: number): HrvSpectrumCore {
  return HrvSpectrumCore.create({ ...WHOLE_SERIES, intervalCountMax, profile, method: 0, hasErrors: 0 });
}

async function ourTimes(): Promise<Record<Task, number>> {
  const [short, long] = [toIntervals(madeSeries(SHORT_COUNT)), toIntervals(madeSeries(LONG_COUNT))];
  const own = HrvCore.create({ ...WHOLE_SERIES, intervalCountMax: SHORT_COUNT });
  const [shortCores, longCores] = [coresFor(SHORT_COUNT), coresFor(LONG_COUNT)];
  return {
    all: await medianMs(SHORT_REPEATS, () => computeAll(shortCores, short)),
    // There is no smaller core to time: Poincare plot, DFA and SampEn are in this figure too.
    'time+frequency': await medianMs(SHORT_REPEATS, () => own.compute(short)),
    // So is every other index of the two cores in this one.
    entropies: await medianMs(1, () => computeAll(longCores, long)),
  };
}

function computeAll(cores: readonly WindowCore[], intervals: readonly Interval[]): void {
  for (const core of cores) core.compute(intervals);
}

async function medianMs(repeats: number, work: () => unknown): Promise<number> {
  const spread = await repeat(ROUNDS, () => {
    for (let round = 0; round < repeats; round++) work();
  });
  return spread.medianMs / repeats;
}

/** The spectrum is what differs: NeuroKit2's has 100 samples a second, the others four. */
async function timeOfProfiles(): Promise<[string, number][]> {
  const short = toIntervals(madeSeries(SHORT_COUNT));
  const times: [string, number][] = [];
  for (const [name, profile] of Object.entries(PROFILES)) {
    const core = spectrumCore(SHORT_COUNT, profile);
    times.push([name, await medianMs(SHORT_REPEATS, () => core.compute(short))]);
  }
  return times;
}

/** A day of beats through the hrv core, window by window, as a gateway would. */
async function timeOfDay(): Promise<number> {
  const stretch = madeSeries(SHORT_COUNT);
  const stretchMs = stretch.reduce((sum, { rrMs }) => sum + rrMs, 0);
  const day = toIntervals(Array.from({ length: Math.ceil(DAY_MS / stretchMs) }, () => stretch).flat());
  const core = HrvCore.create({ ...WHOLE_SERIES, intervalCountMax: 600, windowMs: WINDOW_MS, stepMs: STEP_MS });
  const startMs = performance.now();
  core.compute(day);
  return performance.now() - startMs;
}

/** Waves of breath and of the slow rhythm over the beats, with noise (Numerical Recipes' LCG): entropies cost what they cost on people. */
function madeSeries(count: number): { rrMs: number }[] {
  let state = 1;
  return Array.from({ length: count }, (_, index) => {
    state = (Math.imul(1_664_525, state) + 1_013_904_223) >>> 0;
    const noise = state / 2 ** 31 - 1;
    return { rrMs: 830 + 30 * Math.sin(index / 11) + 35 * Math.sin(index * 1.3) + 25 * noise };
  });
}

function peerTimes(): PeerTimes {
  const rrMs = (count: number) => madeSeries(count).map((interval) => interval.rrMs);
  const job = { shortMs: rrMs(SHORT_COUNT), longMs: rrMs(LONG_COUNT), repeat: PEER_ROUNDS };
  return runScript('hrv-times.py', () => job) as PeerTimes;
}

function peerMs(peers: PeerTimes | null, peer: string, task: Task): number | null {
  return peers?.runs.find((run) => run.peer === peer && run.task === task)?.ms ?? null;
}

function rowsOf(ours: Readonly<Record<Task, number>>, peers: PeerTimes | null): string[] {
  const names = [...new Set(peers?.runs.map((run) => run.peer) ?? [])];
  const header = ['task', 'maibo', ...names.map((name) => `${name} ${peers?.versions[name] ?? ''}`)];
  const rows = TASKS.map((task) => {
    const cells = names.map((name) => {
      const ms = peerMs(peers, name, task);
      return ms === null ? 'failed' : `${ms.toFixed(1)} ms (x ${(ms / ours[task]).toFixed(0)})`;
    });
    return [task, `${ours[task].toFixed(3)} ms`, ...cells];
  });
  const failures = peers?.runs.flatMap(({ peer, task, error }) =>
    error === null ? [] : [`${peer} ${task}: ${error}`],
  );
  return [...table([header, ...rows]), ...(failures ?? [])];
}

function budgetOf(ours: Readonly<Record<Task, number>>, dayMs: number, peers: PeerTimes | null): string[] {
  const over: string[] = [];
  const timesMin = { all: ALL_TIMES_MIN, 'time+frequency': TIME_FREQUENCY_TIMES_MIN } as const;
  for (const task of ['all', 'time+frequency'] as const) {
    const theirs = peerMs(peers, 'neurokit2', task);
    const times = theirs === null ? Number.POSITIVE_INFINITY : theirs / ours[task];
    if (times < timesMin[task]) over.push(`${task}: ${times.toFixed(0)} x NeuroKit2, at least ${timesMin[task]}`);
  }
  if (ours.entropies > LONG_MAX_MS) {
    over.push(`${LONG_COUNT} intervals: ${ours.entropies.toFixed(0)} ms, at most ${LONG_MAX_MS}`);
  }
  if (dayMs > DAY_MAX_MS) over.push(`24 h: ${dayMs.toFixed(0)} ms, at most ${DAY_MAX_MS}`);
  return over;
}
