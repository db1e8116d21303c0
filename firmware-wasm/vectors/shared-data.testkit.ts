// Real recordings beside the repository (../shared/data). Without the folder the tests skip by name; with MAIBO_REQUIRE_ALL=1 they fail
// instead.

import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, it } from 'vitest';

const SHARED_DATA = fileURLToPath(new URL('../../../shared/data', import.meta.url));

export function describeSharedData(name: string, dataSet: string, body: (folder: string) => void): void {
  const folder = `${SHARED_DATA}/${dataSet}`;
  if (existsSync(folder)) {
    describe(name, () => body(folder));
    return;
  }
  const reason = `skipped: no ../shared/data/${dataSet} beside the repository`;
  if (process.env.MAIBO_REQUIRE_ALL === '1') {
    it(`${name} (${reason})`, () => {
      throw new Error(`${reason}, and MAIBO_REQUIRE_ALL=1 asks for every test`);
    });
  } else {
    it.skip(`${name} (${reason})`, () => {});
  }
}
