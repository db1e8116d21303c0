import { describe, expect, it } from 'vitest';
import { markedEpochs } from './apnoea-recordings.ts';
import { areaUnderCurve, correlation, type JudgedMinute, minuteTable, rankCorrelation } from './apnoea-score.ts';

const minute = (isApnoea: boolean, suspicion: number): JudgedMinute => {
  return { isApnoea, isSuspect: suspicion >= 0.5, suspicion };
};

describe('scores of a suspicion', () => {
  const minutes = [minute(true, 0.9), minute(true, 0.4), minute(false, 0.4), minute(false, 0)];

  it('count minutes', () => {
    expect(minuteTable(minutes)).toEqual([
      [2, 0],
      [1, 1],
    ]);
  });

  it('have the area of pairs that are in order', () => {
    expect(areaUnderCurve(minutes)).toBe(3.5 / 4);
  });

  it('correlate values and ranks', () => {
    expect(correlation([1, 2, 3], [10, 20, 30])).toBeCloseTo(1, 12);
    expect(rankCorrelation([1, 2, 3, 100], [1, 5, 6, 7])).toBeCloseTo(1, 12);
    expect(rankCorrelation([1, 1, 2], [3, 4, 5])).toBeCloseTo(Math.sqrt(3) / 2, 12);
  });
});

describe('marks of slpdb', () => {
  it('are placed by their sample, and leg movements are no apnoea', () => {
    const text = [
      'Elapsed time  Sample #  Type  Sub Chan  Num\tAux',
      '    0:30.000     7500     "    0    0    0\t2 X HA',
      '    1:30.000    22500     "    0    0    0\tW',
      '    2:00.000    30000     "    0    0    0\tR LA',
      '    2:30.000    37500     "    0    0    0\tMT',
    ].join('\n');
    expect(markedEpochs(text)).toEqual([
      { epoch: 1, asleep: true, events: 2 },
      { epoch: 3, asleep: false, events: 0 },
      { epoch: 4, asleep: true, events: 0 },
      { epoch: 5, asleep: null, events: 0 },
    ]);
  });
});
