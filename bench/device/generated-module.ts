// Where the built cores lie.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../shared-folder.ts';

export function generatedPath(core: string): string {
  return join(ROOT, 'firmware-wasm', 'generated', `${core}.wasm`);
}

export function generatedModule(core: string): Uint8Array {
  return readFileSync(generatedPath(core));
}
