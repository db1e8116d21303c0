// Real recordings and tools that are not part of the repository lie beside it in ../shared, or nowhere.

import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The root is the first folder above this file that holds asconfig.json: built files lie one folder deeper than sources. */
function findRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'asconfig.json')) && folder !== dirname(folder)) folder = dirname(folder);
  return folder;
}

export const ROOT: string = findRoot();

/** Path of something in ../shared, or null when it is not there. */
export function sharedPath(inside: string): string | null {
  const path = join(ROOT, '..', 'shared', inside);
  return existsSync(path) ? path : null;
}
