// HRV for programs: what comes out is the cores' business and tested there; here it is what goes in, and how windows are laid out.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isMaiboError, type MaiboError } from '../errors.ts';
import { computeHrv, type HrvOptions, type SlideOptions, slideHrv } from './hrv.ts';
import type { HrvInterval } from './hrv-input.ts';

function refusalOf(run: () => unknown): MaiboError {
  try {
    run();
  } catch (thrown) {
    if (isMaiboError(thrown)) return thrown;
    throw thrown;
  }
  throw new Error('nothing was refused');
}

const isNullOrFinite = (value: number | null) => value === null || Number.isFinite(value);
const wave = (count: number) => Array.from({ length: count }, (_, i) => 800 + 50 * Math.sin(i / 3) + ((i * 7919) % 23));

describe('computeHrv', () => {
  it('gives NeuroKit2 its own names, with standard errors beside the values', () => {
    const { values, errors, count, coverage, quality } = computeHrv(wave(300));
    expect({ count, coverage, quality }).toEqual({ count: 300, coverage: 1, quality: null });
    expect(values.HRV_MeanNN).toBeCloseTo(811, 0);
    expect(errors.HRV_MeanNN).toBeGreaterThan(0);
    expect(Object.keys(errors)).toEqual(Object.keys(values));
  });

  it('gives null, never 0 or NaN, for what 0, 1, 2 or 3 intervals do not allow', () => {
    for (const count of [0, 1, 2, 3]) {
      const { values, errors } = computeHrv(wave(count));
      expect(Object.values(values).every(isNullOrFinite)).toBe(true);
      expect(Object.values(errors).every((error) => error === null)).toBe(true);
      expect(values.HRV_SDANN1).toBeNull();
    }
    expect(computeHrv([]).values.HRV_MeanNN).toBeNull();
    expect(computeHrv([800]).values).toMatchObject({ HRV_MeanNN: 800, HRV_SDNN: null, HRV_RMSSD: null });
  });

  it('holds for equal and for alternating intervals', () => {
    const equal = computeHrv(Array(300).fill(800)).values;
    expect(equal).toMatchObject({ HRV_SDNN: 0, HRV_RMSSD: 0, HRV_SDRMSSD: null });
    const alternating = computeHrv(Array.from({ length: 300 }, (_, i) => (i % 2 ? 700 : 900))).values;
    expect(alternating).toMatchObject({ HRV_MeanNN: 800, HRV_RMSSD: 200 });
    for (const values of [equal, alternating]) expect(Object.values(values).every(isNullOrFinite)).toBe(true);
  });

  it('takes gaps at both ends for nothing', () => {
    const inner = wave(200).map((rrMs) => ({ rrMs }));
    const ends = [{ ...inner[0]!, afterGap: true, gapMs: 40_000 }, ...inner.slice(1)];
    expect(computeHrv(ends).values).toEqual(computeHrv(inner).values);
  });

  it('finds gaps by the times of the beats', () => {
    const rrMs = wave(100);
    let endS = 0;
    const timed = rrMs.map((ms, index): HrvInterval => {
      endS += ms / 1000 + (index === 50 ? 10 : 0);
      return { rrMs: ms, endS };
    });
    const flagged = rrMs.map((ms, index) => ({ rrMs: ms, afterGap: index === 50, gapMs: index === 50 ? 10_000 : 0 }));
    expect(computeHrv(timed).flags).toEqual(['gap']);
    expect(computeHrv(timed).values.HRV_RMSSD).toBe(computeHrv(flagged).values.HRV_RMSSD);
    expect(computeHrv(timed).coverage).toBeCloseTo(computeHrv(flagged).coverage, 6);
  });

  it('refuses what is no interval, and says which', () => {
    for (const bad of [-800, 0, Number.NaN, Number.POSITIVE_INFINITY, 5]) {
      const refusal = refusalOf(() => computeHrv([800, 810, bad, 790]));
      expect(refusal).toMatchObject({ code: 'input-range', where: 'interval 2', hint: null });
    }
    const bad: HrvInterval[] = [
      { rrMs: 800, quality: 2 },
      { rrMs: 800, afterGap: true, gapMs: -1 },
      { rrMs: 800, endS: Number.NaN },
    ];
    for (const interval of bad) {
      expect(refusalOf(() => computeHrv([800, interval]))).toMatchObject({ code: 'input-range', where: 'interval 1' });
    }
  });

  it('says that seconds look like seconds', () => {
    const refusal = refusalOf(() => computeHrv([0.8, 0.81, 0.79]));
    expect(refusal.code).toBe('input-range');
    expect(refusal.hint).toContain('these look like seconds');
  });

  it('refuses times that run backwards', () => {
    const unsorted = [
      { rrMs: 800, endS: 0.8 },
      { rrMs: 800, endS: 2.4 },
      { rrMs: 800, endS: 1.6 },
    ];
    expect(refusalOf(() => computeHrv(unsorted))).toMatchObject({ code: 'input-range', where: 'interval 2' });
  });

  it('refuses options that do not go together', () => {
    const wrong: HrvOptions[] = [{ normalize: true }, { profile: 'other' as never }, { spectrum: 'fft' as never }];
    for (const options of wrong) expect(refusalOf(() => computeHrv(wave(9), options)).code).toBe('usage');
  });

  it('takes a million intervals', { timeout: 60_000 }, () => {
    const { count, values, errors } = computeHrv(wave(1_000_000));
    expect(count).toBe(1_000_000);
    expect(values.HRV_SDNN).toBeGreaterThan(0);
    expect(errors.HRV_SDNN).toBeNull();
  });
});

describe('slideHrv', () => {
  const options: SlideOptions = { windowS: 60, stepS: 10 };

  it('gives for every window what its intervals give alone', () => {
    const rrMs = wave(300);
    let sumMs = 0;
    const ends = rrMs.map((ms) => (sumMs += ms));
    for (const { fromS, toS, values } of slideHrv(rrMs, options)) {
      const inside = rrMs.filter((ms, i) => ends[i]! - ms >= fromS * 1000 - 1e-6 && ends[i]! <= toS * 1000 + 1e-6);
      expect(values).toEqual(computeHrv(inside).values);
    }
  });

  it('lays windows out by length and step, whatever comes', () => {
    const lengths = fc.array(fc.integer({ min: 300, max: 2_000 }), { minLength: 1, maxLength: 200 });
    fc.assert(
      fc.property(
        lengths,
        fc.integer({ min: 10, max: 90 }),
        fc.integer({ min: 1, max: 60 }),
        (rrMs, windowS, stepS) => {
          const lastS = rrMs.reduce((sum, ms) => sum + ms, 0) / 1000;
          const windows = slideHrv(rrMs, { windowS, stepS });
          expect(windows.length).toBe(Math.max(1, Math.floor((lastS - windowS) / stepS + 1e-9) + 1));
          windows.forEach((window, index) => {
            expect(window.fromS).toBeCloseTo(index * stepS, 6);
            expect(window.toS - window.fromS).toBeCloseTo(windowS, 6);
            expect(Object.values(window.values).every(isNullOrFinite)).toBe(true);
          });
        },
      ),
      { numRuns: 50 },
    );
  });

  it('gives one window of what there is where a window is longer than the data', () => {
    const windows = slideHrv(wave(100), { windowS: 300, stepS: 60 });
    expect(windows).toHaveLength(1);
    expect(windows[0]!.coverage).toBeLessThan(0.5);
    expect(windows[0]!.values.HRV_SDNN).toBeNull();
    expect(slideHrv([], options)).toEqual([]);
  });

  it('refuses windows and steps that cannot be', () => {
    const bad: SlideOptions[] = [
      { windowS: 5, stepS: 1 },
      { windowS: 1e6, stepS: 1 },
      { windowS: Number.NaN, stepS: 1 },
      { windowS: 60, stepS: 0 },
      { windowS: 60, stepS: -1 },
    ];
    for (const wrong of bad) expect(refusalOf(() => slideHrv(wave(100), wrong)).code).toBe('input-range');
  });
});
