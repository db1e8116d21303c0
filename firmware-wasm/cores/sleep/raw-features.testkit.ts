// What the tests of the features from raw inputs share: the core with a window into it, and nights by formula, the same as in
// vectors/make-sleep-features.py.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadAsc } from '../../codegen/asc.ts';
import { type Input, Sleep } from './sleep.testkit.ts';

export const COUNT = 4;
export const HEART_RATE = 5;
const ROOT = join(import.meta.dirname, '..', '..', '..');
const ENTRY = 'firmware-wasm/cores/sleep/raw-probe.ts';

/** Compiled with the options that all cores share. */
export async function compileProbe(): Promise<Uint8Array> {
  const { options } = JSON.parse(readFileSync(join(ROOT, 'asconfig.json'), 'utf8')) as { options: object };
  const written: Uint8Array[] = [];
  const asc = await loadAsc();
  const { error } = await asc.main([ENTRY, '-o', 'probe.wasm', '--baseDir', ROOT, '--config', 'options.json'], {
    stdout: { write: () => undefined },
    stderr: { write: () => undefined },
    readFile: (file, folder) =>
      file === 'options.json' ? JSON.stringify({ options }) : readIfThere(join(folder, file)),
    writeFile: (_, contents) => void written.push(contents as Uint8Array),
    listFiles: () => null,
  });
  if (error) throw error;
  return Uint8Array.from(written[0]!);
}

function readIfThere(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}

export interface Features {
  /** Null: missing. */
  readonly activity: (number | null)[];
  readonly heartSpread: (number | null)[];
}

/** The features as they lie in the instance after the last `poll`; live, those of the last 120 epochs. */
export function featuresOf(sleep: Sleep, epochCount: number): Features {
  const { valueAt } = sleep.core as unknown as { valueAt(at: number, channel: number, epoch: number): number };
  const column = (channel: number, offset: number) =>
    Array.from({ length: epochCount }, (_, epoch) => {
      const logarithm = valueAt(sleep.at, channel, epoch);
      return Number.isNaN(logarithm) ? null : Math.exp(logarithm) - offset;
    });
  return { activity: column(0, 1), heartSpread: column(1, 0.05) };
}

/** Counts of 15 s and heart rates, in the order of time. */
export function inputsOf(counts: readonly number[], rates: readonly number[], stepS: number): Input[] {
  return [
    ...counts.map((value, slot) => ({ timeS: 15 * slot, value, kind: COUNT })),
    ...rates.map((value, index) => ({ timeS: stepS * index, value, kind: HEART_RATE })),
  ].sort((a, b) => a.timeS - b.timeS);
}

/** Numerical Recipes' LCG, -1 to 1. */
function noise(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(1_664_525, state) + 1_013_904_223) >>> 0;
    return state / 2 ** 31 - 1;
  };
}

/** Still but for a restless quarter of an hour and a turn now and then, and a heart rate every `stepS` that goes with it. */
export function madeNight(epochCount: number, stepS: number, seed: number): { counts: number[]; rates: number[] } {
  const random = noise(seed);
  const counts = Array.from({ length: 2 * epochCount }, (_, slot) => {
    const isAwake = slot >= 100 && slot < 160;
    return random() > (isAwake ? 0 : 0.9) ? Math.floor(0.5 + (isAwake ? 120 : 30) * (1 + random())) : 0;
  });
  const rates = Array.from({ length: Math.floor((30 * epochCount) / stepS) }, (_, index) => {
    const timeS = index * stepS;
    const slow = 4 * Math.sin(timeS / 700) + 3 * Math.sin(timeS / 97 + Math.sin(timeS / 400));
    return Math.floor(60.5 + slow + 0.05 * counts[Math.floor(timeS / 15)]! + 2 * random());
  });
  return { counts, rates };
}
