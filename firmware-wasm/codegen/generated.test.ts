// The generated files are what their sources give, and C agrees with the compiler about the layouts.

import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { GENERATED_FOLDER, generate } from './generate.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));

describe('firmware-wasm/generated', () => {
  it('is what the sources give, byte for byte', { timeout: 120_000 }, async () => {
    for (const [name, bytes] of await generate(root)) {
      const onDisk = readFileSync(`${root}${GENERATED_FOLDER}/${name}`);
      expect(Buffer.compare(onDisk, bytes), `${name}: run node firmware-wasm/dist/codegen/main.js`).toBe(0);
    }
  });

  const hasCompiler = spawnSync('cc', ['--version']).status === 0;
  it.skipIf(!hasCompiler).each(['c99', 'c11'])('has a header that compiles as %s', (standard) => {
    const flags = [`-std=${standard}`, '-pedantic-errors', '-Wall', '-Werror', '-fsyntax-only', '-x', 'c'];
    const { stderr, status } = spawnSync('cc', [...flags, `${root}${GENERATED_FOLDER}/maibo_cores.h`], {
      encoding: 'utf8',
    });
    expect(stderr).toBe('');
    expect(status).toBe(0);
  });
});
