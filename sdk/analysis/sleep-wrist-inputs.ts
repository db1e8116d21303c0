// A night on the wrist from CSV files: acceleration with RR intervals or a heart rate in one file, or a folder with a file of each.
import { basename } from 'node:path';
import { MaiboError } from '../errors.ts';
import { type MotionCsv, openMotionCsv } from '../formats/motion-csv.ts';
import { readTimedValues, type TimedValue } from '../formats/timed-values.ts';
import { findWristFiles } from '../formats/wrist-folder.ts';
import { type NightInterval, readIntervalFile } from './sleep-heart-inputs.ts';
import type { SleepInputs } from './sleep-inputs.ts';
import { joinInputs, type NightHeart, NightMotion } from './sleep-motion-inputs.ts';

/** A CSV file of acceleration, with or without RR intervals or a heart rate in it; null for any other file. */
export async function readMotionNight(path: string): Promise<SleepInputs | null> {
  const csv = await openMotionCsv(path);
  if (csv === null) return null;
  const { motion, heart } = await readMotionCsv(csv);
  return joinInputs(csv.hasIntervals ? 'motion-rr' : 'motion', csv.startUtcMs, motion, heart);
}

async function readMotionCsv(csv: MotionCsv): Promise<{ motion: NightMotion; heart: NightHeart }> {
  const motion = new NightMotion(csv.rateHz, csv.label);
  const intervals: NightInterval[] = [];
  const heartRates: TimedValue[] = [];
  for await (const block of csv.blocks()) {
    motion.push(block.frames);
    for (const { timeS, value } of block.intervals) intervals.push({ endS: timeS, rrMs: value });
    heartRates.push(...block.heartRates);
  }
  motion.flush();
  return { motion, heart: { intervals, heartRates } };
}

/**
 * A folder with a file of acceleration and one of RR intervals or heart rate on the same clock; null where no file is named like
 * acceleration. `id` is what the names of one night begin with, where there are several.
 */
export async function readWristFolder(folder: string, id: string | undefined): Promise<SleepInputs | null> {
  const files = await findWristFiles(folder, id);
  if (files === null) return null;
  const csv = await openMotionCsv(files.motion);
  if (csv === null) {
    throw new MaiboError('input-format', 'the file has no columns of three axes', {
      where: basename(files.motion),
      hint: 'name them time, acc_x, acc_y and acc_z',
    });
  }
  const { motion, heart } = await readMotionCsv(csv);
  const intervals = files.intervals === null ? null : await intervalsOf(files.intervals, csv);
  const heartRates = files.heartRate === null ? null : await heartRatesOf(files.heartRate, csv);
  requireOverlap(intervals, files.intervals, motion, csv);
  requireOverlap(heartRates, files.heartRate, motion, csv);
  const kind = csv.hasIntervals || intervals !== null ? 'motion-rr' : 'motion';
  return joinInputs(kind, csv.startUtcMs, motion, {
    intervals: intervals?.map(({ timeS, value }) => ({ endS: timeS, rrMs: value })) ?? heart.intervals,
    heartRates: heartRates ?? heart.heartRates,
  });
}

async function intervalsOf(path: string, csv: MotionCsv): Promise<TimedValue[]> {
  const { intervals, isTimed } = await readIntervalFile(path);
  return intervals.map(({ endS, rrMs }) => ({ timeS: isTimed ? endS - csv.startS : endS, value: rrMs }));
}

async function heartRatesOf(path: string, csv: MotionCsv): Promise<TimedValue[]> {
  const values = await readTimedValues(path, csv.timeUnitS);
  return values.map(({ timeS, value }) => ({ timeS: timeS - csv.startS, value }));
}

function requireOverlap(
  values: readonly TimedValue[] | null,
  path: string | null,
  { epochs }: NightMotion,
  { label }: MotionCsv,
): void {
  const lengthS = epochs.at(-1)?.timeS ?? 0;
  if (path === null || values === null || values.length === 0) return;
  if (values.some(({ timeS }) => timeS >= 0 && timeS <= lengthS)) return;
  throw new MaiboError('input-range', `nothing in ${basename(path)} lies within the time of ${label}`, {
    where: basename(path),
    hint: 'give both the same clock: seconds from one moment, or both Unix time',
  });
}
