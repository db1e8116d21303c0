import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  AR,
  compileSpectrum,
  endsOf,
  heartOf,
  KUBIOS,
  LOMB,
  NAMES,
  NEUROKIT,
  NORMALISED,
  OWN,
  spectrumOf,
  TASKFORCE,
  WELCH,
} from './spectrum.testkit.ts';

interface Case {
  name: string;
  rrMs: number[];
  endsMs: number[];
  values: Record<string, (number | null)[]>;
}

const vectors = JSON.parse(readFileSync(new URL('../../vectors/spectrum-reference.json', import.meta.url), 'utf8'));

/** Name in the vectors, profile, method, relative tolerance. */
const REFERENCES: [string, number, number, number][] = [
  ['neurokit', NEUROKIT, OWN, 1e-6],
  ['neurokit normalised', NORMALISED, OWN, 1e-6],
  ['kubios', KUBIOS, OWN, 1e-8],
  ['taskforce', TASKFORCE, OWN, 1e-10],
  ['kubios, AR', KUBIOS, AR, 1e-8],
  ['kubios, Lomb', KUBIOS, LOMB, 1e-9],
  ['neurokit, Lomb', NEUROKIT, LOMB, 1e-9],
];

let wasm: Awaited<ReturnType<typeof compileSpectrum>>;
beforeAll(async () => {
  wasm = await compileSpectrum();
});

describe('against other implementations (vectors/make-spectrum.py)', () => {
  for (const [key, profile, method, tolerance] of REFERENCES) {
    for (const entry of (vectors.cases as Case[]).filter((one) => one.values[key])) {
      it(`${key}: ${entry.name}`, () => {
        const { value } = spectrumOf(wasm, entry.rrMs, profile, { method, endsMs: entry.endsMs });
        entry.values[key]!.forEach((expected, i) => {
          const actual = value[NAMES[i]!];
          // NeuroKit2's sum of no bands at all is 0; here it does not exist.
          if (expected === null || (NAMES[i] === 'TP' && expected === 0)) expect(actual, NAMES[i]).toBeNaN();
          else expect(Math.abs(actual / expected - 1), `${NAMES[i]} ${actual} ${expected}`).toBeLessThan(tolerance);
        });
      });
    }
  }
});

const PROFILES = [NEUROKIT, KUBIOS, TASKFORCE];
const METHODS = [OWN, WELCH, AR, LOMB];
const everyWay = PROFILES.flatMap((profile) => METHODS.map((method) => [profile, method] as const));
const wave = (hz: number, amplitudeMs: number) => (timeS: number) =>
  800 + amplitudeMs * Math.sin(2 * Math.PI * hz * timeS);
const lively = heartOf(300, (timeS) => wave(0.1, 30)(timeS) + 20 * Math.sin(1.7 * timeS) + 15 * Math.sin(40.3 * timeS));

describe('power', () => {
  it.each(everyWay)('of a sine of 20 ms is 200 ms2, in its band (profile %i, method %i)', (profile, method) => {
    // A line is narrower than the bins on which an autoregressive model is read.
    if (method === AR) return;
    // A spline through 1.25 values a second bends a wave of 0.25 Hz a little.
    const share = method === LOMB ? 0.02 : 0.05;
    const slow = spectrumOf(wasm, heartOf(300, wave(0.1, 20)), profile, { method }).value;
    expect(Math.abs(slow.LF / 200 - 1)).toBeLessThan(share);
    expect(slow.HF).toBeLessThan(4);
    const fast = spectrumOf(wasm, heartOf(300, wave(0.25, 20)), profile, { method }).value;
    expect(Math.abs(fast.HF / 200 - 1)).toBeLessThan(share + 0.05);
    expect(fast.LF).toBeLessThan(4);
  });

  it.each(everyWay)('grows with the square of the amplitude (profile %i, method %i)', (profile, method) => {
    const once = spectrumOf(wasm, lively, profile, { method });
    const mean = lively[0]!;
    const endsMs = endsOf(lively);
    // Only Lomb keeps its times when the lengths change; the splines' times are the sums of the lengths.
    if (method !== LOMB) return;
    const twice = spectrumOf(
      wasm,
      lively.map((rr) => mean + 2 * (rr - mean)),
      profile,
      { method, endsMs },
    );
    expect(twice.value.LF / once.value.LF).toBeCloseTo(4, 1);
    expect(twice.value.LFHF / once.value.LFHF).toBeCloseTo(1, 9);
  });

  it('of uneven times does not depend on when the clock started', () => {
    const endsMs = endsOf(lively);
    const early = spectrumOf(wasm, lively, KUBIOS, { method: LOMB, endsMs }).value;
    const late = spectrumOf(wasm, lively, KUBIOS, { method: LOMB, endsMs: endsMs.map((end) => end + 2 ** 30) }).value;
    for (const name of ['VLF', 'LF', 'HF'] as const) expect(late[name] / early[name]).toBeCloseTo(1, 6);
  });
});

describe('what does not exist', () => {
  it.each(everyWay)('is no number from 0, 1, 2 or 3 beats (profile %i, method %i)', (profile, method) => {
    for (const rrMs of [[], [800], [800, 850]]) {
      const { value, error } = spectrumOf(wasm, rrMs, profile, { method });
      for (const name of NAMES) expect([value[name], error[name]]).toEqual([Number.NaN, Number.NaN]);
    }
  });

  it.each(everyWay)(
    'a constant series has no ratios, and no power but 0 (profile %i, method %i)',
    (profile, method) => {
      const { value } = spectrumOf(wasm, Array(400).fill(800), profile, { method });
      for (const name of ['LFHF', 'LFn', 'HFn', 'LnHF'] as const) expect(value[name]).toBeNaN();
      for (const name of ['VLF', 'LF', 'HF'] as const) expect(value[name] || 0).toBe(0);
      expect(value.TP).toBe(0);
    },
  );

  it.each(everyWay)('of what no heart does, or it is a number (profile %i, method %i)', (profile, method) => {
    const series = [
      Array(40).fill(1e-9),
      Array(40).fill(1e12),
      Array(40).fill(1e300),
      Array.from({ length: 40 }, (_, i) => (i % 2 ? 1e-6 : 60_000)),
      Array.from({ length: 300 }, (_, i) => (i % 2 ? 300 : 1300)),
      Array.from({ length: 60 }, (_, i) => (i % 3 ? -700 : 900)),
      Array.from({ length: 12 }, (_, i) => 1e4 + i),
    ];
    for (const rrMs of series) {
      const { value, error } = spectrumOf(wasm, rrMs, profile, { method });
      for (const name of NAMES) {
        expect(Math.abs(value[name])).not.toBe(Infinity);
        expect(error[name]).not.toBe(Infinity);
        if (error[name] >= 0) expect(value[name]).not.toBeNaN();
      }
    }
  });

  it('a band of which less than two cycles were measured', () => {
    const short = spectrumOf(wasm, lively.slice(0, 50), KUBIOS).value;
    expect(short.HF).toBeGreaterThan(0);
    expect([short.LF, short.VLF, short.TP, short.LFHF]).toEqual(Array(4).fill(Number.NaN));
  });

  it('all of it when the work memory is too small by 8 bytes', () => {
    // Exactly what is needed, and the next power of two of points is some way off.
    const { value } = spectrumOf(wasm, lively, KUBIOS, { lack: 8 });
    expect(value.HF).toBeNaN();
  });
});

describe('a gap', () => {
  const endsMs = endsOf(lively).map((end, i) => (i < 180 ? end : end + 20_000));
  const gapped = lively.map((rr, i) => (i === 180 ? -rr : rr));

  it.each(PROFILES)('is bridged by no spline: the spectrum is Lomb and Scargle (profile %i)', (profile) => {
    const own = spectrumOf(wasm, gapped, profile, { endsMs });
    const asked = spectrumOf(wasm, gapped, profile, { endsMs, method: LOMB });
    expect(own).toEqual(asked);
    const whole = spectrumOf(wasm, lively, profile, { method: LOMB }).value;
    expect(Math.abs(own.value.HF / whole.HF - 1)).toBeLessThan(0.1);
    expect(Math.abs(own.value.LF / whole.LF - 1)).toBeLessThan(0.1);
  });

  it.each(PROFILES)('before the first interval changes nothing (profile %i)', (profile) => {
    const after = lively.map((rr, i) => (i === 0 ? -rr : rr));
    expect(spectrumOf(wasm, after, profile)).toEqual(spectrumOf(wasm, lively, profile));
  });

  it('of hours leaves the segments on either side', () => {
    const far = endsOf(lively).map((end, i) => (i < 180 ? end : end + 30 * 3600_000));
    const { value } = spectrumOf(wasm, gapped, KUBIOS, { endsMs: far });
    const near = spectrumOf(wasm, gapped, KUBIOS, { endsMs }).value;
    expect(Math.abs(value.HF / near.HF - 1)).toBeLessThan(0.2);
  });
});

describe('standard errors', () => {
  it('agree with the spread over many series of the same noise', () => {
    const seed = 20;
    for (const [profile, method] of [
      [NEUROKIT, OWN],
      [KUBIOS, OWN],
      [TASKFORCE, OWN],
      [KUBIOS, LOMB],
    ] as const) {
      const logs: number[] = [];
      let claimed = 0;
      let state = seed;
      for (let series = 0; series < 60; series++) {
        const rrMs = heartOf(300, () => {
          state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
          return 800 + (state / 2 ** 31 - 1) * 40;
        });
        const { value, error } = spectrumOf(wasm, rrMs, profile, { method });
        logs.push(value.LnHF);
        claimed += error.LnHF / 60;
      }
      const mean = logs.reduce((a, b) => a + b) / 60;
      const spread = Math.sqrt(logs.reduce((sum, x) => sum + (x - mean) ** 2, 0) / 59);
      expect(claimed / spread, `seed ${seed}, profile ${profile}: ${claimed} ${spread}`).toBeGreaterThan(0.75);
      expect(claimed / spread, `seed ${seed}, profile ${profile}: ${claimed} ${spread}`).toBeLessThan(1.45);
    }
  });
});

describe('memory', () => {
  it('for five minutes is named in advance and stays below 17 kB, for NeuroKit2 and a model of order 16 below 30', () => {
    for (const profile of [...PROFILES, NORMALISED]) {
      for (const method of METHODS) {
        expect(wasm.defaultWorkBytes(profile, method, 600)).toBeLessThan(
          method === AR || profile === NEUROKIT || profile === NORMALISED ? 30_000 : 17_000,
        );
      }
    }
  });
});
