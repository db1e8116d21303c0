// Nights with stages an expert scored: Apple Watches (Walch 2019) and slpdb (Ichimaru & Moody 1999), as inputs of the core `sleep`.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

export interface SleepInputRow {
  readonly timeS: number;
  readonly value: number;
  /** 1 activity, 2 spread of the heart rate, 3 RR interval (firmware-wasm/cores/sleep/layout.ts). */
  readonly kind: number;
}

export interface SleepRecording {
  readonly person: string;
  readonly inputs: readonly SleepInputRow[];
  /** Where the header of the recording says them. */
  readonly about?: PersonAndClock;
  /** For each epoch 0 wake, 1 light, 2 deep, 3 REM, or null where there is no score. */
  readonly stages: readonly (number | null)[];
}

export interface PersonAndClock {
  readonly ageYears: number;
  readonly isMale: boolean;
  /** Time of day at the start, s. */
  readonly startClockS: number;
}

const EPOCH_S = 30;
const SLPDB_SAMPLES_PER_EPOCH = 7500;
/** The code books; null: not scored, or moving. */
const WALCH_STAGES: Readonly<Record<string, number | null>> = { '-1': null, 0: 0, 1: 1, 2: 1, 3: 2, 4: 2, 5: 3 };
const SLPDB_STAGES: Readonly<Record<string, number | null>> = { W: 0, 1: 1, 2: 1, 3: 2, 4: 2, R: 3, MT: null, M: null };

export function watchNights(folder: string): SleepRecording[] {
  const ending = '_psg_labels.out';
  const people = readdirSync(folder).filter((name) => name.endsWith(ending));
  return people.sort().map((name) => {
    const person = name.slice(0, -ending.length);
    const column = (feature: string) => numbersOf(join(folder, `${person}_${feature}.out`));
    const [times, counts, spreads, codes] = ['time_feature', 'count_feature', 'hr_feature', 'psg_labels'].map(column);
    const epochs = times!.map((hours) => Math.round((hours * 3600) / EPOCH_S));
    const inputs = epochs.flatMap((epoch, row) => [
      { timeS: epoch * EPOCH_S, value: counts![row]!, kind: 1 },
      { timeS: epoch * EPOCH_S, value: spreads![row]!, kind: 2 },
    ]);
    const stageOf = (row: number) => scoreOf(WALCH_STAGES, String(codes![row]), `${name}, line ${row + 1}`);
    return { person, inputs, stages: placed(epochs.map((epoch, row) => [epoch, stageOf(row)])) };
  });
}

/** slp01a and slp01b are parts of one man's night. */
export function sleepLabNights(folder: string): SleepRecording[] {
  const names = readdirSync(folder).filter((name) => name.endsWith('.an'));
  return names.sort().map((name) => ({
    person: name.slice(0, 5),
    inputs: intervalsOf(join(folder, name.replace('.an', '.rr'))),
    about: headerOf(join(folder, name.replace('.an', '.hea'))),
    stages: placed(
      linesOf(readFileSync(join(folder, name), 'utf8'))
        .filter((parts) => parts.length > 6 && parts[2] === '"')
        .map((parts) => [
          Math.floor(Number(parts[1]) / SLPDB_SAMPLES_PER_EPOCH),
          scoreOf(SLPDB_STAGES, parts[6]!, `${name}, ${parts[0]}`),
        ]),
    ),
  }));
}

/** A code that nobody knows is no "not scored": the file is another one than it seems. */
function scoreOf(book: Readonly<Record<string, number | null>>, code: string, where: string): number | null {
  const stage = Object.hasOwn(book, code) ? book[code] : undefined;
  if (stage === undefined)
    throw new Error(`${where}: "${code}" is no stage of the code book (${Object.keys(book).join(' ')})`);
  return stage;
}

function intervalsOf(path: string): SleepInputRow[] {
  const text = existsSync(`${path}.gz`)
    ? gunzipSync(readFileSync(`${path}.gz`)).toString()
    : readFileSync(path, 'utf8');
  const rows = linesOf(text).filter((parts) => parts.length === 5 && !parts[1]!.startsWith('['));
  return rows.map((parts) => ({ timeS: secondsOf(parts[4]!), value: 1000 * Number(parts[2]), kind: 3 }));
}

/** WFDB: the fifth word of the first line is the time of day; slpdb's first comment begins with age and sex. */
function headerOf(path: string): PersonAndClock {
  const lines = linesOf(readFileSync(path, 'utf8'));
  const comment = lines.find(([mark]) => mark === '#')!;
  return { ageYears: Number(comment[1]), isMale: comment[2] === 'M', startClockS: secondsOf(lines[0]![4]!) };
}

function placed(scores: readonly (readonly [number, number | null])[]): (number | null)[] {
  const stages = new Array<number | null>(1 + scores.reduce((last, [epoch]) => Math.max(last, epoch), 0)).fill(null);
  for (const [epoch, stage] of scores) stages[epoch] = stage;
  return stages;
}

function numbersOf(path: string): number[] {
  return linesOf(readFileSync(path, 'utf8')).map(([number]) => Number(number));
}

/** Words of every line. */
export function linesOf(text: string): string[][] {
  return text
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/));
}

export function secondsOf(clock: string): number {
  return clock.split(':').reduce((seconds, part) => 60 * seconds + Number(part), 0);
}
