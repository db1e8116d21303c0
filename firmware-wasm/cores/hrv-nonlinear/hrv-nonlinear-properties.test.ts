// What must hold for any series, with and without gaps; and any series against the plain definitions.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PROFILE, valuesOf } from './hrv-nonlinear.testkit.ts';
import {
  approximateEntropy,
  correlationDimension,
  fuzzyEntropy,
  multiscale,
  recurrence,
  runsOf,
} from './reference.testkit.ts';

type Value = number | null;

/** Whole ms, from narrow to wide, so that there are ties and matches. */
const intervals = fc
  .oneof(fc.constant(20), fc.constant(300))
  .chain((spread) =>
    fc.array(fc.integer({ min: 700, max: 700 + spread }), { minLength: 2, maxLength: 110, size: 'max' }),
  );
const gapped = intervals.chain((rrMs) =>
  fc.record({
    rrMs: fc.constant(rrMs),
    gaps: fc.uniqueArray(fc.integer({ min: 1, max: rrMs.length - 1 }), { maxLength: 3 }),
  }),
);

/** Numbers to nine digits; what does not exist must not exist in either. */
function expectSame(own: Value, expected: Value | undefined, name: string): void {
  const theirs = expected !== null && Number.isFinite(expected) ? expected! : null;
  if (own === null || theirs === null) expect(own, name).toBe(theirs);
  else expect(Math.abs(own - theirs), name).toBeLessThanOrEqual(1e-9 * Math.max(1, Math.abs(theirs)));
}

/** Where all intervals are equal, a tolerance or a radius is 0 and the definitions divide by it. */
const isFlat = (rrMs: readonly number[]) => new Set(rrMs).size === 1;

describe('any series agrees with the plain definition', () => {
  it('of approximate and fuzzy entropy and correlation dimension', () => {
    fc.assert(
      fc.property(gapped, ({ rrMs, gaps }) => {
        fc.pre(!isFlat(rrMs));
        const runs = runsOf(rrMs, gaps);
        const values = valuesOf(rrMs, gaps);
        expectSame(values.HRV_ApEn, approximateEntropy(runs), 'ApEn');
        expectSame(values.HRV_FuzzyEn, fuzzyEntropy(runs), 'FuzzyEn');
        expectSame(values.HRV_CD, correlationDimension(runs), 'CD');
      }),
      { numRuns: 60 },
    );
  });

  it('of multiscale entropy', () => {
    fc.assert(
      fc.property(gapped, ({ rrMs, gaps }) => {
        fc.pre(!isFlat(rrMs));
        const [means, composite, refined] = multiscale(runsOf(rrMs, gaps));
        const values = valuesOf(rrMs, gaps);
        expectSame(values.HRV_MSEn, means, 'MSEn');
        expectSame(values.HRV_CMSEn, composite, 'CMSEn');
        expectSame(values.HRV_RCMSEn, refined, 'RCMSEn');
      }),
      { numRuns: 60 },
    );
  });

  it('of the recurrence matrix', () => {
    fc.assert(
      fc.property(gapped, ({ rrMs, gaps }) => {
        // Of fewer intervals the line of the trend goes through all.
        fc.pre(!isFlat(rrMs) && rrMs.length > 7);
        const expected = recurrence(runsOf(rrMs, gaps));
        const values = valuesOf(rrMs, gaps);
        fc.pre(values.RecurrenceRate !== null);
        for (const name of Object.keys(expected) as (keyof typeof expected)[]) {
          expectSame(values[name], expected[name], name);
        }
      }),
      { numRuns: 60 },
    );
  });
});

const SCALE_FREE =
  `HRV_CSI HRV_PIP HRV_IALS HRV_PSS HRV_PAS HRV_GI HRV_SI HRV_AI HRV_PI HRV_C1d HRV_C1a HRV_C2d HRV_C2a HRV_Cd HRV_Ca
  HRV_ApEn HRV_ShanEn HRV_FuzzyEn HRV_MSEn HRV_CMSEn HRV_RCMSEn HRV_HFD HRV_KFD HRV_LZC HRV_Symbolic_EqualProb4_0V
  HRV_Symbolic_EqualProb4_1V HRV_Symbolic_EqualProb4_2LV HRV_Symbolic_EqualProb4_2UV`.split(/\s+/) as 'HRV_CSI'[];

/** Angles and areas at the origin of the plot know how long the intervals are. */
const PLACE_FREE = SCALE_FREE.filter((name) => !['HRV_SI', 'HRV_AI'].includes(name));

describe('any series', () => {
  it('has values that are finite and in their ranges', () => {
    fc.assert(
      fc.property(gapped, fc.constantFrom(...Object.values(PROFILE)), ({ rrMs, gaps }, profile) => {
        const values = valuesOf(rrMs, gaps, profile);
        for (const [name, value] of Object.entries(values))
          expect(value === null || Number.isFinite(value), name).toBe(true);
        const shares = ['HRV_PIP', 'HRV_PSS', 'HRV_PAS', 'HRV_C1d', 'HRV_C2d', 'HRV_Cd', 'RecurrenceRate'] as const;
        for (const name of shares) expect(values[name] ?? 0.5, name).toBeGreaterThanOrEqual(0);
        for (const name of [...shares, 'Determinism', 'Laminarity'] as const)
          expect(values[name] ?? 0.5, name).toBeLessThanOrEqual(1);
      }),
      { numRuns: 150 },
    );
  });

  it('divides its variances among decelerations and accelerations, and its words among four families', () => {
    fc.assert(
      fc.property(gapped, ({ rrMs, gaps }) => {
        const v = valuesOf(rrMs, gaps);
        if (v.HRV_C1d !== null) expect(v.HRV_C1d + v.HRV_C1a!).toBeCloseTo(1, 12);
        if (v.HRV_C2d !== null) expect(v.HRV_C2d + v.HRV_C2a!).toBeCloseTo(1, 12);
        if (v.HRV_Cd !== null) expect(v.HRV_Cd + v.HRV_Ca!).toBeCloseTo(1, 12);
        if (v.HRV_SD1d !== null) expect(v.HRV_SDNNd! ** 2).toBeCloseTo((v.HRV_SD1d ** 2 + v.HRV_SD2d! ** 2) / 2, 6);
        const words = [v.HRV_Symbolic_EqualProb4_0V, v.HRV_Symbolic_EqualProb4_1V, v.HRV_Symbolic_EqualProb4_2LV];
        if (words[0] !== null)
          expect(words[0]! + words[1]! + words[2]! + v.HRV_Symbolic_EqualProb4_2UV!).toBeCloseTo(1, 12);
      }),
    );
  });

  it('swaps decelerations and accelerations when it runs backwards', () => {
    fc.assert(
      fc.property(intervals, (rrMs) => {
        const [there, back] = [valuesOf(rrMs), valuesOf(rrMs.toReversed())];
        expectSame(back.HRV_C1d, there.HRV_C1a, 'C1d');
        expectSame(back.HRV_C2d, there.HRV_C2a, 'C2d');
        expectSame(back.HRV_SDNNd, there.HRV_SDNNa, 'SDNNd');
        expectSame(back.HRV_GI, there.HRV_GI === null ? null : 100 - there.HRV_GI, 'GI');
        expectSame(back.HRV_ShanEn, there.HRV_ShanEn, 'ShanEn');
      }),
    );
  });

  it('has the same scale-free indices when all intervals are twice as long', () => {
    fc.assert(
      fc.property(gapped, ({ rrMs, gaps }) => {
        const [once, twice] = [
          valuesOf(rrMs, gaps),
          valuesOf(
            rrMs.map((rr) => 2 * rr),
            gaps,
          ),
        ];
        for (const name of SCALE_FREE) expectSame(twice[name], once[name], name);
      }),
    );
  });

  it('has the same indices of its changes when all intervals are half a second longer', () => {
    fc.assert(
      fc.property(gapped, ({ rrMs, gaps }) => {
        const [here, there] = [
          valuesOf(rrMs, gaps),
          valuesOf(
            rrMs.map((rr) => 512 + rr),
            gaps,
          ),
        ];
        for (const name of PLACE_FREE) expectSame(there[name], here[name], name);
      }),
    );
  });

  it('is a sum of its runs where no index looks farther than one interval back', () => {
    fc.assert(
      fc.property(intervals, intervals, (first, second) => {
        const [a, b] = [valuesOf(first), valuesOf(second)];
        const both = valuesOf([...first, ...second], [first.length]);
        const turns = (values: typeof a, count: number) => (values.HRV_PIP ?? 0) * count;
        const expected = turns(a, first.length) + turns(b, second.length);
        expect(both.HRV_PIP! * (first.length + second.length - 1)).toBeCloseTo(expected, 9);
      }),
    );
  });
});
