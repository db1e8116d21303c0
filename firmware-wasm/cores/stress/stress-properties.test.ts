// What holds for every stream: block sizes, snapshots and long input change nothing, and no number leaves its range.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { StressCore, type StressFinding, type StressInput } from '../../index.ts';
import { ALL_SENSORS, chance, findingsOf, heart, inTime, interval, skin, warmth, wrist } from './stress.testkit.ts';

const INPUTS = inTime(
  heart(0, 420, (timeS) => 70 + timeS / 60),
  wrist(0, 420, 0.02),
  skin(0, 420, (timeS) => 1 + Math.sin(timeS / 20) ** 2),
  warmth(0, 420, 32),
);

const anyInput = fc.record({
  kind: fc.constantFrom('interval' as const, 'acceleration' as const, 'eda' as const, 'temperature' as const),
  x: fc.oneof(fc.double({ min: 10, max: 3000 }), fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, 1e30)),
  y: fc.oneof(fc.double({ min: 0, max: 1 }), fc.constant(Number.NaN)),
  z: fc.double(),
  afterS: fc.double({ min: 0, max: 20, noNaN: true }),
  afterGap: fc.boolean(),
});

function isInRange({ values }: StressFinding): boolean {
  const { probability } = values;
  const isChance = probability === null || (probability > 0 && probability < 1);
  return isChance && Object.values(values).every((value) => value === null || Number.isFinite(value));
}

describe('the stress core', () => {
  it('gives the same in blocks of any size', () => {
    const whole = findingsOf(INPUTS, ALL_SENSORS);
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5000 }), (size) => {
        const core = StressCore.create({ sensors: ALL_SENSORS });
        const findings: StressFinding[] = [];
        for (let i = 0; i < INPUTS.length; i += size) findings.push(...core.push(INPUTS.slice(i, i + size)));
        expect([...findings, ...core.flush()]).toEqual(whole);
      }),
      { numRuns: 20 },
    );
  });

  it('goes on from a snapshot', () => {
    const first = StressCore.create({ sensors: ALL_SENSORS });
    const cut = 7001;
    const early = first.push(INPUTS.slice(0, cut));
    const second = StressCore.create({ sensors: ALL_SENSORS });
    second.restore(first.snapshot());
    expect([...early, ...second.push(INPUTS.slice(cut)), ...second.flush()]).toEqual(findingsOf(INPUTS, ALL_SENSORS));
  });

  it('forgets all on reset', () => {
    const core = StressCore.create({ sensors: ALL_SENSORS });
    core.push(INPUTS.slice(0, 9000));
    core.reset();
    expect(core.compute(INPUTS)).toEqual(findingsOf(INPUTS, ALL_SENSORS));
  });

  it('lets no number out of its range, whatever comes in', () => {
    fc.assert(
      fc.property(fc.array(anyInput, { maxLength: 400 }), fc.integer({ min: 0, max: 7 }), (drawn, sensors) => {
        let timeS = 0;
        const inputs = drawn.map(({ afterS, afterGap, ...input }): StressInput => {
          timeS += afterS;
          return { ...input, timeS, afterGap: afterGap && input.kind === 'interval' };
        });
        expect(findingsOf(inputs, sensors).filter((finding) => !isInRange(finding))).toEqual([]);
      }),
      { numRuns: 100 },
    );
  });

  it('takes a million intervals, at one time and over days', () => {
    const random = chance(7);
    let timeS = 0;
    const core = StressCore.create({ sensors: 0 });
    const crowd = Array.from({ length: 100_000 }, () => interval(5, 700 + 200 * random()));
    core.push(crowd);
    core.reset();
    let windows = 0;
    for (let block = 0; block < 9; block++) {
      const inputs = Array.from({ length: 100_000 }, () => {
        const rrMs = 700 + 200 * random();
        timeS += rrMs / 1000;
        return interval(timeS, rrMs);
      });
      const findings = core.push(inputs);
      windows += findings.length;
      expect(findings.every(isInRange)).toBe(true);
    }
    expect(windows).toBe(Math.floor(timeS / 30) - 1);
  });
});
