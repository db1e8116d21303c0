// Small text files, with a limit.
import { readFileSync, statSync } from 'node:fs';
import { MaiboError } from '../errors.ts';

/** Errors: `input-missing` when there is no such file or it may not be read, `input-format` when it is too long to be what is wanted. */
export function readTextFile(path: string, bytesMax: number): string {
  try {
    const { size } = statSync(path);
    if (size > bytesMax) {
      throw new MaiboError('input-format', `the file has ${size} bytes, at most ${bytesMax} are read`, { where: path });
    }
    return readFileSync(path, 'utf8');
  } catch (cause) {
    if (cause instanceof MaiboError) throw cause;
    const why = (cause as NodeJS.ErrnoException).code === 'ENOENT' ? 'no such file' : 'the file cannot be read';
    throw new MaiboError('input-missing', why, { where: path, cause });
  }
}
