// A night as features of its epochs, in the layout of Walch et al. 2019 (PhysioNet, sleep-accel): <id>_count_feature.out (activity count),
// <id>_hr_feature.out (windowed spread of the normalised heart rate), <id>_time_feature.out (hours since the start), a number a line.
import { readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { MaiboError } from '../errors.ts';
import { notANumber, parseDecimal } from './number-cell.ts';
import { findTextFile, readLines } from './text-lines.ts';

export interface EpochFeatures {
  readonly id: string;
  /** Seconds from the start of the night to each epoch; epochs may be left out. */
  readonly timeS: readonly number[];
  readonly count: readonly number[];
  readonly heartRateSpread: readonly number[];
}

/** A fortnight of 30-s epochs. */
const EPOCHS_MAX = 40_320;
const TIME_FILE = /^(.+)_time_feature\.out$/;

/**
 * The night in a folder; `id` says which where there are several.
 * Errors: `input-missing` for a folder or file that is not there, `usage` for an id that is wrong or wanted, `input-format` for what is no
 * number and for columns of different lengths (both are named).
 */
export async function readEpochFeatures(folder: string, id?: string): Promise<EpochFeatures> {
  const chosen = await chooseNight(folder, id);
  const read = (name: string) => readColumn(join(folder, `${chosen}_${name}_feature.out`));
  const columns = { time: await read('time'), count: await read('count'), hr: await read('hr') };
  for (const name of ['count', 'hr'] as const) {
    if (columns[name].length === columns.time.length) continue;
    const message = `${chosen}_${name}_feature.out has ${columns[name].length} epochs and ${chosen}_time_feature.out ${columns.time.length}`;
    throw new MaiboError('input-format', message, {
      where: basename(folder),
      hint: 'all columns of a night are equally long',
    });
  }
  const timeS = columns.time.map((hours) => hours * 3600);
  const backwards = timeS.findIndex((second, index) => index > 0 && !(second > timeS[index - 1]!));
  if (backwards > 0) {
    const where = `${chosen}_time_feature.out, line ${backwards + 1}`;
    throw new MaiboError('input-range', 'the times do not rise', { where });
  }
  return { id: chosen, timeS, count: columns.count, heartRateSpread: columns.hr };
}

export async function isFolder(path: string): Promise<boolean> {
  return (await stat(path).catch(() => null))?.isDirectory() === true;
}

/** Whether a folder holds such nights. */
export async function holdsEpochFeatures(folder: string): Promise<boolean> {
  return (await nightsIn(folder)).length > 0;
}

async function chooseNight(folder: string, id: string | undefined): Promise<string> {
  const nights = await nightsIn(folder);
  if (id === undefined && nights.length === 1) return nights[0]!;
  if (id !== undefined && nights.includes(id)) return id;
  const there = nights.length === 0 ? 'none' : nights.slice(0, 5).join(', ') + (nights.length > 5 ? ', ...' : '');
  const message = id === undefined ? `the folder holds ${nights.length} nights` : `the folder holds no night "${id}"`;
  throw new MaiboError('usage', message, { where: basename(folder), hint: `choose one with --id: ${there}` });
}

async function nightsIn(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch((cause) => {
    throw new MaiboError('input-missing', 'no such folder', { where: basename(folder), cause });
  });
  return names.flatMap((name) => TIME_FILE.exec(name)?.[1] ?? []).sort();
}

async function readColumn(path: string): Promise<number[]> {
  const text = await findTextFile(path);
  const values: number[] = [];
  for await (const lines of readLines(text)) {
    for (const { number, text: cell } of lines) {
      if (cell.trim() === '') continue;
      const value = parseDecimal(cell.trim());
      if (value === null) throw notANumber(cell, `${text.file.label}, line ${number}`);
      if (values.length === EPOCHS_MAX) {
        throw new MaiboError('input-format', `more than ${EPOCHS_MAX} epochs`, { where: text.file.label });
      }
      values.push(value);
    }
  }
  return values;
}
