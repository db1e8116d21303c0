// The ecg core as shipped: synthetic signals whose R peaks are known, properties of any signal, hostile input. Annotated recordings are
// in ecg-recordings.test.ts.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { instantiateCore } from '../../host/core-module.ts';
import { coreCatalog, EcgCore, type EcgFinding } from '../../index.ts';
import { scoreBeats } from './beat-score.testkit.ts';
import { type EcgWish, synthesizeEcg } from './synthetic-ecg.testkit.ts';

const WASM_BYTES_MAX = 12 * 1024;
const INSTANCE_BYTES_MAX = 16 * 1024;
const DELAY_MAX_S = 2;
const RATES_HZ = [50, 128, 250, 360, 1000];

function detect(samples: Float32Array, rateHz: number, blockCount = samples.length || 1): EcgFinding[] {
  const core = EcgCore.create({ rateHz });
  const findings: EcgFinding[] = [];
  for (let i = 0; i < samples.length; i += blockCount) findings.push(...core.push(samples.subarray(i, i + blockCount)));
  return [...findings, ...core.flush()];
}

function beatsOf(findings: EcgFinding[]): number[] {
  return findings.filter((finding) => finding.kind === 'beat').map((finding) => finding.sample);
}

function troublesOf(findings: EcgFinding[]): [kind: string, flags: number, sample: number][] {
  return findings
    .filter(({ kind }) => kind === 'unusable' || kind === 'usable')
    .map((finding) => [finding.kind, finding.flags, finding.sample]);
}

function concat(...parts: Float32Array[]): Float32Array {
  return Float32Array.from(parts.flatMap((part) => [...part]));
}

const wishes: fc.Arbitrary<EcgWish> = fc.record({
  rateHz: fc.constantFrom(...RATES_HZ),
  seconds: fc.integer({ min: 5, max: 30 }),
  bpm: fc.integer({ min: 45, max: 150 }),
  noise: fc.double({ min: 0.001, max: 0.05, noNaN: true }),
  seed: fc.integer({ min: 1, max: 1e9 }),
});

describe('ecg module', () => {
  it('fits a device', () => {
    expect(coreCatalog.get('ecg').bytes.length).toBeLessThanOrEqual(WASM_BYTES_MAX);
    expect(EcgCore.create({ rateHz: 1000 }).instanceBytes).toBeLessThanOrEqual(INSTANCE_BYTES_MAX);
  });

  it('refuses rates it is not made for', () => {
    for (const rateHz of [0, 49.9, 1000.1, -250, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(() => EcgCore.create({ rateHz })).toThrow(/bad-argument/);
    }
  });
});

describe('ecg on a synthetic signal', () => {
  for (const rateHz of RATES_HZ) {
    for (const bpm of [30, 40, 72, 120, 180, 220]) {
      it(`finds every beat at ${rateHz} Hz and ${bpm} a minute, where it is`, () => {
        const { samples, peaks } = synthesizeEcg({ rateHz, seconds: 60, bpm, noise: 0.01, seed: bpm });
        const score = scoreBeats(peaks, beatsOf(detect(samples, rateHz)), rateHz, 0);
        expect([score.missed, score.extra]).toEqual([0, 0]);
        // Half a sample, and what noise of 1 % does to the place of a summit.
        expect(score.errorMsMax).toBeLessThan(500 / rateHz + 3);
        expect(Math.abs(score.biasMs)).toBeLessThan(1.5);
      });
    }
  }

  for (const bpm of [25, 250, 280]) {
    it(`finds every beat at ${bpm} a minute once it has learned them`, () => {
      for (const rateHz of [128, 250, 360, 1000]) {
        const { samples, peaks } = synthesizeEcg({ rateHz, seconds: 60, bpm, noise: 0.01, seed: bpm });
        const score = scoreBeats(peaks, beatsOf(detect(samples, rateHz)), rateHz, 5);
        expect([rateHz, score.missed, score.extra]).toEqual([rateHz, 0, 0]);
      }
    });
  }

  it('finds the first and the last beat', () => {
    const { samples, peaks } = synthesizeEcg({ rateHz: 250, seconds: 10, bpm: 60, noise: 0.005, seed: 3 });
    const beats = beatsOf(detect(samples, 250));
    expect(Math.abs(beats[0]! - peaks[0]!)).toBeLessThan(2);
    expect(Math.abs(beats.at(-1)! - peaks.at(-1)!)).toBeLessThan(2);
  });

  it('finds no beats in a pause with P waves, and none too few after it', () => {
    const { samples, peaks } = synthesizeEcg({
      rateHz: 250,
      seconds: 300,
      bpm: 72,
      noise: 0.02,
      seed: 8,
      pauseEveryS: 12,
    });
    const score = scoreBeats(peaks, beatsOf(detect(samples, 250)), 250, 0);
    expect([score.missed, score.extra]).toEqual([0, 0]);
  });

  it('finds the beats again when the signal becomes twenty times smaller', () => {
    const { samples, peaks } = synthesizeEcg({ rateHz: 250, seconds: 120, bpm: 72, noise: 0.002, seed: 4 });
    const dropAt = 60 * 250;
    const score = scoreBeats(
      peaks,
      beatsOf(
        detect(
          samples.map((x, i) => (i < dropAt ? x : x / 20)),
          250,
        ),
      ),
      250,
      70,
    );
    expect([score.missed, score.extra]).toEqual([0, 0]);
  });

  it('gives clean beats a high quality and noise a low one', () => {
    const { samples } = synthesizeEcg({ rateHz: 250, seconds: 60, bpm: 70, noise: 0.01, seed: 5 });
    const clean = detect(samples, 250).filter((finding) => finding.kind === 'beat');
    expect(Math.min(...clean.slice(2).map((beat) => beat.quality))).toBeGreaterThan(0.8);
    const noise = synthesizeEcg({ rateHz: 250, seconds: 60, bpm: 70, noise: 5, seed: 5 }).samples;
    const qualities = detect(noise, 250)
      .filter((finding) => finding.kind === 'beat')
      .map((beat) => beat.quality);
    expect(qualities.reduce((sum, quality) => sum + quality, 0) / qualities.length).toBeLessThan(0.5);
  });
});

describe('ecg for any signal', () => {
  it('does not care for gain, offset and polarity', () => {
    fc.assert(
      fc.property(
        wishes,
        fc.constantFrom(1e-6, 0.005, 1, 300, 1e6),
        fc.constantFrom(1, -1),
        fc.double({ min: -50, max: 50, noNaN: true }),
        (wish, gain, sign, offset) => {
          const { samples } = synthesizeEcg(wish);
          const expected = beatsOf(detect(samples, wish.rateHz));
          const changed = samples.map((x) => gain * (sign * x + offset));
          const beats = beatsOf(detect(changed, wish.rateHz));
          expect(beats.length).toBe(expected.length);
          beats.forEach((beat, i) => {
            expect(Math.abs(beat - expected[i]!)).toBeLessThanOrEqual(1);
          });
        },
      ),
      { numRuns: 60 },
    );
  });

  it('gives the same bits in blocks of any size', () => {
    fc.assert(
      fc.property(wishes, fc.integer({ min: 1, max: 5000 }), (wish, blockCount) => {
        const { samples } = synthesizeEcg(wish);
        expect(detect(samples, wish.rateHz, blockCount)).toEqual(detect(samples, wish.rateHz));
      }),
      { numRuns: 60 },
    );
  });

  it('tells findings in order, within two seconds, in multiples of 1/1024', () => {
    fc.assert(
      fc.property(wishes, fc.array(fc.nat(30_000), { maxLength: 8 }), (wish, holes) => {
        const { samples } = synthesizeEcg(wish);
        for (const hole of holes) samples.fill(Number.NaN, hole, hole + 1 + (hole % 97));
        const core = EcgCore.create({ rateHz: wish.rateHz });
        let last = 0;
        for (let i = 0; i < samples.length; i++) {
          for (const finding of core.push(samples.subarray(i, i + 1))) {
            expect(finding.sample).toBeGreaterThanOrEqual(last);
            expect(i + 1 - finding.sample).toBeLessThanOrEqual(DELAY_MAX_S * wish.rateHz);
            expect(Number.isInteger(finding.sample * 1024)).toBe(true);
            last = finding.sample;
          }
        }
      }),
      { numRuns: 25 },
    );
  });

  it('survives arbitrary floats with finite findings', () => {
    fc.assert(
      fc.property(fc.constantFrom(...RATES_HZ), fc.float32Array({ maxLength: 3000 }), (rateHz, samples) => {
        for (const { sample, quality } of detect(samples, rateHz)) {
          expect(sample).toBeGreaterThanOrEqual(0);
          expect(sample).toBeLessThanOrEqual(samples.length);
          expect(quality).toBeGreaterThanOrEqual(0);
          expect(quality).toBeLessThanOrEqual(1);
        }
      }),
      { numRuns: 200 },
    );
  });

  it('continues from a snapshot bit for bit', () => {
    fc.assert(
      fc.property(wishes, fc.double({ min: 0, max: 1, noNaN: true }), (wish, share) => {
        const { samples } = synthesizeEcg(wish);
        const cut = Math.floor(share * samples.length);
        const first = EcgCore.create({ rateHz: wish.rateHz });
        first.push(samples.subarray(0, cut));
        const second = EcgCore.create({ rateHz: 500 });
        second.restore(first.snapshot());
        expect(second.push(samples.subarray(cut))).toEqual(first.push(samples.subarray(cut)));
        expect(second.flush()).toEqual(first.flush());
        expect(second.snapshot()).toEqual(first.snapshot());
      }),
      { numRuns: 30 },
    );
  });
});

describe('ecg on a signal that cannot be used', () => {
  const rateHz = 250;
  const ecg = (seconds: number, seed: number) => synthesizeEcg({ rateHz, seconds, bpm: 70, noise: 0.01, seed }).samples;

  it('names a gap and goes on after it', () => {
    const gap = new Float32Array(3 * rateHz).fill(Number.NaN);
    const findings = detect(concat(ecg(10, 1), gap, ecg(10, 2)), rateHz);
    expect(troublesOf(findings)).toEqual([
      ['unusable', 1, 10 * rateHz],
      ['usable', 0, 13 * rateHz],
    ]);
    const beats = beatsOf(findings);
    expect(beats.some((beat) => beat > 10 * rateHz && beat < 13 * rateHz)).toBe(false);
    expect(beats.filter((beat) => beat > 13 * rateHz).length).toBeGreaterThanOrEqual(10);
  });

  it('takes infinities and numbers no voltage needs for missing', () => {
    for (const odd of [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 3e38]) {
      const findings = detect(concat(ecg(5, 1), Float32Array.of(odd), ecg(5, 2)), rateHz);
      expect(troublesOf(findings)).toEqual([
        ['unusable', 1, 5 * rateHz],
        ['usable', 0, 5 * rateHz + 1],
      ]);
    }
  });

  it('loses no beat but the hidden one to a short gap', () => {
    const { samples, peaks } = synthesizeEcg({ rateHz, seconds: 30, bpm: 60, noise: 0.005, seed: 9 });
    const hidden = Math.round(peaks[15]!);
    samples.fill(Number.NaN, hidden - 20, hidden + 20);
    const score = scoreBeats(peaks, beatsOf(detect(samples, rateHz)), rateHz, 0);
    expect([score.missed, score.extra]).toEqual([1, 0]);
  });

  it('calls a signal that stands still flat, from where it stood', () => {
    const flat = new Float32Array(60 * rateHz).fill(0.25);
    const findings = detect(concat(ecg(10, 1), flat, ecg(10, 2)), rateHz);
    const troubles = troublesOf(findings);
    expect(troubles.map(([kind, flags]) => [kind, flags])).toEqual([
      ['unusable', 2],
      ['usable', 0],
    ]);
    expect(Math.abs(troubles[0]![2] - 10 * rateHz)).toBeLessThanOrEqual(1);
    expect(troubles[1]![2]).toBe(70 * rateHz);
    expect(beatsOf(findings).every((beat) => beat < 10.2 * rateHz || beat > 70 * rateHz)).toBe(true);
  });

  it('stays silent through hours of lead-off', () => {
    const core = EcgCore.create({ rateHz });
    const findings = core.push(ecg(10, 1));
    const block = new Float32Array(60 * rateHz).fill(-3);
    for (let minute = 0; minute < 240; minute++) findings.push(...core.push(block));
    findings.push(...core.push(ecg(10, 2)), ...core.flush());
    expect(troublesOf(findings).map(([kind]) => kind)).toEqual(['unusable', 'usable']);
    expect(beatsOf(findings).filter((beat) => beat > (10 + 240 * 60) * rateHz).length).toBeGreaterThanOrEqual(10);
  });

  it('calls a full-scale square wave clipped', () => {
    for (const periodS of [0.2, 0.5, 1, 2]) {
      const half = Math.round((periodS * rateHz) / 2);
      const square = Float32Array.from({ length: 20 * rateHz }, (_, i) =>
        Math.floor(i / half) % 2 ? 32_767 : -32_768,
      );
      const findings = detect(square, rateHz);
      expect(troublesOf(findings)).toEqual([['unusable', 4, expect.any(Number)]]);
      expect(beatsOf(findings).length).toBeLessThan(12);
    }
  });

  it('calls an amplifier that hangs at its rail clipped', () => {
    const signal = concat(
      ecg(10, 1),
      ecg(2, 2).map((x) => Math.min(2, x + 3)),
      ecg(10, 3),
    );
    const troubles = troublesOf(detect(signal, rateHz));
    expect(troubles.map(([kind, flags]) => [kind, flags])).toEqual([
      ['unusable', 4],
      ['usable', 0],
    ]);
    expect(troubles[0]![2]).toBeGreaterThanOrEqual(10 * rateHz - 1);
    expect(troubles[1]![2]).toBeLessThan(13 * rateHz);
  });

  it('does not take the still baseline between pulses for a rail', () => {
    const pulses = Float32Array.from({ length: 7450 }, (_, i) => Math.max(0, 1 - Math.abs((i % 200) - 100) / 8));
    const findings = detect(pulses, rateHz);
    expect(troublesOf(findings)).toEqual([]);
    expect(beatsOf(findings)).toEqual(Array.from({ length: 38 }, (_, k) => 100 + 200 * k).filter((s) => s < 7500));
  });

  it('says nothing of nothing', () => {
    expect(detect(new Float32Array(0), rateHz)).toEqual([]);
    expect(detect(Float32Array.of(1), rateHz)).toEqual([]);
    expect(detect(Float32Array.of(Number.NaN), rateHz)).toEqual([
      { sample: 0, quality: 0, kind: 'unusable', flags: 1 },
    ]);
  });

  it('takes no samples after flush until reset', () => {
    const core = EcgCore.create({ rateHz });
    core.flush();
    expect(() => core.push(new Float32Array(1))).toThrow(/wrong-state/);
    core.reset();
    expect(core.push(new Float32Array(1))).toEqual([]);
  });
});

describe('ecg for a caller in C', () => {
  const rateHz = 250;
  const { samples } = synthesizeEcg({ rateHz, seconds: 60, bpm: 100, noise: 0.01, seed: 2 });

  /** The verbs with an instance, one block of input and room for findings placed by hand. */
  function place() {
    const core = instantiateCore(coreCatalog.get('ecg'));
    const at = core.arena();
    const from = at + core.size();
    const into = from + 4 * samples.length;
    while (core.memory.buffer.byteLength < into + 4096) core.memory.grow(1);
    new Float32Array(core.memory.buffer, from, samples.length).set(samples);
    return { core, at, from, into };
  }

  it('answers every verb before init with not-initialised', () => {
    const { core, at, from, into } = place();
    for (const answer of [core.push(at, from, 1), core.poll(at, into, 1), core.flush(at), core.reset(at)]) {
      expect(answer).toBe(-3);
    }
  });

  it('refuses addresses and counts that are none', () => {
    const { core, at, from, into } = place();
    expect([core.init(0, rateHz), core.init(at + 4, rateHz), core.init(0xfffffff8 | 0, rateHz)]).toEqual([-1, -1, -1]);
    expect(core.init(at, rateHz)).toBe(0);
    expect([core.push(at, from + 2, 1), core.push(at, from, 1 << 30), core.push(at, from, -1)]).toEqual([-1, -1, -2]);
    expect([core.poll(at, into + 4, 1), core.poll(at, 0, 1), core.poll(at, into, -1)]).toEqual([-1, -1, -2]);
  });

  it('takes no more than its findings leave room for, and loses none of them', () => {
    const { core, at, from, into } = place();
    const expected = detect(samples, rateHz).map((finding) => finding.sample);
    core.init(at, rateHz);
    const found: number[] = [];
    const view = new DataView(core.memory.buffer);
    const pollAll = (count: number) => {
      for (let written = core.poll(at, into, count); written > 0; written = core.poll(at, into, count)) {
        for (let i = 0; i < written; i++) found.push(view.getFloat64(into + 16 * i, true));
      }
    };
    let taken = core.push(at, from, samples.length);
    expect(taken).toBeLessThan(samples.length);
    while (taken < samples.length) {
      pollAll(3);
      taken += core.push(at, from + 4 * taken, samples.length - taken);
    }
    // Not polled before flush: the last findings wait behind the others.
    expect(core.flush(at)).toBe(0);
    pollAll(5);
    expect(found).toEqual(expected);
  });

  it('works from a copy of its bytes at another address', () => {
    const { core, at, from, into } = place();
    core.init(at, rateHz);
    core.push(at, from, 3000);
    const other = (into + 4096 + 7) & ~7;
    while (core.memory.buffer.byteLength < other + core.size()) core.memory.grow(1);
    const bytes = new Uint8Array(core.memory.buffer);
    bytes.copyWithin(other, at, at + core.size());
    for (const instance of [at, other]) {
      core.push(instance, from + 12_000, 3000);
      core.flush(instance);
    }
    expect(bytes.slice(other, other + core.size())).toEqual(bytes.slice(at, at + core.size()));
  });
});
