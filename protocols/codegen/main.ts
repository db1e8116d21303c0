// Command: writes protocols/generated from protocols/schema. With --check it writes nothing and fails on a difference.
//   npx tsc -b && node protocols/dist/codegen/main.js [--check]

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { generate, SCHEMA_FILES } from './generate.ts';
import { CddlError } from './model.ts';

// From dist/codegen/main.js up to the package.
const PACKAGE = join(dirname(fileURLToPath(import.meta.url)), '..', '..');

function main(isCheck: boolean): number {
  const sources = SCHEMA_FILES.map((name) => ({
    file: `protocols/schema/${name}`,
    text: readFileSync(join(PACKAGE, 'schema', name), 'utf8'),
  }));
  const folder = join(PACKAGE, 'generated');
  mkdirSync(folder, { recursive: true });
  let differences = 0;
  for (const { name, text } of generate(sources)) {
    if (readIfThere(join(folder, name)) === text) continue;
    differences++;
    if (!isCheck) writeFileSync(join(folder, name), text);
    console.log(`${isCheck ? 'differs' : 'wrote'}: protocols/generated/${name}`);
  }
  return isCheck && differences > 0 ? 1 : 0;
}

function readIfThere(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}

try {
  process.exitCode = main(process.argv.includes('--check'));
} catch (error) {
  if (!(error instanceof CddlError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
