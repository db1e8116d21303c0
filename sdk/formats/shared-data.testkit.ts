// Tests on real recordings that are not part of the repository: they run where `../shared/data` lies beside the repository
// and otherwise skip with the reason in their name. With MAIBO_REQUIRE_ALL=1 a skip is a failure.

import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, it } from 'vitest';

const REPOSITORY = fileURLToPath(new URL('../../', import.meta.url));
const SHARED_DATA = `${REPOSITORY}../shared/data`;

/** As `describe`, given the folder of one data set. */
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
