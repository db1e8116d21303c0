// What a night is judged by, from a file or folder: features of epochs (Walch 2019), RR intervals of any kind, or acceleration with what is
// known of the heart beside it.
import { basename, join } from 'node:path';
import type { MotionFinding, SleepInput } from '@maibo/cores';
import { MaiboError } from '../errors.ts';
import { detectFormat } from '../formats/detect-format.ts';
import { e4NameOf, listE4Files } from '../formats/e4.ts';
import { holdsEpochFeatures, isFolder, readEpochFeatures } from '../formats/epoch-features.ts';
import { readE4Night } from './sleep-e4-inputs.ts';
import { intervalInputs, isListing, type NightInterval, readIntervalFile } from './sleep-heart-inputs.ts';
import { readMotionNight, readWristFolder } from './sleep-wrist-inputs.ts';

export type { NightInterval } from './sleep-heart-inputs.ts';

export type SleepInputKind = 'epoch-features' | 'rr' | 'e4' | 'motion' | 'motion-rr';

export interface SleepInputs {
  readonly kind: SleepInputKind;
  /** In the order of time. */
  readonly inputs: readonly SleepInput[];
  /** All RR intervals of the recording, in the order of time; empty without. */
  readonly intervals: readonly NightInterval[];
  /** When the recording began; null where it does not say. */
  readonly startUtcMs: number | null;
  /** What the motion core says of every epoch of 30 s, from the first on; null without acceleration. */
  readonly motion: readonly MotionFinding[] | null;
}

const EPOCH_S = 30;

/** `id`: which night of a folder that holds several, as the names of its files begin. Errors: what reading throws, `usage` for a folder that holds no night. */
export async function readSleepInputs(path: string, id?: string): Promise<SleepInputs> {
  return (await isFolder(path)) ? readFolder(path, id) : readFile(path);
}

async function readFolder(folder: string, id: string | undefined): Promise<SleepInputs> {
  if (await holdsEpochFeatures(folder)) return readFeatures(folder, id);
  if (await isE4Folder(folder)) return readE4Night(folder);
  const night = await readWristFolder(folder, id);
  if (night !== null) return night;
  throw new MaiboError('usage', 'the folder holds no night', {
    where: basename(folder),
    hint: 'expected <id>_time_feature.out and its like, the files of an Empatica E4, or acc.csv with rr.csv',
  });
}

/** acc.csv may be anybody's: an E4 file begins with its start and its rate. */
async function isE4Folder(folder: string): Promise<boolean> {
  for (const name of await listE4Files(folder)) {
    if ((await detectFormat(join(folder, name), false)) === 'e4') return true;
  }
  return false;
}

async function readFile(path: string): Promise<SleepInputs> {
  if (e4NameOf(basename(path)) !== null && (await detectFormat(path, false)) === 'e4') return readE4Night(path);
  const night = (await isListing(path)) ? null : await readMotionNight(path);
  if (night !== null) return night;
  const { intervals } = await readIntervalFile(path);
  return { kind: 'rr', inputs: intervalInputs(intervals), intervals, startUtcMs: null, motion: null };
}

async function readFeatures(folder: string, id: string | undefined): Promise<SleepInputs> {
  const night = await readEpochFeatures(folder, id);
  const inputs = night.timeS.flatMap((second, index): SleepInput[] => {
    const timeS = Math.round(second / EPOCH_S) * EPOCH_S;
    return [
      { timeS, value: night.count[index]!, kind: 'activity' },
      { timeS, value: night.heartRateSpread[index]!, kind: 'heart-spread' },
    ];
  });
  return { kind: 'epoch-features', inputs, intervals: [], startUtcMs: null, motion: null };
}
