// Readers for the recordings in ../shared/data that the tests of the core `ppg` use, and the comparison of two interval series.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';

const folder = join(dirname(fileURLToPath(import.meta.url)), '../../../../shared/data');

/** Where the recordings are; null when they are not there. */
export const dataFolder: string | null = existsSync(folder) ? folder : null;
export const requiresAll = process.env.MAIBO_REQUIRE_ALL === '1';

function rowsOf(...path: string[]): number[][] {
  const file = join(folder, ...path);
  const text = existsSync(file) ? readFileSync(file, 'utf8') : gunzipSync(readFileSync(`${file}.gz`)).toString('utf8');
  return text
    .trim()
    .split(/\r?\n/)
    .map((line) => line.split(',').map(Number));
}

export function bidmc01(): { pleth: Float32Array; ecg: Float32Array } {
  const rows = rowsOf('ppg_bidmc01', 'bidmc_01_Signals.csv').slice(1);
  return { pleth: Float32Array.from(rows, (row) => row[2]!), ecg: Float32Array.from(rows, (row) => row[5]!) };
}

/** The red channel, linear between the frames at an even 30 Hz; further than 150 ms apart there is nothing between them. */
export function camera(subject: number): { light: Float32Array; rateHz: number; rr: number[] } {
  const name = `subject_${String(subject).padStart(2, '0')}`;
  const rows = rowsOf('welltory_ppg', 'data', name, 'PPG.csv')
    .slice(1)
    .filter((row, i, all) => i === 0 || row[0]! > all[i - 1]![0]!);
  const rateHz = 30;
  const end = rows.at(-1)![0]! / 1000;
  let next = 1;
  const light = Float32Array.from({ length: Math.floor(end * rateHz) }, (_, i) => {
    const ms = (1000 * i) / rateHz;
    while (next < rows.length - 1 && rows[next]![0]! <= ms) next++;
    const [from, to] = [rows[next - 1]!, rows[next]!];
    if (to[0]! - from[0]! > 150) return Number.NaN;
    return from[1]! + ((to[1]! - from[1]!) * (ms - from[0]!)) / (to[0]! - from[0]!);
  });
  const rr = readFileSync(join(folder, 'welltory_ppg', 'data', name, 'RR.txt'), 'utf8')
    .trim()
    .split(/\s+/)
    .map((ms) => Number(ms) / 1000);
  return { light, rateHz, rr };
}

export function wristPeople(): string[] {
  return readdirSync(join(folder, 'stress_predict', 'Raw_data')).sort();
}

/** Light and three axes in g at 64 Hz, and the device's own intervals. */
export function wrist(person: string) {
  const path = (file: string) => ['stress_predict', 'Raw_data', person, file];
  const light = rowsOf(...path('BVP.csv'));
  const motion = rowsOf(...path('ACC.csv'));
  const ibi = rowsOf(...path('IBI.csv'))
    .slice(1)
    .map(([end, rr]) => ({ end: end!, rr: rr! }));
  const count = light.length - 2;
  const frames = new Float32Array(4 * count);
  for (let i = 0; i < count; i++) {
    // 32 Hz under 64 Hz: every reading twice.
    const g = motion[Math.min(motion.length - 1, 2 + (i >> 1))]!;
    frames.set([light[i + 2]![0]!, g[0]! / 64, g[1]! / 64, g[2]! / 64], 4 * i);
  }
  return { frames, rateHz: 64, seconds: count / 64, ibi };
}

export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1]!;
}

/** Index of the time in `found`, which ascends, that is nearest to `t`. */
function nearest(found: readonly number[], t: number): number {
  let low = 0;
  let high = found.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (found[middle]! < t) low = middle + 1;
    else high = middle;
  }
  return low > 0 && (low === found.length || t - found[low - 1]! < found[low]! - t) ? low - 1 : low;
}

function bestLag(found: readonly number[], truth: readonly number[]): number {
  let best = { score: 0, lag: 0 };
  for (let lag = -6; lag < 10; lag += 0.02) {
    const score = truth.reduce(
      (sum, t) => sum + Math.max(0, 1 - Math.abs(found[nearest(found, t + lag)]! - t - lag) / 0.15),
      0,
    );
    if (score > best.score) best = { score, lag };
  }
  return best.lag;
}

/** Agreement of intervals with those between true beats on another clock: aligned by the best lag, matched within 150 ms. */
export function rrAgreement(intervals: readonly { end: number; rr: number }[], truth: readonly number[]) {
  const ends = intervals.map(({ end }) => end);
  const lag = bestLag(ends, truth);
  const pairs: { found: number; true: number }[] = [];
  for (let i = 1; i < truth.length; i++) {
    const interval = intervals[nearest(ends, truth[i]! + lag)]!;
    const ends150 =
      Math.abs(interval.end - truth[i]! - lag) < 0.15 &&
      Math.abs(interval.end - interval.rr - truth[i - 1]! - lag) < 0.15;
    if (ends150) pairs.push({ found: interval.rr, true: truth[i]! - truth[i - 1]! });
  }
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [f, t] = [mean(pairs.map((pair) => pair.found)), mean(pairs.map((pair) => pair.true))];
  const sum = (term: (pair: { found: number; true: number }) => number) =>
    pairs.reduce((total, pair) => total + term(pair), 0);
  const spread = Math.sqrt(sum((p) => (p.found - f) ** 2) * sum((p) => (p.true - t) ** 2));
  return {
    matched: pairs.length / (truth.length - 1),
    correlation: sum((p) => (p.found - f) * (p.true - t)) / spread,
    sdMs: 1000 * Math.sqrt(sum((p) => (p.found - p.true - (f - t)) ** 2) / pairs.length),
    // As delivered: all intervals against all true ones.
    bpmError: 60 / mean(intervals.map(({ rr }) => rr)) - 60 / ((truth.at(-1)! - truth[0]!) / (truth.length - 1)),
  };
}
