// The ecg core on annotated recordings, where they are at hand: floors that no change may fall below.

import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { EcgCore } from '../../index.ts';
import { scoreBeats } from './beat-score.testkit.ts';
import { mitdbFolder, readMitdb } from './mitdb.testkit.ts';

function beatsIn(samples: Float32Array, rateHz: number): number[] {
  const core = EcgCore.create({ rateHz });
  return [...core.push(samples), ...core.flush()].flatMap(({ kind, sample }) => (kind === 'beat' ? [sample] : []));
}

// MIT-BIH Arrhythmia Database (Moody and Mark 2001, PhysioNet, ODC-BY 1.0), channel 0, scored by the rules of EC57.
describe('ecg on annotated recordings', () => {
  const floors: Record<string, number> = {
    '100': 99.9,
    '105': 99.6,
    '119': 99.9,
    '203': 99,
    '208': 99.6,
    '215': 99.9,
  };
  const folder = mitdbFolder();
  const found = existsSync(folder);
  if (!found && process.env.MAIBO_REQUIRE_ALL === '1') {
    it('has the recordings', () => expect.fail(`no recordings at ${folder}`));
  }
  for (const [record, floor] of Object.entries(floors)) {
    const name = `keeps F1 of record ${record} at ${floor} or more`;
    it.skipIf(!found)(found ? name : `${name} (skipped: no recordings at ${folder})`, () => {
      const { samples, beats, rateHz } = readMitdb(folder, record);
      const score = scoreBeats(beats, beatsIn(samples, rateHz), rateHz, 300);
      expect(score.f1).toBeGreaterThanOrEqual(floor);
    });
  }
});
