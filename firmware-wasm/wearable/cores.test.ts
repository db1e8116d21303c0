// The wearable's cores in their chain, on this machine: what they find of a wearer whose heart is known, and how they get over a fault.

import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  buildLibrary,
  compileLibrary,
  compileProgram,
  isSkipped,
  removeFolders,
  run,
  SANITIZERS,
  STRICT,
} from '../embed/embed.testkit.ts';

const WEARABLE = fileURLToPath(new URL('./', import.meta.url));
/** As the firmware's own build.mjs has it. */
const CORES = ['ecg', 'ppg', 'motion', 'rr', 'hrv:intervalCountMax=600', 'stress', 'sleep:epochCountMax=960'];
const NAMES = ['ecg', 'ppg', 'motion', 'rr', 'hrv', 'stress', 'sleep'];
const SLOW = { timeout: 300_000 };
/** Codes of number-items: app/cores.h. */
const [MEAN_NN_MS, RMSSD_MS, STRESS, SLEEP_STAGE, PULSE_BPM, STEPS] = [1, 3, 4, 5, 6, 8];

let lines: string[] = [];
let library = '';

beforeAll(() => {
  if (isSkipped('gcc')) return;
  const folder = buildLibrary([...CORES, 'wave-encode:blockFrames=250']);
  library = folder;
  compileLibrary(folder, ['-O1']);
  const app = ['cores.c', 'front_end.c'].map((file) => join(WEARABLE, 'app', file));
  const includes = [join(WEARABLE, 'app'), join(WEARABLE, 'zephyr', 'sample', 'src')].map((path) => `-I${path}`);
  const flags = [...SANITIZERS, ...STRICT, ...includes, ...app];
  const program = compileProgram(folder, 'cores', join(WEARABLE, 'test', 'cores.c'), flags);
  lines = run(program, ['700'], folder).toString().trim().split('\n');
}, SLOW.timeout);

afterAll(removeFolders);

/** Intervals of a part, as [ms, whether a gap lies before]. */
function intervalsOf(part: readonly string[]): [number, boolean][] {
  return part.flatMap((line): [number, boolean][] => {
    const [kind, , lengthUs, gap] = line.split(' ');
    return kind === 'interval' ? [[Number(lengthUs) / 1_000, gap === '1']] : [];
  });
}

/** Numbers of a code, in its unit. */
function numbersOf(code: number): number[] {
  return lines.flatMap((line) => {
    const [kind, , own, value, scale] = line.split(' ');
    return kind === 'number' && Number(own) === code ? [Number(value) * 10 ** Number(scale)] : [];
  });
}

const isBetween = (low: number, high: number) => (value: number) => value >= low && value <= high;

describe.skipIf(isSkipped('gcc'))("the wearable's cores", () => {
  it('find every beat of ten minutes, and nothing else', () => {
    const found = intervalsOf(lines.slice(0, lines.indexOf('hole')));
    expect(found.length).toBeGreaterThan(800);
    expect(found.filter(([ms]) => !isBetween(790, 930)(ms))).toEqual([]);
    expect(found.filter(([, isAfterGap]) => isAfterGap)).toEqual([]);
  });

  it('tell heart rate variability, pulse, stress, sleep and steps', () => {
    expect(numbersOf(MEAN_NN_MS!).length).toBeGreaterThan(5);
    expect(numbersOf(MEAN_NN_MS!).every(isBetween(850, 870))).toBe(true);
    expect(numbersOf(RMSSD_MS!).every(isBetween(20, 45))).toBe(true);
    expect(numbersOf(PULSE_BPM!).every(isBetween(69, 71))).toBe(true);
    expect(numbersOf(STRESS!).length).toBeGreaterThan(10);
    expect(numbersOf(SLEEP_STAGE!).length).toBeGreaterThan(10);
    expect(Math.max(...numbersOf(STEPS!))).toBeGreaterThan(40);
  });

  it('begin anew behind a hole, and say that there was one', () => {
    const found = intervalsOf(lines.slice(lines.indexOf('hole'), lines.indexOf('broken')));
    expect(found.length).toBeGreaterThan(5);
    expect(found.map(([, isAfterGap]) => isAfterGap)).toEqual(found.map((_, index) => index === 0));
  });

  it('are counted and begun anew when their memory is destroyed, each once', () => {
    const after = lines.slice(lines.indexOf('broken'));
    expect(after.filter((line) => line.startsWith('faults'))).toEqual([
      ...NAMES.map((name) => `faults ${name} 1`),
      'faults ecg-wave 0',
      'faults ppg-wave 0',
    ]);
    expect(intervalsOf(after).length).toBeGreaterThan(30);
  });
});

describe.skipIf(isSkipped('gcc', 'cppcheck'))("the wearable's C under cppcheck", () => {
  it('has nothing to complain of', SLOW, () => {
    const folders = ['app', 'board', 'desk'].map((folder) => join(WEARABLE, folder));
    const link = join(WEARABLE, '..', '..', 'protocols', 'c');
    const config = join(WEARABLE, 'zephyr', 'sample', 'src');
    const includes = [library, link, config, join(WEARABLE, 'log'), ...folders].map((path) => `-I${path}`);
    const checks = ['--std=c99', '--enable=warning,performance,portability', '--error-exitcode=1', '--inline-suppr'];
    run('cppcheck', [...checks, `--suppress=*:${library}/*`, '--quiet', ...includes, ...folders], library);
  });
});
