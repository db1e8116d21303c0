// The breath-beats core over its verbs: sizes of beats that are known, in any blocks.

import { describe, expect, it } from 'vitest';
import { type BreathBeat, type BreathBeatInput, BreathBeatsCore, breathBeatFlagNames } from '../../index.ts';

const RATE_HZ = 200;
const ECG = 2;
const PPG = 3;
const sampleOf = (value: number): BreathBeatInput => ({ value, quality: 0, isBeat: 0, afterGap: false });
const beatOf = (samplesAgo: number, more: Partial<BreathBeatInput> = {}): BreathBeatInput => {
  return { value: samplesAgo, quality: 0.9, isBeat: 1, afterGap: false, ...more };
};

/** A spike, 20 ms wide, every second, whose height and floor follow a formula; each beat is told 1.5 s late. */
function ecgOf(
  seconds: number,
  heightAt: (beat: number) => number,
  floorAt: (beat: number) => number,
): BreathBeatInput[] {
  return Array.from({ length: seconds * RATE_HZ }, (_, i) => {
    const timeS = i / RATE_HZ;
    const beat = Math.floor(timeS);
    const away = (timeS - beat - 0.5) / 0.02;
    const sample = sampleOf(floorAt(beat) + heightAt(beat) * Math.exp(-away * away));
    return timeS > 1.5 && i % RATE_HZ === 0 ? [beatOf(1.5 * RATE_HZ), sample] : [sample];
  }).flat();
}

/** A pulse that rises in 0.2 s and falls in 0.6, steepest 0.1 s after its foot. */
function ppgOf(seconds: number, height: number, polarity: number): BreathBeatInput[] {
  return Array.from({ length: seconds * RATE_HZ }, (_, i) => {
    const phase = (i / RATE_HZ) % 1;
    const shape = phase < 0.2 ? 0.5 - 0.5 * Math.cos((Math.PI * phase) / 0.2) : Math.max(0, 1 - (phase - 0.2) / 0.6);
    const sample = sampleOf(polarity * (3 + height * shape));
    return i > RATE_HZ && i % RATE_HZ === 0 ? [beatOf(0.9 * RATE_HZ), sample] : [sample];
  }).flat();
}

const ecgCore = () => BreathBeatsCore.create({ rateHz: RATE_HZ, signal: ECG, polarity: 1 });
const allOf = (core: BreathBeatsCore, inputs: readonly BreathBeatInput[]): BreathBeat[] => [
  ...core.push(inputs),
  ...core.flush(),
];

describe('breath-beats', () => {
  it('follows the height and the floor of ECG beats', () => {
    const found = allOf(
      ecgCore(),
      ecgOf(
        20,
        (beat) => 1 + 0.1 * (beat % 3),
        (beat) => 0.2 * (beat % 2),
      ),
    );
    expect(found.length).toBe(18);
    const one = found[2]!.value / (1 + 0.1 * 2);
    for (const [i, { timeS, value, baseline, quality, kind }] of found.entries()) {
      expect(timeS).toBeCloseTo(i + 0.5, 6);
      expect(value / one).toBeCloseTo(1 + 0.1 * (i % 3), 3);
      expect(baseline).toBeCloseTo(0.2 * (i % 2), 3);
      expect(quality).toBeCloseTo(0.9, 6);
      expect(kind).toBe('ecg-beat');
    }
  });

  it.each([1, -1])('measures pulses from foot to peak, polarity %i', (polarity) => {
    const core = BreathBeatsCore.create({ rateHz: RATE_HZ, signal: PPG, polarity });
    const found = allOf(core, ppgOf(10, 0.7, polarity));
    expect(found.length).toBe(8);
    for (const { value, baseline, kind } of found) {
      expect(value).toBeCloseTo(0.7, 2);
      expect(baseline).toBeCloseTo(3, 2);
      expect(kind).toBe('ppg-beat');
    }
  });

  it('does not care where between the samples a beat lies', () => {
    const sizes = [0, 0.25, 0.5, 0.75].map((shift) => {
      const samples = Array.from({ length: 400 }, (_, i) => sampleOf(Math.exp(-(((i - 200 - shift) / 4) ** 2))));
      return allOf(ecgCore(), [...samples, beatOf(200 - shift)])[0]!.value;
    });
    expect(Math.max(...sizes) / Math.min(...sizes)).toBeLessThan(1.05);
  });

  it('leaves out a beat with a missing sample, one too late and one unfinished, and says so with the next', () => {
    const inputs = ecgOf(
      12,
      () => 1,
      () => 0,
    );
    const samples = inputs.flatMap((input, i) => (input.isBeat ? [] : [i]));
    inputs[samples[5.5 * RATE_HZ]!] = sampleOf(Number.NaN);
    const found = allOf(ecgCore(), [...inputs, beatOf(2000), beatOf(4)]);
    expect(found.map(({ timeS }) => Math.round(timeS - 0.5))).toEqual([0, 1, 2, 3, 4, 6, 7, 8, 9]);
    expect(found.map(({ flags }) => breathBeatFlagNames(flags).includes('after-gap'))).toEqual([
      ...[false, false, false, false, false],
      ...[true, false, false, false],
    ]);
  });

  it('gives the same bits in any blocks and after a snapshot', () => {
    const inputs = ecgOf(
      12,
      (beat) => 1 + beat / 10,
      () => 0,
    );
    const all = allOf(ecgCore(), inputs);
    const one = ecgCore();
    expect([...inputs.flatMap((input) => one.push([input])), ...one.flush()]).toEqual(all);
    const [before, after] = [ecgCore(), ecgCore()];
    const early = before.push(inputs.slice(0, 777));
    after.restore(before.snapshot());
    expect([...early, ...after.push(inputs.slice(777)), ...after.flush()]).toEqual(all);
  });

  it('refuses what is no input and settings out of range', () => {
    const core = ecgCore();
    for (const bad of [beatOf(-1), beatOf(Number.NaN), beatOf(1, { quality: 2 }), beatOf(1, { isBeat: 2 })]) {
      expect(() => core.push([bad])).toThrow(/bad-argument/);
    }
    for (const settings of [
      { rateHz: 10, signal: ECG, polarity: 1 },
      { rateHz: 1001, signal: ECG, polarity: 1 },
      { rateHz: Number.NaN, signal: ECG, polarity: 1 },
      { rateHz: 100, signal: 1, polarity: 1 },
      { rateHz: 100, signal: PPG, polarity: 0 },
    ]) {
      expect(() => BreathBeatsCore.create(settings)).toThrow(/bad-argument/);
    }
  });
});
