// The compiled hrv-spectrum core: NeuroKit2's powers, the patterns of EC57, and the powers of the core hrv. What the spectra are made
// of is tested in dsp/spectrum.

import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import {
  HRV_SPECTRUM_NAMES,
  HrvCore,
  HrvSpectrumCore,
  type PlainInterval,
  toIntervals,
  WHOLE_SERIES,
} from '../../index.ts';
import { GOLDEN_ORIGIN, type GoldenHrv, madeSeries, realSeries } from '../../vectors/golden-hrv.testkit.ts';
import { describeSharedData } from '../../vectors/shared-data.testkit.ts';

const [MAIBO, NEUROKIT, KUBIOS, TASKFORCE, NORMALISED] = [0, 1, 2, 3, 4];
const [AR, LOMB] = [2, 3];

function findingsOf(intervals: readonly PlainInterval[], profile: number, method = 0) {
  const intervalCountMax = Math.max(2, intervals.length);
  const core = HrvSpectrumCore.create({ windowMs: 0, stepMs: 0, intervalCountMax, profile, method, hasErrors: 1 });
  return core.compute(toIntervals(intervals));
}

function powersOf(intervals: readonly PlainInterval[], profile: number, method = 0) {
  return findingsOf(intervals, profile, method)[0]!.values;
}

function intervalsOf({ rrMs, gaps }: Pick<GoldenHrv, 'rrMs' | 'gaps'>): PlainInterval[] {
  const missing = new Map(gaps.map(({ before, missingMs }) => [before, missingMs]));
  return rrMs.map((rr, i) => ({ rrMs: rr, afterGap: missing.has(i), gapMs: missing.get(i) ?? 0 }));
}

/** A normalised power is as exact as the highest density, which is read off bins of another grid than NeuroKit2's. */
function check(golden: GoldenHrv): void {
  for (const [profile, expected, relative] of [
    [NEUROKIT!, golden.values, 1e-6],
    [NORMALISED!, golden.normalised, 2e-6],
  ] as const) {
    const ours = powersOf(intervalsOf(golden), profile);
    const wrong = HRV_SPECTRUM_NAMES.filter((name) => {
      const [theirs, own] = [expected[name] ?? null, ours[name]];
      return theirs === null || own === null ? theirs !== own : Math.abs(own - theirs) > relative * Math.abs(theirs);
    });
    expect(wrong.map((name) => `${name}: ${ours[name]}, NeuroKit2 ${expected[name]}`)).toEqual([]);
  }
}

describe(`hrv-spectrum in the profile neurokit gives what ${GOLDEN_ORIGIN} gives`, () => {
  const gapless = madeSeries().filter(({ gaps }) => gaps.length === 0);
  for (const golden of gapless) it(`for ${golden.name}`, () => check(golden));

  describeSharedData('for real recordings', 'welltory_hrv_covid19', () => {
    for (const golden of realSeries().series!) it(`for ${golden.name}`, () => check(golden));
  });
});

describeSharedData('the patterns of EC57', 'rr_ec57_testpatterns', (folder) => {
  const patternOf = (name: string) => {
    const lines = gunzipSync(readFileSync(`${folder}/HRV256_${name}.txt.gz`))
      .toString('utf8')
      .trim()
      .split('\n');
    return lines.map((line) => ({ rrMs: Number(line.split(',')[1]) * 1000 }));
  };
  // NeuroKit2's quadratic spline takes 2.07 % off a wave of 0.25 Hz; its profile is NeuroKit2's, so it does too.
  for (const [name, profile, percent] of [
    ['maibo', MAIBO!, 2],
    ['neurokit', NEUROKIT!, 2.1],
    ['kubios', KUBIOS!, 2],
    ['taskforce', TASKFORCE!, 2],
  ] as const) {
    it(`have the power they were made with to ${percent} %, in the profile ${name}`, () => {
      expect(Math.abs(powersOf(patternOf('TP2'), profile).HRV_HF! / 612.5 - 1)).toBeLessThan(percent / 100);
      expect(Math.abs(powersOf(patternOf('TP3'), profile).HRV_LF! / 2450 - 1)).toBeLessThan(percent / 100);
      const none = powersOf(patternOf('TP5'), profile);
      expect(none.HRV_LF).toBeLessThan(0.01);
      expect(none.HRV_HF).toBeLessThan(0.01);
    });
  }
});

/** The core hrv has samples and bins in f32, and takes them to 2 Hz. */
const HRV_RELATIVE = 1e-4;

describe('hrv-spectrum', () => {
  const wave = Array.from({ length: 400 }, (_, i) => ({
    rrMs: 850 + 40 * Math.sin(i / 1.3) + 30 * Math.sin(i / 9) + (i % 7),
  }));
  const torn = wave.map((interval, i) => (i === 200 ? { ...interval, afterGap: true, gapMs: 9_000 } : interval));

  it('gives in the profile maibo what the core hrv gives, with gaps and without', () => {
    for (const intervals of [wave, torn]) {
      const hrv = HrvCore.create({ ...WHOLE_SERIES, intervalCountMax: 400, blockCount: 8 }).compute(
        toIntervals(intervals),
      );
      const own = findingsOf(intervals, MAIBO!);
      for (const name of HRV_SPECTRUM_NAMES) {
        for (const kind of [0, 1] as const) {
          const [here, there] = [own[kind]!.values[name], hrv[kind]!.values[name]];
          if (there === null) expect(here, name).toBeNull();
          else expect(Math.abs(here! / there - 1), name).toBeLessThan(HRV_RELATIVE);
        }
      }
      expect(own[0]!.values.HRV_HF).toBeGreaterThan(10);
    }
  });

  it('has a value and its standard error together, by every method', () => {
    for (const profile of [MAIBO!, NEUROKIT!, KUBIOS!, TASKFORCE!]) {
      for (const method of [0, 1, AR!, LOMB!]) {
        const [values, errors] = findingsOf(torn, profile, method);
        expect([values!.kind, errors!.kind]).toEqual(['values', 'errors']);
        expect(errors!.values.HRV_HF).toBeGreaterThan(0);
        expect(errors!.values.HRV_HF!).toBeLessThan(values!.values.HRV_HF!);
        for (const name of HRV_SPECTRUM_NAMES) {
          if (errors!.values[name] !== null) expect(values!.values[name], name).not.toBeNull();
        }
      }
    }
  });

  it('has nothing to say of 0, 1, 2 or 3 intervals, and no ratio of equal ones', () => {
    for (const count of [0, 1, 2, 3]) {
      const values = powersOf(wave.slice(0, count), KUBIOS!);
      expect(Object.values(values).every((value) => value === null)).toBe(true);
    }
    expect(powersOf(Array(400).fill({ rrMs: 800 }), MAIBO!)).toMatchObject({
      HRV_HF: 0,
      HRV_LFHF: null,
      HRV_LnHF: null,
    });
  });
});
