// `maibo analyze` with HRV by profile and over windows: options, JSON, text and page.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { useFolder } from '../gateway/made-store.testkit.ts';
import { expectRefusal, maibo } from './run-maibo.testkit.ts';

const path = useFolder('analyze');
const intervalsMs = Array.from({ length: 600 }, (_, i) => Math.round(800 + 60 * Math.sin(i / 2) + ((i * 7919) % 31)));
const RR = write('rr.txt', intervalsMs);

afterEach(() => vi.restoreAllMocks());

function write(name: string, values: readonly (number | string)[]): string {
  writeFileSync(path(name), `${values.join('\n')}\n`);
  return path(name);
}

async function jsonOf(...argv: string[]) {
  const { code, out, err } = await maibo('analyze', ...argv, '--json');
  expect(code, err).toBe(0);
  expect(out).not.toMatch(/NaN|Infinity|undefined/);
  return JSON.parse(out);
}

describe('maibo analyze, HRV', () => {
  it('gives a standard error under the name of every index', async () => {
    const { hrv, hrvError, series } = await jsonOf(RR);
    expect(Object.keys(hrvError)).toEqual(Object.keys(hrv));
    expect(hrvError.HRV_SDNN).toBeGreaterThan(0);
    expect(series).toBeNull();
    expect((await maibo('analyze', RR)).out).toMatch(/HRV_SDNN\s+\d+\.\d{3} ± \d/);
  });

  it('takes for the neurokit profile every interval as it is', async () => {
    const odd = write('odd.txt', [...intervalsMs.slice(0, 300), 150, 3_000, ...intervalsMs.slice(300)]);
    const exact = await jsonOf(odd, '--profile', 'neurokit');
    expect(exact.hrvBasis).toMatchObject({ profile: 'neurokit', intervals: 'exact', count: 602 });
    expect(exact.hrv).toMatchObject({ HRV_MinNN: 150, HRV_MaxNN: 3_000 });
    const ours = await jsonOf(odd);
    expect(ours.hrvBasis).toMatchObject({ profile: 'maibo', intervals: 'original', count: 600 });
    expect(ours.hrv.HRV_MaxNN).toBeLessThan(1_000);
  });

  it('corrects for kubios and taskforce, and otherwise when asked', async () => {
    const early = intervalsMs.map((ms, i) => (i === 200 ? ms - 300 : i === 201 ? ms + 300 : ms));
    const file = write('early.txt', early);
    const choice = async (...argv: string[]) => (await jsonOf(file, ...argv)).hrvBasis.intervals;
    expect(await choice('--profile', 'kubios')).toBe('corrected');
    expect(await choice('--profile', 'taskforce')).toBe('corrected');
    expect(await choice('--profile', 'kubios', '--no-correct')).toBe('original');
    expect(await choice('--profile', 'neurokit', '--correct')).toBe('corrected');
    expect(await choice('--correct')).toBe('corrected');
    const [plain, corrected] = [await jsonOf(file), await jsonOf(file, '--correct')];
    expect(corrected.hrv.HRV_RMSSD).toBeLessThan(plain.hrv.HRV_RMSSD);
  });

  it('takes every spectrum, and normalised powers of neurokit alone', async () => {
    for (const spectrum of ['welch', 'ar', 'lomb']) await jsonOf(RR, '--spectrum', spectrum);
    await jsonOf(RR, '--profile', 'neurokit', '--normalize');
    expectRefusal(await maibo('analyze', RR, '--normalize'), 'neurokit');
  });
});

describe('maibo analyze --profile neurokit', () => {
  interface Golden {
    readonly name: string;
    readonly rrMs: readonly number[];
    readonly gaps: readonly unknown[];
    readonly values: Readonly<Record<string, number | null>>;
    readonly rqa: Readonly<Record<string, number | null>>;
  }
  const golden = fileURLToPath(new URL('../../firmware-wasm/vectors/hrv-neurokit2.json', import.meta.url));
  const { origin, made } = JSON.parse(readFileSync(golden, 'utf8')) as { origin: string; made: readonly Golden[] };

  /** ms: intervals are whole ticks of 1/16384 ms (cores/hrv/NOTES.md, which has closer bounds for each index; the core's own tests hold them). */
  const FLOOR = 1e-4;

  for (const { name, rrMs, values, rqa } of made.filter(({ gaps }) => gaps.length === 0)) {
    it(`says of "${name}" what ${origin.split(',')[0]} says, in all its columns`, async () => {
      const { hrv } = await jsonOf(write('golden.txt', rrMs), '--format', 'rr', '--profile', 'neurokit');
      for (const [column, expected] of Object.entries({ ...values, ...rqa })) {
        const found = hrv[column];
        if (expected === null) expect(found, column).toBeNull();
        else expect(Math.abs(found - expected), column).toBeLessThanOrEqual(Math.max(1e-6 * Math.abs(expected), FLOOR));
      }
    });
  }
});

describe('maibo analyze, windows', () => {
  it('gives a column per index, a value per window', async () => {
    const { series, hrv } = await jsonOf(RR, '--window', '60', '--step', '30');
    expect(series).toMatchObject({ windowS: 60, stepS: 30 });
    const count = series.toS.length;
    expect(count).toBe(Math.floor((intervalsMs.reduce((sum, ms) => sum + ms, 0) / 1000 - 60) / 30) + 1);
    for (const column of [series.fromS, series.coverage, series.quality, series.count, series.flags])
      expect(column).toHaveLength(count);
    expect(Object.keys(series.values)).toEqual(Object.keys(hrv));
    expect(Object.keys(series.error)).toEqual(Object.keys(hrv));
    expect(series.values.HRV_MeanNN).toHaveLength(count);
    expect(series.quality.every((quality: unknown) => quality === null)).toBe(true);
  });

  it('counts in seconds of the recording, from where the first interval begins', async () => {
    let timeS = 100;
    const rows = intervalsMs.slice(0, 200).map((ms) => {
      timeS += ms / 1000;
      return `${timeS.toFixed(3)},${ms}`;
    });
    const { series } = await jsonOf(write('timed.csv', rows), '--format', 'rr', '--window', '60', '--step', '10');
    expect(series.fromS[0]).toBeCloseTo(100, 2);
    expect(series.toS[1]).toBeCloseTo(170, 2);
  });

  it('steps by a minute unless told otherwise, and draws bars for people', async () => {
    expect((await jsonOf(RR, '--window', '120')).series.stepS).toBe(60);
    const { out } = await maibo('analyze', RR, '--window', '60', '--step', '30');
    expect(out).toMatch(/15 windows of 60 s every 30 s/);
    expect(out).toMatch(/HRV_RMSSD\s+[▁▂▃▄▅▆▇█]{15} [\d.]+ \.\. [\d.]+/);
  });

  it('leaves non-linear indices out of very many windows unless asked for, and says so', async () => {
    const long = write(
      'long.txt',
      Array.from({ length: 3_000 }, (_, i) => intervalsMs[i % 600]!),
    );
    const { series, hrv, notes } = await jsonOf(long, '--window', '10', '--step', '2');
    expect(series.toS.length).toBeGreaterThan(1_000);
    expect(Object.keys(series.values)).toEqual(Object.keys(hrv));
    expect(series.values.HRV_CSI.every((value: unknown) => value === null)).toBe(true);
    expect(notes.join()).toContain('--nonlinear');
    const all = await jsonOf(long, '--window', '10', '--step', '2', '--nonlinear');
    expect(all.series.values.HRV_CSI.some((value: unknown) => value !== null)).toBe(true);
    expect(all.notes.join()).not.toContain('--nonlinear');
  });

  it('holds for a window longer than the recording', async () => {
    const { series } = await jsonOf(RR, '--window', '3600');
    expect(series.toS).toHaveLength(1);
    expect(series.values.HRV_SDNN).toEqual([null]);
  });

  it('refuses windows and steps that cannot be', async () => {
    expectRefusal(await maibo('analyze', RR, '--window', '5'), 'window of 5 s');
    expectRefusal(await maibo('analyze', RR, '--window', '60', '--step', '0'), 'step of 0 s');
    expectRefusal(await maibo('analyze', RR, '--step', '30'), '--window');
    const word = await maibo('analyze', RR, '--window', 'abc');
    expect([word.code, word.out]).toEqual([2, '']);
    expect(word.err).toContain('expected a number');
  });
});

describe('maibo analyze, odd intervals', () => {
  it('gives null and no crash for one, two or three intervals, equal or alternating ones', async () => {
    const cases = [
      [800],
      [800, 810],
      [800, 810, 790],
      Array(300).fill(800),
      intervalsMs.map((_, i) => 700 + 200 * (i % 2)),
    ];
    for (const [index, values] of cases.entries()) {
      const file = write(`odd-${index}.txt`, values);
      const { hrv, rr } = await jsonOf(file, '--format', 'rr', '--window', '60', '--profile', 'neurokit');
      expect(rr.ms).toHaveLength(values.length);
      expect(hrv.HRV_MeanNN).not.toBeNull();
    }
    expectRefusal(await maibo('analyze', write('none.txt', ['']), '--format', 'rr'), 'none.txt');
  });

  it('reads seconds as seconds, and says so', async () => {
    const seconds = write(
      'seconds.txt',
      intervalsMs.map((ms) => ms / 1000),
    );
    const { hrv, notes } = await jsonOf(seconds);
    expect(hrv.HRV_MeanNN).toBeCloseTo((await jsonOf(RR)).hrv.HRV_MeanNN, 6);
    expect(notes).toContain('The RR values are read as seconds.');
  });

  it('refuses times that run backwards', async () => {
    let timeS = 0;
    const rows = intervalsMs.map((ms) => [(timeS += ms / 1000).toFixed(3), ms] as const);
    [rows[100], rows[400]] = [rows[400]!, rows[100]!];
    const file = write(
      'unsorted.csv',
      rows.map((row) => row.join(',')),
    );
    expectRefusal(await maibo('analyze', file, '--format', 'rr'), 'unsorted.csv');
  });
});

describe('maibo analyze --out', () => {
  it('writes a page of its own in either language, with every index and no script', async () => {
    for (const [language, word] of [
      ['en', 'Heart rate variability over time'],
      ['zh', '心率变异性随时间的变化'],
    ] as const) {
      const out = path(`page-${language}`);
      const { code } = await maibo('analyze', RR, '--window', '60', '--out', out, '--language', language);
      expect(code).toBe(0);
      const page = readFileSync(`${out}/analysis.html`, 'utf8');
      expect(page).toContain(word);
      expect(page).not.toMatch(/<script|<link|<img|<iframe|@import|url\((?!#)|https?:|NaN|Infinity|undefined/i);
      const { hrv } = JSON.parse(readFileSync(`${out}/analysis.json`, 'utf8'));
      for (const name of Object.keys(hrv)) expect(page).toContain(`<code>${name}</code>`);
    }
  });
});
