// What holds for every signal, however wild.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MotionCore } from '../../index.ts';
import { epochsOf, findingsOf } from './motion.testkit.ts';

const g = fc.oneof(
  { weight: 8, arbitrary: fc.double({ min: -2, max: 2, noNaN: true }) },
  { weight: 1, arbitrary: fc.constantFrom(0, 1, -64, 64, 1e-40, 1e30, Number.NaN, Number.POSITIVE_INFINITY) },
);
const rateHz = fc.constantFrom(10, 12.5, 25, 31.25, 50, 99.99, 100);
/** Stretches in which a few frames repeat themselves: long enough for epochs, short to write down. */
const signal = fc
  .array(
    fc.record({
      frames: fc.array(fc.tuple(g, g, g), { minLength: 1, maxLength: 20 }),
      count: fc.integer({ min: 1, max: 900 }),
    }),
    { maxLength: 6 },
  )
  .map((parts) =>
    Float32Array.from(
      parts.flatMap(({ frames, count }) => Array.from({ length: count }, (_, i) => frames[i % frames.length]!).flat()),
    ),
  );

/** A frame is of the epoch in which it begins, also where it ends in the next. */
function epochCountOf(frameCount: number, rateHz: number): number {
  let epochs = 0;
  while (Math.ceil(30 * epochs * rateHz) < frameCount) epochs++;
  return epochs;
}

describe('motion for any signal', () => {
  it('has one epoch where the last frame of thirty seconds ends behind them', () => {
    expect(epochsOf(findingsOf(new Float32Array(3 * 3000), 99.99))).toHaveLength(1);
    expect(epochsOf(findingsOf(new Float32Array(3 * 3001), 99.99))).toHaveLength(2);
  });

  it('gives only finite numbers within their ranges, and epochs in order', () => {
    fc.assert(
      fc.property(signal, rateHz, (numbers, rate) => {
        const findings = findingsOf(numbers, rate);
        const seconds = numbers.length / 3 / Math.fround(rate);
        expect(epochsOf(findings)).toHaveLength(epochCountOf(numbers.length / 3, Math.fround(rate)));
        let endS = 0;
        for (const { kind, timeS, share, values } of findings) {
          expect(timeS).toBeGreaterThanOrEqual(0);
          expect(timeS).toBeLessThanOrEqual(seconds + 1e-6);
          expect(share >= 0 && share <= 1).toBe(true);
          for (const value of Object.values(values)) expect(value === null || Number.isFinite(value)).toBe(true);
          if (kind !== 'epoch') continue;
          expect(timeS).toBeGreaterThan(endS);
          endS = timeS;
          const { zAngleDeg, zAngleChangeDeg, steps, gaitS, ...positive } = values;
          expect(Math.abs(zAngleDeg ?? 0)).toBeLessThanOrEqual(90);
          expect(zAngleChangeDeg ?? 0).toBeLessThanOrEqual(180);
          expect(steps ?? 0).toBeLessThanOrEqual(3.5 * 33);
          expect(gaitS ?? 0).toBeLessThanOrEqual(30);
          expect(Math.min(0, ...Object.values(positive).map((value) => value ?? 0))).toBe(0);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('gives the same bits for any block size, even within a frame, and after a snapshot at any place', () => {
    fc.assert(
      fc.property(signal, rateHz, fc.integer({ min: 1, max: 500 }), fc.nat(), (numbers, rate, size, place) => {
        const whole = findingsOf(numbers, rate);
        const core = MotionCore.create({ rateHz: rate });
        const found = [];
        for (let i = 0; i < numbers.length; i += size) found.push(...core.push(numbers.subarray(i, i + size)));
        expect([...found, ...core.flush()]).toEqual(whole);
        const cut = numbers.length === 0 ? 0 : place % numbers.length;
        const [before, after] = [MotionCore.create({ rateHz: rate }), MotionCore.create({ rateHz: rate })];
        const early = before.push(numbers.subarray(0, cut));
        after.restore(before.snapshot());
        expect([...early, ...after.push(numbers.subarray(cut)), ...after.flush()]).toEqual(whole);
      }),
      { numRuns: 40 },
    );
  });
});
