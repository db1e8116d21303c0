// Values that can be told by hand, series whose dimension is known, and input that is short, odd or long.

import { describe, expect, it } from 'vitest';
import {
  HRV_NONLINEAR_NAMES,
  HrvNonlinearCore,
  hrvNonlinearFlagNames,
  toIntervals,
  WHOLE_SERIES,
} from '../../index.ts';
import { findingOf, PROFILE, randomWalk, valuesOf, whiteNoise } from './hrv-nonlinear.testkit.ts';

const alternating = Array.from({ length: 100 }, (_, i) => (i % 2 ? 850 : 750));
const ramp = Array.from({ length: 60 }, (_, i) => 700 + 3 * i);
const present = (values: Readonly<Record<string, number | null>>) =>
  Object.keys(values).filter((name) => values[name] !== null);

describe('values by hand', () => {
  it('of the asymmetry of two decelerations and one acceleration', () => {
    const values = valuesOf([800, 830, 840, 800]);
    expect(values.HRV_GI).toBeCloseTo((100 * 40) / 80, 12);
    expect(values.HRV_PI).toBeCloseTo(100 / 3, 12);
    expect(values.HRV_SD1d).toBeCloseTo(Math.sqrt((30 ** 2 + 10 ** 2) / 2 / 2), 12);
    expect(values.HRV_SD1a).toBeCloseTo(Math.sqrt(40 ** 2 / 2 / 2), 12);
    expect(values.HRV_C1a).toBeCloseTo(1600 / 2600, 12);
  });

  it('of the fragmentation of a series that turns at every beat', () => {
    const { HRV_PIP, HRV_IALS, HRV_PSS, HRV_PAS } = valuesOf(alternating);
    expect([HRV_PIP, HRV_IALS, HRV_PSS, HRV_PAS]).toEqual([0.98, 1, 1, 1]);
  });

  it('of the fragmentation of segments of three and of one', () => {
    // The differences are + + + - + + + -: four segments, and three turns, of which two follow each other.
    const { HRV_PIP, HRV_IALS, HRV_PSS, HRV_PAS } = valuesOf([1, 2, 3, 4, 1, 2, 3, 4, 1].map((rr) => 800 + rr));
    expect([HRV_PIP, HRV_IALS, HRV_PSS, HRV_PAS]).toEqual([3 / 9, 4 / 8, 2 / 4, 0]);
  });

  it('of the entropy of eight lengths that come equally often', () => {
    expect(valuesOf(Array.from({ length: 80 }, (_, i) => 800 + (i % 8))).HRV_ShanEn).toBeCloseTo(3, 12);
  });

  it('of words that all rise', () => {
    const values = valuesOf([800, 900, 1000, 1100]);
    expect(values.HRV_Symbolic_EqualProb4_2LV).toBe(1);
    expect(values.HRV_Symbolic_EqualProb4_0V).toBe(0);
    expect(valuesOf(alternating).HRV_Symbolic_EqualProb4_2UV).toBe(1);
  });

  it('of the words in 0001101001000101, whose history Lempel and Ziv give as six', () => {
    const symbols = '0001101001000101';
    const values = valuesOf([...symbols].map((symbol) => 800 + Number(symbol)));
    expect(values.HRV_LZC).toBeCloseTo((6 * Math.log2(16)) / 16, 12);
  });
});

describe('dimensions and exponents that are known', () => {
  const noise = valuesOf(whiteNoise(5000, 7));
  const walk = valuesOf(randomWalk(5000, 7));

  it('a line has dimension 1', () => {
    expect(valuesOf(ramp).HRV_KFD).toBeCloseTo(1, 12);
    expect(valuesOf(ramp).HRV_HFD).toBeCloseTo(1, 12);
  });

  it('white noise has dimension 2, a random walk 1.5', () => {
    expect(noise.HRV_HFD).toBeCloseTo(2, 1);
    expect(Math.abs(walk.HRV_HFD! - 1.5)).toBeLessThan(0.05);
  });

  it('white noise has exponent 0.5, a random walk 1.5', () => {
    expect(Math.abs(noise.HRV_MFDFA_alpha2_Mean! - 0.5)).toBeLessThan(0.1);
    expect(Math.abs(walk.HRV_MFDFA_alpha2_Mean! - 1.5)).toBeLessThan(0.2);
  });

  it('white noise is as complex as can be, a cycle is not', () => {
    expect(noise.HRV_LZC).toBeGreaterThan(0.95);
    expect(valuesOf(alternating).HRV_LZC).toBeLessThan(0.3);
    expect(valuesOf(alternating).HRV_ApEn).toBeLessThan(0.02);
    expect(noise.HRV_ApEn).toBeGreaterThan(1.5);
  });

  it('all recurrences of a cycle lie on diagonals, and none of them in a row', () => {
    const values = valuesOf(alternating);
    expect(values.Determinism).toBeGreaterThan(0.99);
    expect(values.Laminarity).toBe(0);
    expect(Math.abs(values.RecurrenceRate! - 0.5)).toBeLessThan(0.01);
    expect(values.VMax).toBe(0);
  });
});

describe('few or odd intervals', () => {
  it('have only the values that there is enough for', () => {
    expect(present(valuesOf([]))).toEqual([]);
    expect(present(valuesOf([812]))).toEqual([]);
    const two = ['HRV_PIP', 'HRV_IALS', 'HRV_PSS', 'HRV_GI', 'HRV_SI', 'HRV_AI', 'HRV_PI', 'HRV_ShanEn', 'HRV_LZC'];
    expect(present(valuesOf([800, 830]))).toEqual(two);
    expect(present(valuesOf([800, 830, 790]))).toContain('HRV_CSI');
    expect(valuesOf(whiteNoise(11, 1)).HRV_MFDFA_alpha1_Width).toBeNull();
    expect(valuesOf(whiteNoise(12, 1)).HRV_MFDFA_alpha1_Width).not.toBeNull();
    expect(valuesOf(whiteNoise(19, 1)).HRV_HFD).toBeNull();
    expect(valuesOf(whiteNoise(20, 1)).HRV_HFD).not.toBeNull();
    expect(valuesOf(whiteNoise(128, 1)).HRV_MFDFA_alpha2_Width).toBeNull();
    expect(valuesOf(whiteNoise(129, 1)).HRV_MFDFA_alpha2_Width).not.toBeNull();
    expect(valuesOf(whiteNoise(7, 1)).RecurrenceRate).toBeNull();
    expect(valuesOf(whiteNoise(8, 1)).RecurrenceRate).not.toBeNull();
  });

  it('that are all equal have no ratio, no dimension and no recurrence', () => {
    const values = valuesOf(Array(300).fill(800.1));
    const zero = ['HRV_PIP', 'HRV_ApEn', 'HRV_ShanEn', 'HRV_MSEn', 'HRV_CMSEn', 'HRV_RCMSEn'];
    const deviations = ['HRV_SD1d', 'HRV_SD1a', 'HRV_SD2d', 'HRV_SD2a', 'HRV_SDNNd', 'HRV_SDNNa'];
    const symbolic = HRV_NONLINEAR_NAMES.filter((name) => name.startsWith('HRV_Symbolic'));
    expect(present(values).sort()).toEqual([...zero, ...deviations, ...symbolic, 'HRV_LZC'].sort());
    for (const name of [...zero, ...deviations]) expect(values[name as 'HRV_ApEn'], name).toBe(0);
    expect(values.HRV_Symbolic_EqualProb4_0V).toBe(1);
  });

  it('of any size let nothing out that is not finite', () => {
    const series = [
      [1e9, 10],
      [1e9, 1e9, 10],
      Array.from({ length: 200 }, (_, i) => (i % 3 ? 1e9 : 10)),
      Array.from({ length: 200 }, (_, i) => (i === 100 ? 1e9 : 800)),
      alternating,
      ramp,
    ];
    for (const rrMs of series) {
      for (const value of Object.values(valuesOf(rrMs))) expect(value === null || Number.isFinite(value)).toBe(true);
    }
  });

  it('with a gap before every one have no order, but lengths', () => {
    const rrMs = whiteNoise(300, 3);
    const values = valuesOf(
      rrMs,
      rrMs.map((_, i) => i),
    );
    const baevsky = ['si', 'sqrtSi', 'ivr', 'vpr', 'papr', 'moS', 'amoPercent', 'mxDMnS'];
    expect(present(values).sort()).toEqual(['HRV_ShanEn', ...baevsky].sort());
  });

  it('with gaps at both ends are those between them, but for what counts every length', () => {
    const rrMs = whiteNoise(300, 4);
    const inner = valuesOf(rrMs);
    const outer = valuesOf([820, ...rrMs, 830], [1, 301]);
    for (const name of [
      'HRV_CSI',
      'HRV_PIP',
      'HRV_IALS',
      'HRV_PAS',
      'HRV_GI',
      'HRV_C1d',
      'HRV_HFD',
      'HRV_KFD',
    ] as const)
      expect(outer[name], name).toBeCloseTo(inner[name]!, 12);
  });

  it('in seconds are refused', () => {
    expect(() => valuesOf([0.8, 0.81, 0.79])).toThrow();
  });
});

describe('the profile', () => {
  it('kubios takes boxes of 4 to 12 and of 13 to 64 intervals', () => {
    const rrMs = whiteNoise(400, 5);
    expect(valuesOf(rrMs, [], PROFILE.kubios).HRV_MFDFA_alpha1_Width).not.toBe(valuesOf(rrMs).HRV_MFDFA_alpha1_Width);
    expect(valuesOf(whiteNoise(64, 5), [], PROFILE.kubios).HRV_MFDFA_alpha2_Width).toBeNull();
    expect(valuesOf(whiteNoise(66, 5), [], PROFILE.kubios).HRV_MFDFA_alpha2_Width).not.toBeNull();
  });

  it('taskforce is as maibo, and both of neurokit are one', () => {
    const rrMs = whiteNoise(100, 6);
    expect(valuesOf(rrMs, [], PROFILE.taskforce)).toEqual(valuesOf(rrMs));
    expect(valuesOf(rrMs, [], PROFILE.neurokitNormalised)).toEqual(valuesOf(rrMs, [], PROFILE.neurokit));
  });
});

describe('long and sliding windows', () => {
  it('of a million intervals say that they are long, and lack what compares all pairs', { timeout: 60_000 }, () => {
    const finding = findingOf(whiteNoise(1_000_000, 8));
    expect(hrvNonlinearFlagNames(finding.flags)).toEqual(['long']);
    const pairs = /ApEn|FuzzyEn|MSEn|_CD|LZC|^[A-Z][a-zA-Z]*$/;
    for (const name of HRV_NONLINEAR_NAMES) expect(finding.values[name] === null, name).toBe(pairs.test(name));
  });

  it('give the same values as their intervals alone, and standard errors behind them', () => {
    const rrMs = whiteNoise(500, 9);
    const options = { ...WHOLE_SERIES, intervalCountMax: 200, windowMs: 60_000, stepMs: 30_000, blockCount: 5 };
    const findings = HrvNonlinearCore.create(options).compute(toIntervals(rrMs.map((rr) => ({ rrMs: rr }))));
    expect(findings.length).toBeGreaterThan(20);
    const [first, errors] = findings;
    expect([first!.kind, errors!.kind]).toEqual(['values', 'errors']);
    expect(first!.values).toEqual(valuesOf(rrMs.slice(0, first!.count)));
    expect(errors!.values.HRV_C1d).toBeGreaterThan(0);
    expect(errors!.values.HRV_C1d).toBeLessThan(0.2);
  });

  it('of five minutes and 600 intervals fit in 32 kB', () => {
    const core = HrvNonlinearCore.create({ ...WHOLE_SERIES, intervalCountMax: 600 });
    expect(core.snapshot().length).toBeLessThanOrEqual(32_000);
  });
});

describe("Baevsky's indices", () => {
  it('are those of the histogram in bins of 50 ms', () => {
    // Four of six in the bin from 800 to 850 ms, over a range of 110 ms.
    const { si, sqrtSi, ivr, vpr, papr, moS, amoPercent, mxDMnS } = valuesOf([800, 849, 820, 760, 870, 830]);
    expect([moS, mxDMnS]).toEqual([0.825, 0.11]);
    expect(amoPercent).toBeCloseTo(400 / 6, 12);
    expect(si).toBeCloseTo(400 / 6 / (2 * 0.825 * 0.11), 9);
    expect(sqrtSi).toBe(Math.sqrt(si!));
    expect(ivr).toBeCloseTo(400 / 6 / 0.11, 9);
    expect(vpr).toBeCloseTo(1 / (0.825 * 0.11), 9);
    expect(papr).toBeCloseTo(400 / 6 / 0.825, 9);
  });

  it('take the lower of two equal bins, and say nothing within the width of one', () => {
    expect(valuesOf([700, 710, 900, 910]).moS).toBe(0.725);
    expect(valuesOf([800, 849.9, 820, 830])).toMatchObject({ si: null, moS: null, mxDMnS: null });
    expect(valuesOf(Array(50).fill(800))).toMatchObject({ si: null });
  });
});
