// `cores`: size, memory and speed of every core that ships.

import { EcgCore, HrvCore, PpgCore, RrCore, toIntervals, WHOLE_SERIES } from '@maibo/cores';
import { type Bench, type BenchReport, table } from '../bench.ts';
import { findHalfHour, readAll } from '../half-hour.ts';
import { CORE_BUDGETS } from '../size/budgets.ts';
import { type CoreSize, measureCores, overBudget } from '../size/core-size.ts';
import { repeat } from '../timing.ts';

const BLOCK_SAMPLES = 4096;
const ROUNDS = 7;
const PPG_RATE_HZ = 90;

interface CoreSpeed {
  readonly nsPerSample: number;
  /** Signal time over computing time; null for cores that take no samples. */
  readonly timesRealTime: number | null;
  readonly per: 'sample' | 'interval';
}

export const coresBench: Bench = {
  name: 'cores',
  about: 'size, memory and speed of each core',
  run: runCores,
};

async function runCores(): Promise<BenchReport> {
  const record = await findHalfHour();
  const samples = await readAll(record);
  const speeds: Record<string, CoreSpeed> = {
    ecg: await streamSpeed(EcgCore.create({ rateHz: record.rateHz }), samples, record.rateHz),
    // The same waves taken as a pulse of a quarter of the rate: only the work per sample is of interest here.
    ppg: await streamSpeed(PpgCore.create({ rateHz: PPG_RATE_HZ, polarity: 0, channelCount: 1 }), samples, PPG_RATE_HZ),
    rr: await rrSpeed(),
    hrv: await hrvSpeed(),
  };
  const cores = measureCores();
  return {
    lines: [`signal: ${record.name}; blocks of ${BLOCK_SAMPLES}, median of ${ROUNDS}`, ...rowsOf(cores, speeds)],
    numbers: { signal: record.name, cores: cores.map((core) => ({ ...core, speed: speeds[core.name] ?? null })) },
    overBudget: cores.flatMap(overBudget),
    skipped: null,
  };
}

interface StreamCore {
  push(samples: Float32Array): unknown;
  flush(): unknown;
  reset(): void;
}

async function streamSpeed(core: StreamCore, samples: Float32Array, rateHz: number): Promise<CoreSpeed> {
  const { medianMs } = await repeat(ROUNDS, () => {
    core.reset();
    for (let at = 0; at < samples.length; at += BLOCK_SAMPLES) core.push(samples.subarray(at, at + BLOCK_SAMPLES));
    core.flush();
  });
  const nsPerSample = (medianMs * 1e6) / samples.length;
  return { nsPerSample, timesRealTime: 1e9 / rateHz / nsPerSample, per: 'sample' };
}

/** Five minutes at 72 a minute with a slow swing: values matter little, sorting and sums are the work. */
function madeIntervals(): { rrMs: number; afterGap: boolean }[] {
  return Array.from({ length: 360 }, (_, index) => {
    return { rrMs: 833 + 40 * Math.sin(index / 7) + (index % 13), afterGap: false };
  });
}

async function rrSpeed(): Promise<CoreSpeed> {
  const intervals = madeIntervals().map((interval) => ({ ...interval, quality: 1 }));
  const core = RrCore.create({ pauseMs: 2_000 });
  const rounds = 50;
  const { medianMs } = await repeat(ROUNDS, () => {
    core.reset();
    for (let round = 0; round < rounds; round++) core.push(intervals);
    core.flush();
  });
  return { nsPerSample: (medianMs * 1e6) / (rounds * intervals.length), timesRealTime: null, per: 'interval' };
}

async function hrvSpeed(): Promise<CoreSpeed> {
  const intervals = madeIntervals();
  const core = HrvCore.create({ ...WHOLE_SERIES, intervalCountMax: intervals.length });
  const inputs = toIntervals(intervals);
  const windows = 200;
  const { medianMs } = await repeat(ROUNDS, () => {
    for (let window = 0; window < windows; window++) core.compute(inputs);
  });
  return { nsPerSample: (medianMs * 1e6) / (windows * intervals.length), timesRealTime: null, per: 'interval' };
}

function rowsOf(cores: readonly CoreSize[], speeds: Readonly<Record<string, CoreSpeed>>): string[] {
  const header = ['core', 'imports', 'bytes', 'budget', 'instance', 'budget', 'ns each', 'x real time'];
  const rows = cores.map(({ name, version, importCount, moduleBytes, instanceBytes }) => {
    const budget = CORE_BUDGETS[name];
    const speed = speeds[name];
    return [
      `${name} ${version}`,
      String(importCount),
      String(moduleBytes),
      String(budget?.moduleBytes ?? '-'),
      String(instanceBytes ?? '-'),
      String(budget?.instanceBytes ?? '-'),
      speed === undefined ? '-' : `${speed.nsPerSample.toFixed(1)} (${speed.per})`,
      speed?.timesRealTime?.toFixed(0) ?? '-',
    ];
  });
  return table([header, ...rows]);
}
