// The sleep core on real nights: not worse than the floors.

import { describe, expect, it } from 'vitest';
import { describeUnless } from '../shared-folder.testkit.ts';
import { judgeSleep, rowsOf, whyNoSleep } from './sleep-bench.ts';
import { belowFloors, missedTargets, readSleepFloors } from './sleep-floors.ts';
import { scoreRow } from './sleep-row.ts';
import type { ScoredEpoch } from './sleep-score.ts';

/** Two people whose stages are found but for every fifth. */
function rowOf(mode: string) {
  const epochs = Array.from({ length: 200 }, (_, index): ScoredEpoch => {
    const wanted = Math.floor(index / 10) % 4;
    const found = index % 5 === 0 ? (wanted + 1) % 4 : wanted;
    const asleep = found === 0 ? 0 : 1;
    const probabilities = [0, 1, 2, 3].map((stage) => (stage === found ? 1 : 0));
    return {
      index,
      wanted,
      wake: 1 - asleep,
      probabilities,
      stages: { 2: asleep, 3: found === 2 ? 1 : found, 4: found },
    };
  });
  return scoreRow('made', mode, [
    { person: 'a', epochs },
    { person: 'b', epochs },
  ]);
}

const FLOOR = {
  kappa: { 2: 0.6, 3: 0.6, 4: 0.6 },
  kappaLater: 0.6,
  specificity: 0.5,
  calibrationErrorMax: 0.3,
  biasMinutesMax: 10,
};

describe('floors of the sleep bench', () => {
  it('are silent where they are kept', () => {
    expect(belowFloors([rowOf('live')], { 'made, live': FLOOR })).toEqual([]);
  });

  it('name what got worse, and by how much', () => {
    const strict = { ...FLOOR, kappa: { ...FLOOR.kappa, 4: 0.9 }, calibrationErrorMax: 0.01 };
    expect(belowFloors([rowOf('live')], { 'made, live': strict })).toEqual([
      'worse than it was: made, live: 4 classes, kappa 0.733, at least 0.900',
      'worse than it was: made, live: calibration error 0.100, at most 0.010',
    ]);
  });

  it('miss a row that has none', () => {
    expect(belowFloors([rowOf('live')], {})).toHaveLength(1);
  });

  it('stand beside targets, which a row may miss', () => {
    const target = { set: 'made', kappa: { 2: 0.1, 3: 0.1, 4: 0.8 }, specificity: 0 };
    expect(missedTargets([rowOf('live'), rowOf('morning')], [target])).toEqual([
      'made: 4 classes, kappa 0.733, at least 0.800',
    ]);
  });
});

describeUnless(whyNoSleep(), 'stages of real nights', () => {
  it('are found as well as the floors demand', { timeout: 120_000 }, () => {
    expect(belowFloors(rowsOf(judgeSleep()), readSleepFloors())).toEqual([]);
  });
});
