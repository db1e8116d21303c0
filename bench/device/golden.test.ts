// How figures are held against the kept ones; and that V8 finds what hashes.json says, with the built cores of this tree.

import { describe, expect, it } from 'vitest';
import { keyOf } from './device-driver.ts';
import { allDrivers } from './drivers.ts';
import { generatedModule } from './generated-module.ts';
import {
  acceptCosts,
  type Baseline,
  compareCosts,
  compareHashes,
  goldenBitsOf,
  readBaseline,
  readHashes,
  staleKeys,
} from './golden.ts';
import { playHere } from './tape.ts';

const COST = { instructionsPerUnit: 1000, coreFlashBytes: 20_000, stackBytes: 500 };
const ROW = { m4f: COST, m33: COST };
const BASELINE: Baseline = { tools: {}, costs: { 'ecg, a': { ...ROW, because: 'It began so.' } } };

function withM33(change: Partial<typeof COST>) {
  return { 'ecg, a': { m4f: COST, m33: { ...COST, ...change } } };
}

describe('costs against the baseline', () => {
  it('may rise by two per cent, and not by more', () => {
    expect(compareCosts(BASELINE, withM33({ instructionsPerUnit: 1020 })).failures).toEqual([]);
    expect(compareCosts(BASELINE, withM33({ instructionsPerUnit: 1021 })).failures).toEqual([
      'ecg, a, m33: instructionsPerUnit 1000 -> 1021 (+2.1 %)',
    ]);
  });

  it.each(['coreFlashBytes', 'stackBytes'] as const)('hold for %s too', (figure) => {
    expect(compareCosts(BASELINE, withM33({ [figure]: 2 * COST[figure] })).failures).toHaveLength(1);
  });

  it('that fall are told, so that they can be kept', () => {
    const { failures, falls } = compareCosts(BASELINE, withM33({ stackBytes: 400 }));
    expect(failures).toEqual([]);
    expect(falls).toEqual(['ecg, a, m33: stackBytes 500 -> 400 (-20.0 %)']);
  });

  it('of a driver that the baseline does not know fail', () => {
    expect(compareCosts(BASELINE, { 'ecg, b': ROW }).failures).toEqual(['ecg, b: baseline.json does not know it']);
  });
});

describe('taking over', () => {
  const changed = { m4f: COST, m33: { ...COST, stackBytes: 501 } };

  it('keeps the new sentence where a figure changed, the old one where none did', () => {
    const same = acceptCosts(BASELINE, { 'ecg, a': ROW }, ['ecg, a'], 'Another filter.');
    expect(same['ecg, a']?.because).toBe('It began so.');
    const other = acceptCosts(BASELINE, { 'ecg, a': changed }, ['ecg, a'], 'Another filter.');
    expect(other['ecg, a']).toEqual({ ...changed, because: 'Another filter.' });
  });

  it('keeps what was not measured, and drops what has no driver', () => {
    const rows = acceptCosts(BASELINE, { 'rr, b': ROW }, ['ecg, a', 'rr, b'], 'New.');
    expect(Object.keys(rows)).toEqual(['ecg, a', 'rr, b']);
    expect(acceptCosts(BASELINE, { 'rr, b': ROW }, ['rr, b'], 'New.')).not.toHaveProperty('ecg, a');
  });
});

describe('hashes', () => {
  const golden = { 'ecg, a': { hash: '00000001', findings: 2 } };

  it('differ by hash or by number of findings', () => {
    expect(compareHashes(golden, golden)).toEqual([]);
    expect(compareHashes(golden, { 'ecg, a': { hash: '00000002', findings: 2 } })).toHaveLength(1);
    expect(compareHashes(golden, { 'ecg, a': { hash: '00000001', findings: 3 } })).toHaveLength(1);
    expect(compareHashes(golden, { 'ecg, b': { hash: '00000001', findings: 2 } })).toHaveLength(1);
  });

  it('have eight digits', () => {
    expect(goldenBitsOf({ hash: 0xab, findingCount: 1 })).toEqual({ hash: '000000ab', findings: 1 });
  });
});

describe('the kept files', () => {
  const drivers = allDrivers();
  const hint = 'after a change of a core: npm run bench:device -- --accept "why", in a tree where it is built';

  it.each(drivers.map((driver) => [keyOf(driver), driver] as const))(
    '%s: V8 finds what hashes.json says',
    (key, driver) => {
      const found = goldenBitsOf(playHere(generatedModule(driver.core), driver));
      expect(compareHashes(readHashes('made'), { [key]: found }), hint).toEqual([]);
    },
  );

  it('know every driver, and nothing else', () => {
    const keys = drivers.map(keyOf);
    expect(Object.keys(readHashes('made'))).toEqual(keys);
    expect(staleKeys(readBaseline().costs, keys)).toEqual([]);
    expect(Object.keys(readBaseline().costs)).toEqual(keys);
  });

  it('have a sentence for every cost', () => {
    for (const { because } of Object.values(readBaseline().costs)) expect(because.trim()).not.toBe('');
  });
});
