// A real half hour of ECG through the whole lab. Runs where `../shared/data` lies beside the repository; with MAIBO_REQUIRE_ALL=1 a skip
// is a failure.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openStoreFile, verifyStore } from '@maibo/sdk';
import { describe, expect, it } from 'vitest';
import { startLab, useFolder } from './lab-process.testkit.ts';

const RECORD = fileURLToPath(new URL('../../../shared/data/mitdb/100', import.meta.url));
const folder = useFolder('lab-mitdb');
const isThere = existsSync(`${RECORD}.hea`);

describe('the lab on MIT-BIH 100', () => {
  it.skipIf(!isThere && process.env.MAIBO_REQUIRE_ALL !== '1')(
    'ends in a store that holds (skipped without ../shared/data/mitdb)',
    async () => {
      expect(isThere, `${RECORD} is asked for by MAIBO_REQUIRE_ALL=1`).toBe(true);
      const out = join(folder, 'run');
      const lab = startLab(folder, ['--input', RECORD, '--out', out]);
      expect(await lab.ended, lab.text()).toBe(0);
      if (process.platform === 'linux') expect(lab.text()).toContain('kernel pty');
      const { store, close } = openStoreFile(join(out, 'store.sqlite'), { readOnly: true });
      const check = verifyStore(store);
      close();
      expect(check.problems).toEqual([]);
      expect(check.streams[0]).toMatchObject({ replayed: true, blockCount: 1806 });
      expect(existsSync(join(out, 'report.html'))).toBe(true);
    },
    120_000,
  );
});
