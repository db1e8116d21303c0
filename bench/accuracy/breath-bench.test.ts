// The breathing rate on a bedside recording, held to the targets; and the count that is its reference, on a breath that is known.

import { describe, expect, it } from 'vitest';
import { describeUnless } from '../shared-folder.testkit.ts';
import { sharedPath } from '../shared-folder.ts';
import { bedsideBreathing } from './breath-recordings.ts';
import { breathPeaks, rateBetween } from './breath-reference.ts';
import { guess, SOURCES, scoreGuesses } from './breath-score.ts';

/** Sources, the largest mean error in breaths/min, and the least share of windows with a rate. */
const FLOORS = [
  ['all', 0.5, 0.95],
  ['RR alone', 0.5, 0.35],
  ['ECG and RR', 0.5, 0.8],
  ['PPG alone', 0.5, 0.6],
] as const;

const folder = sharedPath('data/ppg_bidmc01');

describeUnless(
  folder === null ? 'no ../shared/data/ppg_bidmc01 beside the repository' : null,
  'breathing rate on BIDMC 01',
  () => {
    it.each(FLOORS)('%s: within %d breaths/min of the respiration channel in %d of the windows', (name, mae, given) => {
      const { inputs, respiration, rateHz } = bedsideBreathing(folder as string);
      const peaks = breathPeaks(respiration, rateHz);
      const { kinds } = SOURCES.find((source) => source.name === name)!;
      const score = scoreGuesses(guess(inputs, kinds, (fromS, toS) => rateBetween(peaks, fromS, toS)));
      expect(score.windows).toBe(43);
      expect(score.mae).toBeLessThanOrEqual(mae);
      expect(score.given).toBeGreaterThanOrEqual(given);
    });
  },
);

describe('the reference count of breaths', () => {
  const rateHz = 25;
  const chest = (brpm: number) =>
    Float64Array.from(
      { length: 120 * rateHz },
      (_, i) => 2 + 0.01 * i + Math.sin((2 * Math.PI * brpm * i) / rateHz / 60),
    );

  it.each([6, 15, 30])('finds %i a minute', (brpm) => {
    expect(Math.abs(rateBetween(breathPeaks(chest(brpm), rateHz), 20, 100)! - brpm)).toBeLessThan(0.2);
  });

  it('has no rate with fewer than three peaks', () => {
    expect(rateBetween([1, 5], 0, 10)).toBeNull();
    expect(rateBetween([1, 5, 9], 0, 10)).toBe(15);
  });
});
