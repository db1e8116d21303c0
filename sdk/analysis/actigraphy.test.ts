// The rules by hand: numbers that can be worked out on paper, at and beside every threshold.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type AngleEpoch, sleepPeriod, sustainedInactivity } from './actigraphy-angle.ts';
import { webster } from './actigraphy-rescoring.ts';
import { type ColeKripkeCounts, coleKripke, oakley, type SleepScore, sadeh, scripps } from './actigraphy-scores.ts';
import { smoothCounts } from './actigraphy-smoothing.ts';

/** One epoch with `count` in `length` epochs of 0. */
const single = (count: number, length = 31, place = 15) => Array.from({ length }, (_, i) => (i === place ? count : 0));
const wakeOffsets = (scores: readonly SleepScore[], place = 15) =>
  scores.flatMap((score, i) => (score === false ? [i - place] : []));
const minutes = (text: string): SleepScore[] => [...text].map((letter) => (letter === '?' ? null : letter === 's'));
const drawn = (scores: readonly SleepScore[]) =>
  scores.map((score) => (score === null ? '?' : score ? 's' : 'w')).join('');

describe('Cole-Kripke', () => {
  // Alone, a count reaches 1 at 1 / (scale x weight): 1000 / 230 = 4.35 in its own minute, 1000 / 106 = 9.43 four minutes later.
  it.each<[ColeKripkeCounts, number, number]>([
    ['1-min-mean', 4.34, 4.36],
    ['10-s-max', 57.59, 57.61],
    ['10-s-max-overlapping', 71.42, 71.43],
    ['30-s-max', 82.64, 82.65],
  ])('%s: wake from a count of its own weight on', (kind, below, above) => {
    expect(wakeOffsets(coleKripke(single(below), kind))).toEqual([]);
    expect(wakeOffsets(coleKripke(single(above), kind))).toEqual([0]);
  });

  it('weighs what was four minutes before and two after', () => {
    // Offsets of wake around the count: it lies 4 minutes before the epoch at +4, so its weight there is 106.
    expect(wakeOffsets(coleKripke(single(9.44)))).toEqual([0, 4]);
    expect(wakeOffsets(coleKripke(single(14)))).toEqual([-1, 0, 1, 4]);
    expect(wakeOffsets(coleKripke(single(100)))).toEqual([-2, -1, 0, 1, 2, 3, 4]);
  });

  it('has the coefficients of the paper where others have a slip: 309 and 121', () => {
    expect(wakeOffsets(coleKripke(single(323.7), '10-s-max'))).toContain(-2);
    expect(wakeOffsets(coleKripke(single(323.5), '10-s-max'))).not.toContain(-2);
    expect(wakeOffsets(coleKripke(single(82.7), '30-s-max'))).toEqual([0]);
  });
});

describe('Scripps', () => {
  it('weighs ten minutes before and two after, most the minute before', () => {
    // 1 / (0.204 x 0.0664) = 73.8; 1 / (0.204 x 0.0300) = 163.4; 1 / (0.204 x 0.0280) = 175.1.
    expect(wakeOffsets(scripps(single(73.7)))).toEqual([]);
    expect(wakeOffsets(scripps(single(73.9)))).toEqual([1]);
    expect(wakeOffsets(scripps(single(164)))).toEqual([0, 1]);
    expect(wakeOffsets(scripps(single(1000)))).toEqual([-2, -1, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  });
});

describe('Sadeh', () => {
  it('is the sum of the paper', () => {
    // All 20: 7.601 - 0.065 x 20 - 0 - 0 - 0.703 ln 21 = 4.16. All 60: NAT is 11 and the score -11.06.
    expect(sadeh(Array(21).fill(20))[10]).toBe(true);
    expect(sadeh(Array(21).fill(60))[10]).toBe(false);
    // All 101: no NAT; 7.601 - 6.565 - 0.703 ln 102 = -2.22.
    expect(sadeh(Array(21).fill(101))[10]).toBe(false);
    // All 49, just below NAT: 7.601 - 3.185 - 0.703 ln 50 = 1.67.
    expect(sadeh(Array(21).fill(49))[10]).toBe(true);
  });

  it('counts the spread of the last six minutes, and not of those to come', () => {
    // One count of 200 among zeros: in its own minute 7.601 - 1.182 - 0.056 x 81.65 - 3.728 = -1.88; five minutes later 1.85; before 6.42.
    expect(wakeOffsets(sadeh(single(200)))).toEqual([0]);
    // Held to 300: 7.601 - 1.773 - 0.056 x 122.5 = -1.03 for the five minutes after; none before.
    expect(wakeOffsets(sadeh(single(5000)))).toEqual([0, 1, 2, 3, 4, 5]);
  });
});

describe('Oakley', () => {
  it.each([
    ['high', 20],
    ['medium', 40],
    ['low', 80],
  ] as const)('%s: wake above %d', (sensitivity, threshold) => {
    expect(wakeOffsets(oakley(single(threshold), { sensitivity }))).toEqual([]);
    expect(wakeOffsets(oakley(single(threshold + 0.1), { sensitivity }))).toEqual([0]);
  });

  it('reaches two minutes to either side, whatever the epoch', () => {
    expect(wakeOffsets(oakley(single(1001)))).toEqual([-2, -1, 0, 1, 2]);
    expect(wakeOffsets(oakley(single(1001), { epochS: 30 }))).toEqual([-4, -3, -2, -1, 0, 1, 2, 3, 4]);
    expect(wakeOffsets(oakley(single(1001), { epochS: 15 }))).toHaveLength(17);
    expect(wakeOffsets(oakley(single(334), { epochS: 120 }))).toEqual([-1, 0, 1]);
    expect(() => oakley([], { epochS: 20 as 15 })).toThrow(/epochS must be 15, 30, 60 or 120/);
  });

  it('finds its threshold from the epochs with any counts', () => {
    // Mean of the mobile: 89.95; threshold 79.95.
    expect(wakeOffsets(oakley([...single(79.9), 0, 0, 0, 0, 100], { sensitivity: 'automatic' }))).toEqual([20]);
    expect(oakley([0, 0], { sensitivity: 'automatic' })).toEqual([true, true]);
  });
});

describe('every rule', () => {
  const count = fc.oneof(fc.double({ min: 0, max: 1e4, noNaN: true }), fc.constant(null));
  it.each([
    ['Cole-Kripke', coleKripke],
    ['Scripps', scripps],
    ['Sadeh', sadeh],
    ['Oakley', oakley],
  ] as const)('%s gives one score an epoch, none where nothing is known, sleep where nothing moves', (_, rule) => {
    fc.assert(
      fc.property(fc.array(count, { maxLength: 60 }), (counts) => {
        expect(rule(counts).map((score) => score === null)).toEqual(counts.map((value) => value === null));
      }),
    );
    expect(rule([0, 0, null, 0])).toEqual([true, true, null, true]);
  });
});

describe("Webster's rules", () => {
  it.each([
    ['wwwss', 'wwwss'],
    ['wwwwss', 'wwwwws'],
    [`${'w'.repeat(9)}sssss`, `${'w'.repeat(10)}ssss`],
    [`${'w'.repeat(10)}sssss`, `${'w'.repeat(13)}ss`],
    [`${'w'.repeat(15)}sssss`, `${'w'.repeat(19)}s`],
    [`${'w'.repeat(15)}?sssss`, `${'w'.repeat(15)}?sssss`],
  ])('%s becomes %s', (before, after) => {
    expect(drawn(webster(minutes(before)))).toBe(after);
  });

  it('fills short sleep between long wake', () => {
    // Nine minutes, three of which the wake before has taken: six are left, between 13 and 10 minutes of wake.
    const [ten, twenty] = ['w'.repeat(10), 'w'.repeat(20)];
    expect(drawn(webster(minutes(`${ten}${'s'.repeat(9)}${ten}`)))).toBe('w'.repeat(29));
    expect(drawn(webster(minutes(`${ten}${'s'.repeat(10)}${ten}`)))).toBe(`${'w'.repeat(13)}${'s'.repeat(7)}${ten}`);
    expect(drawn(webster(minutes(`${twenty}${'s'.repeat(14)}${twenty}`)))).toBe('w'.repeat(54));
    expect(drawn(webster(minutes(`${twenty}${'s'.repeat(15)}${twenty}`)))).toBe(
      `${'w'.repeat(24)}${'s'.repeat(11)}${twenty}`,
    );
  });

  it('counts in minutes, whatever the epoch', () => {
    expect(drawn(webster(minutes('wwwwwwwwssss'), 30))).toBe('wwwwwwwwwwss');
  });

  it('never makes sleep of wake', () => {
    const score = fc.constantFrom(true, true, true, false, false, null);
    fc.assert(
      fc.property(fc.array(score, { maxLength: 100 }), (scores) => {
        for (const [i, after] of webster(scores).entries()) {
          if (after !== scores[i]) expect([scores[i], after]).toEqual([true, false]);
        }
      }),
    );
  });
});

describe('sustained inactivity', () => {
  const epochs = (quietS: readonly (number | null)[]): AngleEpoch[] =>
    quietS.map((quiet) => ({ quietS: quiet, zAngleChangeDeg: null }));

  it('begins with five minutes without a change, and then holds for all of them', () => {
    const quiet = [5, ...Array.from({ length: 10 }, (_, i) => 10 + 30 * i), 10, 40];
    // 280 s are not enough; one epoch more are 310 s, of which ten epochs are whole.
    expect(sustainedInactivity(epochs(quiet))).toEqual(Array(13).fill(false));
    const longer = [5, ...Array.from({ length: 11 }, (_, i) => 10 + 30 * i), 10, 40];
    expect(sustainedInactivity(epochs(longer))).toEqual([false, false, ...Array(10).fill(true), false, false]);
    expect(sustainedInactivity(epochs([null, 300]))).toEqual([null, true]);
  });
});

describe('the sleep period', () => {
  /** Epochs whose median, which lies 2.5 minutes back, is `deg`. */
  const epochs = (...parts: readonly (readonly [number, number | null])[]): AngleEpoch[] =>
    [[5, 3] as const, ...parts].flatMap(([count, deg]) => Array(count).fill({ quietS: 0, zAngleChangeDeg: deg }));

  it('is the longest rest, with the gaps below an hour', () => {
    const night = epochs([120, 3], [240, 0.02], [119, 1], [300, 0.02], [120, 1], [200, 0.02], [50, 3]);
    expect(sleepPeriod(night)).toEqual({ fromIndex: 120, toIndex: 120 + 240 + 119 + 300, thresholdDeg: 0.3 });
  });

  it('holds the threshold to 0.13 to 0.5 degrees', () => {
    expect(sleepPeriod(epochs([100, 0.001]))?.thresholdDeg).toBe(0.13);
    expect(sleepPeriod(epochs([100, 0.4]))?.thresholdDeg).toBe(0.5);
  });

  it('is none without half an hour of rest, or without angles', () => {
    expect(sleepPeriod(epochs([60, 0.01], [60, 3]))).toBeNull();
    expect(sleepPeriod(epochs([61, 0.01], [60, 3]))).not.toBeNull();
    expect(sleepPeriod([])).toBeNull();
    expect(sleepPeriod([{ quietS: null, zAngleChangeDeg: null }])).toBeNull();
  });
});

describe('smoothed counts', () => {
  it('keep what is constant, and spread what is not by a normal curve of 50 s', () => {
    for (const value of smoothCounts(Array(100).fill(7))) expect(value).toBeCloseTo(7, 12);
    const counts = Array.from({ length: 80 }, (_, i) => (i === 40 || i === 41 ? 100 : 0));
    const smooth = smoothCounts(counts) as number[];
    // 3000 counts x seconds under a curve whose height is 1 / (50 sqrt(2 pi)).
    expect(smooth[20]).toBeCloseTo(3000 / (50 * Math.sqrt(2 * Math.PI)), 0);
    expect(smooth[20]! / smooth[22]!).toBeCloseTo(Math.exp(0.5 * (60 / 50) ** 2), 0);
    expect(smooth[5]).toBe(0);
  });

  it('do without what is unknown', () => {
    expect(smoothCounts(Array(100).fill(null))).toEqual(Array(50).fill(null));
    const gap = Array.from({ length: 100 }, (_, i) => (i < 50 ? 5 : null));
    expect(smoothCounts(gap)[0]).toBeCloseTo(5, 12);
    expect(smoothCounts([])).toEqual([]);
  });
});
