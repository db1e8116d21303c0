// node firmware-wasm/dist/codegen/main.js           compile all cores and write firmware-wasm/generated/
// node firmware-wasm/dist/codegen/main.js --check   compile them in memory and compare; exit status 1 if a file differs

import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { GENERATED_FOLDER, generate } from './generate.ts';

/** The repository is the first folder above this file that holds asconfig.json. */
function findRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'asconfig.json'))) {
    if (folder === dirname(folder)) throw new Error('asconfig.json not found');
    folder = dirname(folder);
  }
  return folder;
}

const root = findRoot();
const folder = join(root, GENERATED_FOLDER);
const files = await generate(root);
for (const [name, bytes] of files) {
  const path = join(folder, name);
  const isSame = existsSync(path) && Buffer.compare(readFileSync(path), bytes) === 0;
  if (isSame) continue;
  if (process.argv.includes('--check')) {
    console.error(`${GENERATED_FOLDER}/${name} is not what its sources give; run the command without --check`);
    process.exitCode = 1;
  } else {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, bytes);
    console.log(`wrote ${GENERATED_FOLDER}/${name} (${bytes.length} bytes)`);
  }
}
