// Where the built cores lie.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../shared-folder.ts';

export function generatedModule(core: string): Uint8Array {
  return readFileSync(join(ROOT, 'firmware-wasm', 'generated', `${core}.wasm`));
}
