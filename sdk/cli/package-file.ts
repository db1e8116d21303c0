// Packages of cores, read from their files.
import { readFileSync, statSync } from 'node:fs';
import { type CorePackage, openCorePackage } from '../engine/core-package.ts';
import { PACKAGE_BYTES_MAX } from '../engine/core-seal.ts';
import { MaiboError } from '../errors.ts';

/** Errors: `input-missing`, `input-format` for a file that is too long. */
export function readPackage(path: string): Uint8Array {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats === undefined || !stats.isFile()) throw new MaiboError('input-missing', 'no such file', { where: path });
  if (stats.size > PACKAGE_BYTES_MAX) {
    throw new MaiboError('input-format', `longer than ${PACKAGE_BYTES_MAX} bytes`, { where: path });
  }
  return new Uint8Array(readFileSync(path));
}

/** Errors: as `readPackage`, `input-format` for a file that is no package. */
export function openPackage(path: string): CorePackage {
  const opened = openCorePackage(readPackage(path));
  if (opened.ok) return opened.value;
  throw new MaiboError('input-format', `no core package: ${opened.fault.detail}`, { where: path });
}
