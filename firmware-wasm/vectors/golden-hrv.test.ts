// The golden values themselves: that they are whole, that the real intervals are found, and how the vendor's columns were rounded.

import { describe, expect, it } from 'vitest';
import {
  GAP_AWARE_COLUMNS,
  type GoldenHrv,
  madeSeries,
  realSeries,
  type WelltoryRow,
  welltoryRows,
} from './golden-hrv.testkit.ts';
import { describeSharedData } from './shared-data.testkit.ts';

const BIN_MS = 50;
const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
/** Rows whose own column is farther than half its last digit from what `ours` says. */
const countOff = (digit: number, theirs: (row: WelltoryRow) => number, ours: (rrMs: readonly number[]) => number) => {
  return welltoryRows()!.filter((row) => Math.abs(theirs(row) - ours(row.rrMs)) > digit / 2 + 1e-9).length;
};

function checkWhole({ values, normalised, rqa, rrMs }: GoldenHrv): void {
  expect(Object.keys(values)).toHaveLength(95);
  expect(Object.keys(normalised)).toHaveLength(10);
  expect(Object.keys(rqa)).toHaveLength(14);
  expect(rrMs.every((rr) => rr > 0)).toBe(true);
}

describe('golden values of made series', () => {
  it.each(madeSeries().map((series) => [series.name, series] as const))('%s: every column', (_, series) => {
    checkWhole(series);
    expect(Object.keys(series.values)).toEqual(expect.arrayContaining([...GAP_AWARE_COLUMNS]));
  });
});

describeSharedData('golden values of real series', 'mitdb', () => {
  it('belong to the intervals of the data beside the repository', () => {
    const { series } = realSeries();
    expect(series?.length).toBeGreaterThanOrEqual(12);
    series?.forEach(checkWhole);
  });
});

describeSharedData('rows of the vendor', 'welltory_hrv_covid19', () => {
  it('give the mean and the deviation of the intervals to three digits', () => {
    const mean = (rrMs: readonly number[]) => sum(rrMs) / rrMs.length;
    const sdnn = (rrMs: readonly number[]) => {
      const centre = mean(rrMs);
      return Math.sqrt(sum(rrMs.map((rr) => (rr - centre) ** 2)) / (rrMs.length - 1));
    };
    expect(welltoryRows()).toHaveLength(1594);
    expect(countOff(0.001, (row) => row.meanRrMs, mean)).toBe(0);
    expect(countOff(0.001, (row) => row.sdnnMs, sdnn)).toBe(0);
  });

  it('give RMSSD to three digits, pNN50 of n - 1 differences to two', () => {
    const steps = (rrMs: readonly number[]) => rrMs.slice(1).map((rr, index) => rr - rrMs[index]!);
    const rmssd = (rrMs: readonly number[]) => Math.sqrt(sum(steps(rrMs).map((step) => step ** 2)) / (rrMs.length - 1));
    const pnn50 = (rrMs: readonly number[]) =>
      (100 * steps(rrMs).filter((step) => Math.abs(step) > 50).length) / (rrMs.length - 1);
    expect(countOff(0.001, (row) => row.rmssdMs, rmssd)).toBe(0);
    expect(countOff(0.01, (row) => row.pnn50Percent, pnn50)).toBe(0);
  });

  it('give the centre of the fullest 50-ms bin, the lower of equals, and its share to whole per cent', () => {
    const fullest = (rrMs: readonly number[]) => {
      const heights = new Map<number, number>();
      for (const rr of rrMs) heights.set(Math.floor(rr / BIN_MS), (heights.get(Math.floor(rr / BIN_MS)) ?? 0) + 1);
      return [...heights].sort(([binA, a], [binB, b]) => b - a || binA - binB)[0]!;
    };
    const mode = (rrMs: readonly number[]) => (fullest(rrMs)[0] * BIN_MS + BIN_MS / 2) / 1000;
    expect(countOff(0, (row) => row.modeS, mode)).toBe(0);
    expect(
      countOff(
        1,
        (row) => row.amoPercent,
        (rrMs) => (100 * fullest(rrMs)[1]) / rrMs.length,
      ),
    ).toBe(0);
  });
});
