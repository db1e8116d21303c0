// What a definition says of its minimum holds for the cores: one interval fewer and there is no value, plenty and there is one.

import { describe, expect, it } from 'vitest';
import { HrvCore, HrvNonlinearCore } from '../generated/cores.gen.ts';
import { toIntervals, WHOLE_SERIES } from '../host/intervals.ts';
import { INDEX_DEFINITIONS } from './all.ts';

const PLENTY = 1_000;

/** Intervals that the sentence asks for, where it begins with their number or that of differences; else null. */
function statedCount(minimum: string): number | null {
  const [, number, noun] = /^([\d,]+) (interval|successive difference)/.exec(minimum) ?? [];
  if (number === undefined) return null;
  return Number(number.replace(',', '')) + (noun === 'interval' ? 0 : 1);
}

/** Waves and noise (Numerical Recipes' LCG) around a second. */
function madeSeries(count: number): { rrMs: number }[] {
  let state = 7;
  return Array.from({ length: count }, (_, index) => {
    state = (Math.imul(1_664_525, state) + 1_013_904_223) >>> 0;
    return { rrMs: 1000 + 30 * Math.sin(index / 11) + 60 * (state / 2 ** 31 - 1) };
  });
}

function valuesOf(count: number): Readonly<Record<string, number | null>> {
  const options = { ...WHOLE_SERIES, intervalCountMax: PLENTY };
  const intervals = toIntervals(madeSeries(count));
  return {
    ...HrvCore.create(options).compute(intervals)[0]?.values,
    ...HrvNonlinearCore.create(options).compute(intervals)[0]?.values,
  };
}

describe('the stated minimum', () => {
  const plenty = valuesOf(PLENTY);
  const stated = INDEX_DEFINITIONS.flatMap(({ column, minimum }) => {
    const count = statedCount(minimum);
    return count === null || plenty[column] === undefined ? [] : [[column, count] as const];
  });

  it('is a number of intervals for most', () => {
    expect(stated.length).toBeGreaterThan(80);
  });

  it.each(stated)('of %s is %d intervals', (column, count) => {
    expect(valuesOf(count - 1)[column] ?? null).toBeNull();
    expect(plenty[column]).not.toBeNull();
  });
});
