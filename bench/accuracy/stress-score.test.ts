import { describe, expect, it } from 'vitest';
import { areaUnderCurve, calibrationError, nearChanges, rankCorrelation, type Window } from './stress-score.ts';

const window = (endS: number, isStressed: boolean, probability: number | null): Window => ({
  endS,
  isStressed,
  probability,
});

describe('the area under the curve', () => {
  it('counts the pairs in the right order, and half of those that are equal', () => {
    const windows = [window(60, false, 0.2), window(90, false, 0.5), window(120, true, 0.5), window(150, true, 0.9)];
    expect(areaUnderCurve(windows)).toBe(3.5 / 4);
  });

  it('leaves out windows without a probability', () => {
    expect(areaUnderCurve([window(60, false, 0.2), window(90, false, null), window(120, true, 0.5)])).toBe(1);
  });

  it('is not there without both kinds', () => {
    expect(areaUnderCurve([window(60, false, 0.2)])).toBeNaN();
  });
});

describe('the calibration error', () => {
  it('is 0 where probabilities are shares', () => {
    const windows = [0, 1, 2, 3].map((index) => window(index, index === 0, 0.25));
    expect(calibrationError(windows)).toBeCloseTo(0, 12);
  });

  it('weighs each bin by its windows', () => {
    const windows = [window(0, false, 0.95), window(1, true, 0.95), window(2, false, 0.05), window(3, false, 0.05)];
    expect(calibrationError(windows)).toBeCloseTo((0.45 * 2 + 0.05 * 2) / 4, 12);
  });
});

it('near are all stressed windows and those within five minutes of one', () => {
  const windows = [window(60, false, 0), window(300, false, 0), window(600, true, 0), window(1200, false, 0)];
  expect(nearChanges(windows).map(({ endS }) => endS)).toEqual([300, 600]);
});

it('correlation with time is that of ranks', () => {
  const rising = [0.1, 0.2, 0.21, 0.9].map((probability, index) => window(30 * index, false, probability));
  expect(rankCorrelation(rising)).toBeCloseTo(1, 12);
  expect(rankCorrelation(rising.map((one) => ({ ...one, endS: -one.endS })))).toBeCloseTo(-1, 12);
});
