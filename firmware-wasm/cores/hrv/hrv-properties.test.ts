// Any window against a plain reference: whole sorts and dense histograms, none of the core's shortcuts.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HrvCore, toIntervals, WHOLE_SERIES } from '../../index.ts';

const BIN_MS = 7.8125;
const core = HrvCore.create({ ...WHOLE_SERIES, intervalCountMax: 300 });
const windows = fc.array(
  fc.oneof(fc.double({ min: 300, max: 1500, noNaN: true }).map(inTicks), fc.integer({ min: 700, max: 760 })),
  {
    minLength: 2,
    maxLength: 300,
    size: 'max',
  },
);

/** As the core stores an interval: 1/16384 ms. */
function inTicks(ms: number): number {
  return Math.round(ms * 16_384) / 16_384;
}

function valuesOf(rrMs: number[]) {
  return core.compute(toIntervals(rrMs.map((rr) => ({ rrMs: rr }))))[0]!.values;
}

function median(values: number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
}

/** Heights of all bins from 0 to the longest interval, empty ones too. */
function histogram(rrMs: number[]): number[] {
  const longest = Math.max(...rrMs);
  const topBin = Math.ceil(longest / BIN_MS) - 1;
  const heights: number[] = Array(topBin + 1).fill(0);
  for (const rr of rrMs) heights[Math.min(Math.floor(rr / BIN_MS), topBin)]! += 1;
  return heights;
}

/** Least base of a half triangle over `row`, whose first bin is the apex. */
function denseBase(row: number[]): number {
  const last = row.findLastIndex((height) => height > 0);
  let best = 1;
  let bestError = Number.POSITIVE_INFINITY;
  for (let base = 1; base <= last + 1; base++) {
    const error = row.reduce((sum, height, k) => sum + (height - row[0]! * Math.max(0, 1 - k / base)) ** 2, 0);
    if (error < bestError - 1e-9) {
      bestError = error;
      best = base;
    }
  }
  return best;
}

describe('hrv for any window', () => {
  it('has the order statistics of a plain sort', () => {
    fc.assert(
      fc.property(windows, (rrMs) => {
        const values = valuesOf(rrMs);
        const middle = median(rrMs);
        expect(values.HRV_MedianNN).toBe(middle);
        expect(values.HRV_MadNN).toBe(1.4826 * median(rrMs.map((rr) => Math.abs(rr - middle))));
        expect(values.HRV_MinNN).toBe(Math.min(...rrMs));
        expect(values.HRV_MaxNN).toBe(Math.max(...rrMs));
      }),
    );
  });

  it('has the triangles of a dense search', () => {
    fc.assert(
      fc.property(windows, (rrMs) => {
        const heights = histogram(rrMs);
        const top = Math.max(...heights);
        const apex = heights.indexOf(top);
        const left = denseBase(heights.slice(0, apex + 1).reverse());
        const right = denseBase(heights.slice(apex));
        const values = valuesOf(rrMs);
        expect(values.HRV_HTI).toBe(rrMs.length / top);
        expect(values.HRV_TINN).toBe((left + right) * BIN_MS);
      }),
      { numRuns: 1_000 },
    );
  });

  it('does not depend on the order for what has no order', () => {
    fc.assert(
      fc.property(windows, (rrMs) => {
        const [values, reversed] = [valuesOf(rrMs), valuesOf(rrMs.toReversed())];
        for (const name of ['MedianNN', 'MadNN', 'IQRNN', 'Prc20NN', 'Prc80NN', 'HTI', 'TINN', 'pNN50'] as const) {
          expect(reversed[`HRV_${name}`]).toBe(values[`HRV_${name}`]);
        }
      }),
    );
  });
});
