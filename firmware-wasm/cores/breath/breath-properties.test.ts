// What holds for every series of inputs, however wild.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BreathCore, type BreathFinding, type BreathInput } from '../../index.ts';
import { KIND } from './breath.testkit.ts';

const anyFloat = fc.oneof(
  { weight: 6, arbitrary: fc.float({ min: 0, max: 2000, noNaN: true }) },
  { weight: 1, arbitrary: fc.float() },
  { weight: 1, arbitrary: fc.constantFrom(0, 0.8, 800, 1e15, -1e15, 1e-40, Number.NaN, Number.POSITIVE_INFINITY) },
);
const step = fc.oneof(
  { weight: 20, arbitrary: fc.double({ min: 0.1, max: 1.5, noNaN: true }) },
  { weight: 1, arbitrary: fc.constantFrom(0, -1, 5, 47, 49, 60, 1e4, -1e4, 1e300, Number.NaN) },
);
const series = fc
  .array(
    fc.record({
      step,
      value: anyFloat,
      baseline: anyFloat,
      quality: fc.constantFrom(Number.NaN, 0, 0.3, 1, 7, -1),
      kind: fc.constantFrom(...Object.values(KIND)),
      afterGap: fc.oneof({ weight: 9, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.boolean() }),
    }),
    { maxLength: 400, size: 'max' },
  )
  .map((rows) => {
    let timeS = 0;
    return rows.map(({ step: ahead, ...rest }): BreathInput => {
      const input = { ...rest, timeS: timeS + ahead };
      if (Math.abs(input.timeS) < 1e9) timeS = input.timeS;
      return input;
    });
  });

function allOf(inputs: readonly BreathInput[]): BreathFinding[] {
  return BreathCore.create().compute(inputs);
}

describe('breath for any series', () => {
  it('gives only finite numbers, rates that it looks at, and a value or a reason', () => {
    fc.assert(
      fc.property(series, (inputs) => {
        for (const { values, quality, covered, why, sourceCount, agreeCount } of allOf(inputs)) {
          const known = Object.values(values).filter((value) => value !== null);
          expect([...known, quality, covered].every(Number.isFinite)).toBe(true);
          expect(Math.min(quality, covered)).toBeGreaterThanOrEqual(0);
          expect(Math.max(quality, covered)).toBeLessThanOrEqual(1.000001);
          expect(agreeCount).toBeLessThanOrEqual(sourceCount);
          expect((values.rateBrpm === null) !== ((why & 7) === 0)).toBe(true);
          expect(values.standardErrorBrpm === null).toBe(values.rateBrpm === null);
          const rates = Object.entries(values).filter(([name]) => name !== 'timeS' && name !== 'standardErrorBrpm');
          for (const [, rate] of rates) if (rate !== null) expect(rate >= 4 && rate <= 42).toBe(true);
        }
      }),
    );
  });

  it('gives the same bits for any block size, and after a snapshot at any place', () => {
    fc.assert(
      fc.property(series, fc.nat(), (inputs, place) => {
        const all = allOf(inputs);
        const one = BreathCore.create();
        expect([...inputs.flatMap((input) => one.push([input])), ...one.flush()]).toEqual(all);
        const cut = inputs.length === 0 ? 0 : place % inputs.length;
        const [before, after] = [BreathCore.create(), BreathCore.create()];
        const early = before.push(inputs.slice(0, cut));
        after.restore(before.snapshot());
        expect([...early, ...after.push(inputs.slice(cut)), ...after.flush()]).toEqual(all);
        after.reset();
        expect([...after.push(inputs), ...after.flush()]).toEqual(all);
      }),
      { numRuns: 50 },
    );
  });
});
