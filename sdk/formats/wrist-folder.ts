// A folder of text files that a wristband or a watch leaves behind: acceleration, and beside it RR intervals or a heart rate. What a file
// holds is told by its name: acc.csv, left_accel_1.csv, 46343_acceleration.txt; rr.csv, strap_ibi.txt; hr.csv, 46343_heartrate.txt.
import { readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { MaiboError } from '../errors.ts';

const MOTION_FILE = /(?:^|[_-])acc(?:el(?:eration|erometer)?)?(?:[_-].*)?\.(?:csv|txt|tsv)(?:\.gz)?$/i;
const INTERVAL_FILE = /(?:^|[_-])(?:rr|rri|ibi|nn)(?:[_-].*)?\.(?:csv|txt|tsv|rr)(?:\.gz)?$/i;
const HEART_RATE_FILE = /(?:^|[_-])(?:hr|heart[_-]?rate)(?:[_-].*)?\.(?:csv|txt|tsv)(?:\.gz)?$/i;

export interface WristFiles {
  readonly motion: string;
  /** Null where there is none. */
  readonly intervals: string | null;
  readonly heartRate: string | null;
}

/**
 * Paths of the files of one night; null where no file is named like acceleration. `id` is what their names begin with where there are
 * several nights. Errors: `usage` for several nights without an `id`.
 */
export async function findWristFiles(folder: string, id: string | undefined): Promise<WristFiles | null> {
  const names = (await readdir(folder)).sort().filter((name) => id === undefined || name.startsWith(`${id}_`));
  const [motion, ...others] = names.filter((name) => MOTION_FILE.test(name));
  if (motion === undefined) return null;
  if (others.length > 0) {
    throw new MaiboError('usage', `the folder holds ${others.length + 1} files of acceleration`, {
      where: basename(folder),
      hint: `choose by what the names begin with, --id: ${[motion, ...others].slice(0, 5).join(', ')}`,
    });
  }
  const find = (named: RegExp) => {
    const name = names.find((candidate) => named.test(candidate));
    return name === undefined ? null : join(folder, name);
  };
  return { motion: join(folder, motion), intervals: find(INTERVAL_FILE), heartRate: find(HEART_RATE_FILE) };
}
