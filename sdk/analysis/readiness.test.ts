import { describe, expect, it } from 'vitest';
import { assessReadiness } from './readiness.ts';

/** 30 days that vary by about a tenth around `rmssdMs`. */
const usual = (rmssdMs: number) => Array.from({ length: 30 }, (_, day) => rmssdMs * (1 + 0.1 * ((day % 3) - 1)));
const week = (rmssdMs: number) => Array<number>(7).fill(rmssdMs);

describe('readiness', () => {
  it('compares the week with half a deviation of the days before', () => {
    const baseline = [20, 40, 20, 40, 20, 40, 20, 40, 20, 40, 20, 40, 20, 40];
    const found = assessReadiness([...baseline, ...week(30)])!;
    expect(found.baselineMean).toBeCloseTo((Math.log(20) + Math.log(40)) / 2, 12);
    // Of n values half and half, d apart, the standard deviation is d / 2 * sqrt(n / (n - 1)).
    expect(found.worthwhileChange).toBeCloseTo((0.5 * Math.log(2) * Math.sqrt(14 / 13)) / 2, 12);
    expect(found.weekMean).toBeCloseTo(Math.log(30), 12);
    expect(found.verdict).toBe('usual');
  });

  it.each([
    [42, 'usual'],
    [30, 'below'],
    [60, 'above'],
  ])('calls a week at %d ms after a month around 42 ms %s', (rmssdMs, verdict) => {
    expect(assessReadiness([...usual(42), ...week(rmssdMs)])?.verdict).toBe(verdict);
  });

  it('bears days without a value', () => {
    const gappy = usual(42).map((value, day) => (day % 2 ? null : value));
    expect(assessReadiness([...gappy, 30, null, Number.NaN, 30, 0, 30, null])?.verdict).toBe('below');
  });

  it.each([
    ['nothing', []],
    ['too few days this week', [...usual(42), 40, 41, null, null, null, null, null]],
    ['too few days before', [...usual(42).slice(0, 13), ...week(40)]],
    ['a baseline that never varies', [...Array<number>(30).fill(42), ...week(40)]],
  ])('says nothing of %s', (_, days) => {
    expect(assessReadiness(days)).toBeNull();
  });

  it('forgets what was over two months before the week', () => {
    const long = [...usual(200), ...Array.from({ length: 60 }, (_, day) => 40 + (day % 3)), ...week(41)];
    expect(assessReadiness(long)?.verdict).toBe('usual');
  });
});
