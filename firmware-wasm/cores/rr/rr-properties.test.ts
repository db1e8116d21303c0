// What holds for every series of intervals, however wild.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Finding, type Input, ofKind, originalsOf, RrStream } from './rr.testkit.ts';

const rrMs = fc.oneof(
  { weight: 8, arbitrary: fc.double({ min: 700, max: 900, noNaN: true }) },
  { weight: 2, arbitrary: fc.double({ min: 200, max: 2500, noNaN: true }) },
  { weight: 1, arbitrary: fc.constantFrom(5e-324, 1e-9, 1, 800, 1600, 2400, 1e6, 1e9) },
);
const series = fc.array(
  fc.record({
    rrMs,
    quality: fc.constantFrom(Number.NaN, 0.1, 1),
    afterGap: fc.oneof({ weight: 9, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.boolean() }),
  }),
  { maxLength: 200, size: 'max' },
);
const AHEAD_COUNT = 2;

function allOf(inputs: readonly Input[]): Finding[] {
  const core = new RrStream();
  return [...core.push(inputs), ...core.flush()];
}

describe('rr for any series', () => {
  it('gives every original back, in order, with its quality', () => {
    fc.assert(
      fc.property(series, (inputs) => {
        const originals = originalsOf(allOf(inputs));
        expect(originals.map((finding) => finding.rrMs)).toEqual(inputs.map((input) => input.rrMs));
        expect(originals.map((finding) => finding.index)).toEqual(inputs.map((_, i) => i));
        expect(originals.map((finding) => finding.value < 0)).toEqual(
          inputs.map((input) => Number.isNaN(input.quality)),
        );
      }),
    );
  });

  it('keeps the time between gaps', () => {
    fc.assert(
      fc.property(series, (inputs) => {
        const intervals = ofKind(allOf(inputs), 'interval');
        const edges = [0, ...inputs.flatMap((input, i) => (input.afterGap ? [i] : [])), inputs.length];
        for (const [k, end] of edges.slice(1).entries()) {
          const stretch = intervals.filter((finding) => finding.index >= edges[k]! && finding.index < end);
          const original = stretch.reduce((sum, finding) => sum + finding.rrMs, 0);
          const corrected = stretch.reduce((sum, finding) => sum + finding.correctedMs, 0);
          expect(Math.abs(corrected - original)).toBeLessThanOrEqual(1e-9 * Math.max(1, original));
        }
      }),
    );
  });

  it('gives only finite numbers, and no interval that is negative', () => {
    fc.assert(
      fc.property(series, (inputs) => {
        for (const finding of allOf(inputs)) {
          const numbers = [finding.rrMs, finding.correctedMs, finding.timeS, finding.value];
          expect(numbers.every(Number.isFinite)).toBe(true);
          expect(Math.min(finding.rrMs, finding.correctedMs, finding.timeS)).toBeGreaterThanOrEqual(0);
        }
      }),
    );
  });

  it('decides an interval when two follow it, never before its own and never later', () => {
    fc.assert(
      fc.property(series, (inputs) => {
        const core = new RrStream();
        let decided = 0;
        for (const [i, input] of inputs.entries()) {
          for (const finding of core.push([input])) {
            expect(finding.index).toBeLessThanOrEqual(i);
            if (finding.kind === 'interval' && finding.rrMs > 0) decided++;
          }
          expect(decided).toBeGreaterThanOrEqual(i + 1 - AHEAD_COUNT);
        }
      }),
    );
  });

  it('gives the same bits for any block size, and after a snapshot at any place', () => {
    fc.assert(
      fc.property(series, fc.nat(), (inputs, place) => {
        const whole = allOf(inputs);
        const one = new RrStream();
        expect([...inputs.flatMap((input) => one.push([input])), ...one.flush()]).toEqual(whole);
        const cut = inputs.length === 0 ? 0 : place % inputs.length;
        const [before, after] = [new RrStream(), new RrStream()];
        const early = before.push(inputs.slice(0, cut));
        after.restore(before.snapshot());
        expect([...early, ...after.push(inputs.slice(cut)), ...after.flush()]).toEqual(whole);
        after.reset();
        expect([...after.push(inputs), ...after.flush()]).toEqual(whole);
      }),
    );
  });
});
