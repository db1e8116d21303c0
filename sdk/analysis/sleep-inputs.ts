// What a night is judged by, from a file or folder: features of epochs (Walch 2019), or RR intervals of any kind.
import { basename } from 'node:path';
import type { SleepInput } from '@maibo/cores';
import { MaiboError } from '../errors.ts';
import { isBeatListing, readBeatListing } from '../formats/beat-listing.ts';
import { holdsEpochFeatures, isFolder, readEpochFeatures } from '../formats/epoch-features.ts';
import { openRecording } from '../formats/open-recording.ts';
import { findTextFile, peekLines } from '../formats/text-lines.ts';

export type SleepInputKind = 'epoch-features' | 'rr';

export interface SleepInputs {
  readonly kind: SleepInputKind;
  /** In the order of time. */
  readonly inputs: readonly SleepInput[];
}

const EPOCH_S = 30;

/** `id`: which night of a folder that holds several. Errors: what reading throws, `usage` for a folder that holds no night. */
export async function readSleepInputs(path: string, id?: string): Promise<SleepInputs> {
  if (await isFolder(path)) return { kind: 'epoch-features', inputs: await featuresOf(path, id) };
  return { kind: 'rr', inputs: await intervalsOf(path) };
}

async function featuresOf(folder: string, id: string | undefined): Promise<SleepInput[]> {
  if (!(await holdsEpochFeatures(folder))) {
    throw new MaiboError('usage', 'the folder holds no <id>_time_feature.out', {
      where: basename(folder),
      hint: 'give a folder of epoch features, or a file of RR intervals',
    });
  }
  const night = await readEpochFeatures(folder, id);
  return night.timeS.flatMap((second, index): SleepInput[] => {
    const timeS = Math.round(second / EPOCH_S) * EPOCH_S;
    return [
      { timeS, value: night.count[index]!, kind: 'activity' },
      { timeS, value: night.heartRateSpread[index]!, kind: 'heart-spread' },
    ];
  });
}

async function intervalsOf(path: string): Promise<SleepInput[]> {
  const [first] = await peekLines(await findTextFile(path), 1);
  if (first !== undefined && isBeatListing(first.text)) {
    const intervals = await readBeatListing(path);
    return intervals.map(({ endS, rrMs }) => ({ timeS: endS, value: rrMs, kind: 'interval' }));
  }
  const inputs: SleepInput[] = [];
  let endS = 0;
  const recording = await openRecording(path, { format: 'rr' });
  for await (const { timeS, rrMs } of recording.intervals()) {
    endS = Math.max(endS, timeS ?? endS + rrMs / 1000);
    inputs.push({ timeS: endS, value: rrMs, kind: 'interval' });
  }
  return inputs;
}
