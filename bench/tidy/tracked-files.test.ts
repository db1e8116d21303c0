// What the repository carries: nothing large, and nobody's recordings.

import { statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ROOT, repositoryFiles } from './repository.ts';

const FILE_BYTES_MAX = 1024 * 1024;
/** Recordings and what is made from them stay outside: data has licences and people behind it. */
const RECORDING = /\.(dat|hea|atr|edf|bdf|fit|hrm|acq|sqlite|sqlite-wal|segment|mat|npy|f32)(\.gz)?$/i;

it('no file is larger than 1 MB', () => {
  const large = repositoryFiles().filter((path) => statSync(join(ROOT, path)).size > FILE_BYTES_MAX);
  expect(large).toEqual([]);
});

it('no file is a recording or a store', () => {
  expect(repositoryFiles().filter((path) => RECORDING.test(path))).toEqual([]);
});
