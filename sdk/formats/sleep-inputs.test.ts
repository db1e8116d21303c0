import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isBeatListing, readBeatListing } from './beat-listing.ts';
import { readEpochFeatures } from './epoch-features.ts';
import { describeSharedData } from './shared-data.testkit.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'maibo-sleep-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function nights(name: string, files: Readonly<Record<string, readonly number[]>>): string {
  const path = join(folder, name);
  mkdirSync(path);
  for (const [file, values] of Object.entries(files)) {
    writeFileSync(join(path, `${file}_feature.out`), `${values.map((value) => value.toFixed(6)).join('\n')}\n`);
  }
  return path;
}

describe('nights as features of their epochs', () => {
  const [time, count, hr] = [
    [0, 0.008333, 0.016667],
    [0, 1.5, 2],
    [0.3, 0.2, 0.1],
  ];

  it('are read with their times in seconds', async () => {
    const path = nights('one', { '7_time': time!, '7_count': count!, '7_hr': hr! });
    const read = await readEpochFeatures(path);
    expect(read).toMatchObject({ id: '7', count, heartRateSpread: hr });
    expect(read.timeS.map(Math.round)).toEqual([0, 30, 60]);
  });

  it('are chosen by their id where there are several', async () => {
    const path = nights('two', {
      ...{ '7_time': time!, '7_count': count!, '7_hr': hr! },
      ...{ '8_time': [0], '8_count': [5], '8_hr': [1] },
    });
    await expect(readEpochFeatures(path)).rejects.toThrow(/2 nights/);
    await expect(readEpochFeatures(path, '9')).rejects.toThrow(/no night "9"/);
    expect((await readEpochFeatures(path, '8')).count).toEqual([5]);
  });

  it('are refused with both names when their columns differ in length', async () => {
    const path = nights('uneven', { '7_time': time!, '7_count': count!, '7_hr': [0.3] });
    await expect(readEpochFeatures(path)).rejects.toThrow(/7_hr_feature\.out has 1 epochs and 7_time_feature\.out 3/);
  });

  it('are refused when a time does not rise, a file is missing or a cell is no number', async () => {
    const still = nights('still', { '7_time': [0, 0.1, 0.1], '7_count': count!, '7_hr': hr! });
    await expect(readEpochFeatures(still)).rejects.toMatchObject({ where: '7_time_feature.out, line 3' });
    await expect(readEpochFeatures(nights('bare', { '7_time': time! }))).rejects.toMatchObject({
      code: 'input-missing',
    });
    await expect(readEpochFeatures(join(folder, 'nowhere'))).rejects.toMatchObject({ code: 'input-missing' });
    writeFileSync(join(still, '7_count_feature.out'), '1\nx\n2\n');
    await expect(readEpochFeatures(still)).rejects.toMatchObject({ where: '7_count_feature.out, line 2' });
  });

  describeSharedData('published nights', 'walch_applewatch_features', (real) => {
    it('are read', async () => {
      const { timeS, count: counts } = await readEpochFeatures(real, '1066528');
      expect(timeS.length).toBeGreaterThan(500);
      expect(counts.length).toBe(timeS.length);
    });
  });
});

describe('listings of beats', () => {
  const listing =
    '    0:00.000\t[0]\t0.076\tN\t    0:00.076\n    0:00.076\tN\t0.860\tN\t    0:00.936\n 1:00:00.936\tN\t0.892\tV\t 1:00:01.828\n';

  it('give intervals with their ends, and which lie between normal beats', async () => {
    const path = join(folder, 'a.rr');
    writeFileSync(path, listing);
    expect(await readBeatListing(path)).toEqual([
      { endS: 0.936, rrMs: 860, isNormal: true },
      { endS: 3601.828, rrMs: 892, isNormal: false },
    ]);
    expect(isBeatListing(listing.split('\n')[0]!)).toBe(true);
    expect(isBeatListing('812')).toBe(false);
  });

  it('are refused at the line that is none', async () => {
    const path = join(folder, 'b.rr');
    writeFileSync(path, `${listing}0:01\tN\t0.8\n`);
    await expect(readBeatListing(path)).rejects.toMatchObject({ where: 'b.rr, line 4' });
    writeFileSync(path, '0:01.0\tN\t-0.8\tN\t0:02.0\n');
    await expect(readBeatListing(path)).rejects.toThrow(/not possible/);
  });

  describeSharedData('of a whole night', 'slpdb', (real) => {
    it('are read', async () => {
      const intervals = await readBeatListing(`${real}/slp01a.rr.gz`);
      expect(intervals.at(-1)!.endS).toBeGreaterThan(7_190);
    });
  });
});
