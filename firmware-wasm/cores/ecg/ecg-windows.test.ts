// What the ecg core says of every ten seconds: when, and that it is less where there was less. How well it keeps its word on annotated
// records is in NOTES.md.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EcgCore, type EcgFinding } from '../../index.ts';
import { synthesizeEcg } from './synthetic-ecg.testkit.ts';

const RATES_HZ = [50, 128, 250, 360, 1000];
const WINDOW_S = 10;
const DELAY_MAX_S = 2;

function detect(samples: Float32Array, rateHz: number, blockCount = samples.length): EcgFinding[] {
  const core = EcgCore.create({ rateHz });
  const findings: EcgFinding[] = [];
  for (let i = 0; i < samples.length; i += blockCount) findings.push(...core.push(samples.subarray(i, i + blockCount)));
  return [...findings, ...core.flush()];
}

function windowsOf(findings: readonly EcgFinding[]): EcgFinding[] {
  return findings.filter(({ kind }) => kind === 'window');
}

function qualitiesOf(samples: Float32Array, rateHz: number): number[] {
  return windowsOf(detect(samples, rateHz)).map(({ quality }) => quality);
}

describe('ecg windows', () => {
  const rateHz = 250;
  const ecg = (seconds: number, noise = 0.01) => synthesizeEcg({ rateHz, seconds, bpm: 70, noise, seed: 7 }).samples;

  it('come at every multiple of 10 s, the last one with the end of the signal', () => {
    for (const hz of RATES_HZ) {
      const { samples } = synthesizeEcg({ rateHz: hz, seconds: 40, bpm: 70, noise: 0.01, seed: 3 });
      expect(windowsOf(detect(samples, hz)).map(({ sample }) => sample / hz)).toEqual([10, 20, 30, 40]);
      expect(windowsOf(detect(samples.subarray(1), hz)).length).toBe(3);
    }
  });

  it('are near 1 for a clean signal at any usual rate', () => {
    for (const bpm of [40, 72, 120, 180]) {
      const { samples } = synthesizeEcg({ rateHz, seconds: 60, bpm, noise: 0.01, seed: bpm });
      const [first, ...others] = qualitiesOf(samples, rateHz);
      expect(first).toBeGreaterThan(0.8);
      expect(Math.min(...others)).toBeGreaterThan(0.95);
    }
  });

  it('lose what is missing or flat', () => {
    for (const value of [Number.NaN, 0.25]) {
      const samples = ecg(40);
      samples.fill(value, 12 * rateHz, 18 * rateHz);
      const [first, torn, third] = qualitiesOf(samples, rateHz);
      expect(first).toBeGreaterThan(0.8);
      expect(Math.abs(torn! - 0.4)).toBeLessThan(0.05);
      expect(third).toBeGreaterThan(0.9);
    }
  });

  it('are 0 without any signal, and go on', () => {
    const samples = new Float32Array(65 * rateHz).fill(Number.NaN);
    expect(windowsOf(detect(samples, rateHz)).map(({ sample, quality }) => [sample / rateHz, quality])).toEqual(
      [10, 20, 30, 40, 50, 60].map((endS) => [endS, 0]),
    );
  });

  it('are low where there is nothing but noise', () => {
    const qualities = qualitiesOf(ecg(120, 5), rateHz);
    expect(qualities.reduce((sum, quality) => sum + quality, 0) / qualities.length).toBeLessThan(0.4);
  });
});

describe('ecg windows on torn signals', () => {
  const torn = fc
    .record({
      rateHz: fc.constantFrom(...RATES_HZ),
      bpm: fc.integer({ min: 45, max: 150 }),
      noise: fc.constantFrom(0.01, 0.2, 1),
      seed: fc.integer({ min: 1, max: 1e9 }),
      holes: fc.array(
        fc.record({
          at: fc.double({ min: 0, max: 1, noNaN: true }),
          seconds: fc.double({ min: 0, max: 9, noNaN: true }),
          value: fc.constantFrom(Number.NaN, 0.125),
        }),
        { maxLength: 4 },
      ),
    })
    .map(({ holes, ...wish }) => {
      const { samples } = synthesizeEcg({ ...wish, seconds: 35 });
      for (const { at, seconds, value } of holes) {
        const from = Math.floor(at * samples.length);
        samples.fill(value, from, from + Math.floor(seconds * wish.rateHz));
      }
      return { samples, rateHz: wish.rateHz };
    });

  it('all come, each in its place among the findings and within two seconds', () => {
    fc.assert(
      fc.property(torn, ({ samples, rateHz }) => {
        const core = EcgCore.create({ rateHz });
        const blockCount = Math.floor(rateHz / 50);
        let last = 0;
        let count = 0;
        for (let i = 0; i < samples.length; i += blockCount) {
          const block = samples.subarray(i, i + blockCount);
          for (const { kind, sample, quality } of core.push(block)) {
            expect(sample).toBeGreaterThanOrEqual(last);
            last = sample;
            if (kind !== 'window') continue;
            expect(sample).toBe(++count * WINDOW_S * rateHz);
            expect(i + block.length - sample).toBeLessThanOrEqual(DELAY_MAX_S * rateHz);
            expect(quality).toBeGreaterThanOrEqual(0);
            expect(quality).toBeLessThanOrEqual(1);
          }
        }
        expect(count).toBe(3);
      }),
      { numRuns: 60 },
    );
  });

  it('are the same in blocks of any size and from a snapshot', () => {
    fc.assert(
      fc.property(torn, fc.integer({ min: 1, max: 5000 }), ({ samples, rateHz }, blockCount) => {
        const whole = detect(samples, rateHz);
        expect(detect(samples, rateHz, blockCount)).toEqual(whole);
        const first = EcgCore.create({ rateHz });
        const early = first.push(samples.subarray(0, blockCount));
        const second = EcgCore.create({ rateHz: 500 });
        second.restore(first.snapshot());
        expect([...early, ...second.push(samples.subarray(blockCount)), ...second.flush()]).toEqual(whole);
      }),
      { numRuns: 30 },
    );
  });
});
