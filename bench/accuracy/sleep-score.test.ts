import { describe, expect, it } from 'vitest';
import {
  calibrationErrors,
  kappa,
  limitsOfAgreement,
  macroF1,
  mergedStage,
  recalls,
  type ScoredEpoch,
  wakeSpecificity,
} from './sleep-score.ts';

describe('scores of stages', () => {
  it("is Cohen's kappa", () => {
    const table = [
      [25, 13, 12],
      [12, 2, 16],
      [3, 15, 2],
    ];
    expect(kappa(table)).toBeCloseTo((0.29 - 0.35) / (1 - 0.35), 12);
    expect(
      kappa([
        [5, 0],
        [0, 5],
      ]),
    ).toBe(1);
  });

  it('leaves stages out that the expert never used', () => {
    expect(
      recalls([
        [3, 1],
        [0, 0],
      ]),
    ).toEqual([0.75]);
    expect(
      macroF1([
        [3, 1],
        [0, 0],
      ]),
    ).toBeCloseTo(6 / 7, 12);
  });

  it('merges stages where fewer are told apart', () => {
    expect([0, 1, 2, 3].map((stage) => mergedStage(stage, 2))).toEqual([0, 1, 1, 1]);
    expect([0, 1, 2, 3].map((stage) => mergedStage(stage, 3))).toEqual([0, 1, 1, 3]);
  });

  it('finds the share of wake above what 7 % of sleep reach', () => {
    const epochs: ScoredEpoch[] = Array.from({ length: 100 }, (_, index) => ({
      index,
      wanted: 1,
      wake: index / 100,
      stages: { 2: 1, 3: 1, 4: 1 },
    }));
    const awake = [0.5, 0.95].map((wake) => ({ ...epochs[0]!, wanted: 0, wake }));
    expect(wakeSpecificity([...epochs, ...awake])).toBe(0.5);
  });

  it('holds each probability against its share, bin by bin', () => {
    const epoch = { index: 0, wake: 0.7, stages: { 2: 0, 3: 0, 4: 0 }, probabilities: [0.7, 0.3, 0, 0] };
    const epochs: ScoredEpoch[] = [0, 0, 1, 3].map((wanted) => ({ ...epoch, wanted }));
    const [wake, light, deep, rem] = calibrationErrors(epochs);
    expect(wake).toBeCloseTo(0.2, 12);
    expect(light).toBeCloseTo(0.05, 12);
    expect(deep).toBe(0);
    expect(rem).toBe(0.25);
  });

  it('has no calibration error without probabilities', () => {
    const epoch: ScoredEpoch = { index: 0, wanted: 0, wake: 1, stages: { 2: 0, 3: 0, 4: 0 } };
    expect(calibrationErrors([epoch])).toEqual([Number.NaN, Number.NaN, Number.NaN, Number.NaN]);
  });

  it('expects nineteen of twenty differences within 1.96 deviations', () => {
    expect(limitsOfAgreement({ mean: 2, deviation: 10 })).toEqual([2 - 19.6, 2 + 19.6]);
  });
});
