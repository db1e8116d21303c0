// The core `ppg` on waves with known times, and on signals that are none.

import { describe, expect, it } from 'vitest';
import { coreCatalog, PpgCore, type PpgFinding, ppgFlagNames } from '../../index.ts';
import { beatsOf, chance, compare, wave } from './ppg.testkit.ts';

const AUTO = { polarity: 0, channelCount: 1 };
const RATES_HZ = [20, 25, 30, 64, 125, 256];
const WASM_BYTES_MAX = 12 * 1024;
const INSTANCE_BYTES_MAX = 16 * 1024;
/** 25 Hz is to give intervals to 5 ms (Beres & Hejjel 2021: 20 Hz suffices for RMSSD with interpolation). */
const RR_ERROR_MS_MAX = 5;

function findingsOf(samples: Float32Array, rateHz: number, options: Partial<typeof AUTO> = {}): PpgFinding[] {
  const core = PpgCore.create({ rateHz, ...AUTO, ...options });
  return [...core.push(samples), ...core.flush()];
}

function kindsOf(findings: readonly PpgFinding[]): string[] {
  return findings
    .filter(({ kind }) => kind !== 'window')
    .map(({ kind, flags }) => [kind, ...ppgFlagNames(flags)].join(' '));
}

describe('the core ppg', () => {
  it('is small', () => {
    expect(coreCatalog.get('ppg').bytes.length).toBeLessThanOrEqual(WASM_BYTES_MAX);
    expect(PpgCore.create({ rateHz: 256, ...AUTO }).instanceBytes).toBeLessThanOrEqual(INSTANCE_BYTES_MAX);
  });

  for (const rateHz of RATES_HZ) {
    it(`finds every pulse at ${rateHz} Hz, to ${RR_ERROR_MS_MAX} ms`, () => {
      const { samples, beats } = wave({ rateHz, seconds: 120 });
      const { missed, extra, rrErrorMs } = compare(beatsOf(findingsOf(samples, rateHz), rateHz), beats, 2, 118);
      expect({ missed, extra }).toEqual({ missed: 0, extra: 0 });
      expect(rrErrorMs).toBeLessThan(RR_ERROR_MS_MAX);
    });
  }

  for (const bpm of [35, 45, 60, 90, 120, 160, 200, 220]) {
    it(`finds every pulse at ${bpm} per minute`, () => {
      for (const rateHz of [25, 64]) {
        const { samples, beats } = wave({ rateHz, seconds: 120, bpm, sinus: 0.02, seed: bpm });
        const { missed, extra } = compare(beatsOf(findingsOf(samples, rateHz), rateHz), beats, 5, 117);
        expect({ rateHz, missed, extra }).toEqual({ rateHz, missed: 0, extra: 0 });
      }
    });
  }

  it('follows a heart without rhythm', () => {
    const next = chance(5);
    const intervals = Array.from({ length: 200 }, () => 0.5 + 0.6 * next());
    const { samples, beats } = wave({ rateHz: 64, seconds: 120, intervals, drift: 0 });
    const { missed, extra } = compare(beatsOf(findingsOf(samples, 64), 64), beats, 3, 117);
    expect(missed + extra).toBeLessThanOrEqual(Math.ceil(0.02 * beats.length));
  });

  it('finds a premature beat and the pause after it', () => {
    const intervals = [0.8, 0.8, 0.8, 0.8, 0.8, 0.8, 0.8, 0.5, 1.1];
    const { samples, beats } = wave({ rateHz: 64, seconds: 120, intervals });
    const { missed, extra } = compare(beatsOf(findingsOf(samples, 64), 64), beats, 3, 117);
    expect({ missed, extra }).toEqual({ missed: 0, extra: 0 });
  });

  it('trusts clean pulses and not noise', () => {
    const next = chance(3);
    const clean = findingsOf(wave({ rateHz: 64, seconds: 120 }).samples, 64);
    const noise = findingsOf(Float32Array.from({ length: 64 * 120 }, next), 64);
    const windows = (findings: PpgFinding[]) =>
      findings.filter(({ kind }) => kind === 'window').map(({ quality }) => quality);
    expect(Math.min(...windows(clean).slice(1))).toBeGreaterThan(0.9);
    const mean = windows(noise).reduce((sum, quality) => sum + quality, 0) / windows(noise).length;
    expect(mean).toBeLessThan(0.25);
    expect(kindsOf(noise)).toContain('unusable noise');
  });

  it('lowers the quality under motion, and says so', () => {
    const rateHz = 64;
    const { samples } = wave({ rateHz, seconds: 60 });
    const framesOf = (shakeG: number) => {
      const frames = new Float32Array(samples.length * 4);
      samples.forEach((x, i) => {
        frames.set([x, shakeG * Math.sin((2 * Math.PI * 2.1 * i) / rateHz), Number.NaN, 1], 4 * i);
      });
      return frames;
    };
    const beats = (shakeG: number) =>
      findingsOf(framesOf(shakeG), rateHz, { channelCount: 4 })
        .filter(({ kind }) => kind === 'beat')
        .slice(10);
    const still = beats(0);
    const shaken = beats(1);
    expect(shaken.map(({ sample }) => sample)).toEqual(still.map(({ sample }) => sample));
    shaken.forEach((beat, i) => {
      expect(beat.quality).toBeLessThan(still[i]!.quality);
    });
    expect(shaken.every(({ flags }) => ppgFlagNames(flags).includes('motion'))).toBe(true);
    expect(still.every(({ flags }) => flags === 0)).toBe(true);
  });

  // What was taken for pulses at first must not be the measure of pulses for ever.
  it.each([0.003, 0.03, 0.3, 3, 30, 300])('finds the pulses after 1.6 s of noise %d times as high', (height) => {
    const rateHz = 64;
    const { samples, beats } = wave({ rateHz, seconds: 60 });
    for (const seed of [1, 2, 3, 4, 5]) {
      const next = chance(seed);
      const late = samples.map((x, i) => (i < 1.6 * rateHz ? height * (next() - 0.5) : x));
      const findings = findingsOf(late, rateHz, { polarity: 1 });
      const { missed, extra } = compare(beatsOf(findings, rateHz), beats, 12, 58);
      expect({ seed, missed, extra }).toEqual({ seed, missed: 0, extra: 0 });
      expect(
        kindsOf(findings)
          .filter((kind) => kind !== 'beat')
          .at(-1) ?? 'usable',
      ).toBe('usable');
    }
  });

  it('notices that it had the signal upside down, and says so', () => {
    const rateHz = 64;
    const { samples } = wave({ rateHz, seconds: 60 });
    // Two seconds of the steep side downwards, then a minute of truth.
    const turned = samples.map((x, i) => (i < 2 * rateHz ? -3 * x : x));
    const findings = findingsOf(turned, rateHz);
    const turn = findings.find(({ flags }) => ppgFlagNames(flags).includes('turned'))!;
    expect(turn.kind).toBe('unusable');
    expect(turn.sample).toBeLessThan(15 * rateHz);
    expect(beatsOf(findings, rateHz).length).toBeGreaterThan(55);
  });
});

describe('bad input', () => {
  const rateHz = 64;
  const { samples, beats } = wave({ rateHz, seconds: 90 });

  function broken(from: number, to: number, value: (i: number) => number): PpgFinding[] {
    return findingsOf(
      samples.map((x, i) => (i >= from * rateHz && i < to * rateHz ? value(i) : x)),
      rateHz,
    );
  }

  for (const [name, value] of [
    ['NaN', Number.NaN],
    ['infinity', Number.NEGATIVE_INFINITY],
    ['a number no light has', 3e38],
  ] as const) {
    it(`names ${name} as missing, fills nothing and goes on after it`, () => {
      const findings = broken(30, 40, () => value);
      const [off, on] = findings.filter(({ kind }) => kind === 'unusable' || kind === 'usable');
      expect(kindsOf([off!, on!])).toEqual(['unusable missing', 'usable']);
      expect([off!.sample, on!.sample]).toEqual([30 * rateHz, 40 * rateHz]);
      const found = beatsOf(findings, rateHz);
      expect(found.some((t) => t > 30.1 && t < 40)).toBe(false);
      expect(compare(found, beats, 2, 29)).toMatchObject({ missed: 0, extra: 0 });
      expect(compare(found, beats, 42, 88)).toMatchObject({ missed: 0, extra: 0 });
    });
  }

  it('names a signal that stands still, from where it stood', () => {
    const findings = broken(30, 40, () => 1.5);
    const changes = findings.filter(({ kind }) => kind === 'unusable' || kind === 'usable');
    expect(kindsOf(changes)).toEqual(['unusable flat', 'usable']);
    expect(changes[0]!.sample / rateHz).toBeCloseTo(30, 1);
    expect(changes[1]!.sample / rateHz).toBeCloseTo(40, 1);
  });

  it('names a full-scale square wave as clipped', () => {
    const findings = broken(30, 45, (i) => (i % 50 < 25 ? 65535 : 0));
    const changes = findings.filter(({ kind }) => kind === 'unusable' || kind === 'usable');
    expect(kindsOf(changes)[0]).toBe('unusable clipped');
    expect(changes[0]!.sample / rateHz).toBeLessThan(32);
    expect(kindsOf(changes).at(-1)).toBe('usable');
    expect(compare(beatsOf(findings, rateHz), beats, 50, 88)).toMatchObject({ missed: 0, extra: 0 });
  });

  it('is silent on one sample, on none and on a constant', () => {
    expect(findingsOf(new Float32Array(0), rateHz)).toEqual([]);
    expect(findingsOf(new Float32Array(1), rateHz)).toEqual([]);
    expect(kindsOf(findingsOf(new Float32Array(300).fill(7), rateHz))).toEqual(['unusable flat']);
  });

  it('says little in hours off the skin, and finds the pulse when it is put on again', () => {
    const hours = findingsOf(
      Float32Array.from([...new Float32Array(3 * 3600 * 25).fill(2048), ...wave({ rateHz: 25, seconds: 60 }).samples]),
      25,
    );
    expect(kindsOf(hours).slice(0, 2)).toEqual(['unusable flat', 'usable']);
    expect(beatsOf(hours, 25).length).toBeGreaterThan(65);
    expect(hours.filter(({ kind }) => kind === 'window').length).toBe(3 * 360 + 6);
  });

  it('refuses settings out of range', () => {
    for (const settings of [
      { rateHz: 19 },
      { rateHz: 257 },
      { rateHz: Number.NaN },
      { polarity: 2 },
      { channelCount: 0 },
      { channelCount: 5 },
    ]) {
      expect(() => PpgCore.create({ rateHz: 64, ...AUTO, ...settings })).toThrow(/bad-argument/);
    }
  });

  it('takes nothing after flush until reset, and is then as new', () => {
    const core = PpgCore.create({ rateHz, ...AUTO });
    const fresh = core.snapshot();
    core.push(samples);
    core.flush();
    expect(core.flush()).toEqual([]);
    expect(() => core.push(new Float32Array(1))).toThrow(/wrong-state/);
    core.reset();
    expect(core.snapshot()).toEqual(fresh);
  });
});
