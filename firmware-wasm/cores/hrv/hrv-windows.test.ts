// Sliding windows: every one must be what the same intervals give alone, whatever the blocks they come in.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  HrvCore,
  type HrvIndices,
  HrvNonlinearCore,
  type PlainInterval,
  toIntervals,
  WHOLE_SERIES,
} from '../../index.ts';

const WINDOW_MS = 20_000;
const STEP_MS = 5_000;

/** As the core stores a length: 1/16384 ms. */
function inTicks(ms: number): number {
  return Math.round(ms * 16_384) / 16_384;
}

function sliding(changes: { windowMs?: number; stepMs?: number; intervalCountMax?: number; blockCount?: number } = {}) {
  return HrvCore.create({
    ...WHOLE_SERIES,
    windowMs: WINDOW_MS,
    stepMs: STEP_MS,
    intervalCountMax: 200,
    ...changes,
  });
}

/** The windows by the definition: whole intervals between two times on a clock that counts known gaps. */
function windowsOf(intervals: readonly PlainInterval[], windowMs: number, stepMs: number) {
  let clockMs = 0;
  const placed = intervals.map((interval) => {
    const fromMs = clockMs + (interval.gapMs ?? 0);
    clockMs = fromMs + interval.rrMs;
    return { interval, fromMs, toMs: clockMs };
  });
  const windows: { toMs: number; intervals: PlainInterval[] }[] = [];
  for (let toMs = windowMs; toMs <= clockMs; toMs += stepMs) {
    const inside = placed.filter((place) => place.fromMs >= toMs - windowMs && place.toMs <= toMs);
    if (inside.length > 0) windows.push({ toMs, intervals: inside.map((place) => place.interval) });
  }
  return windows;
}

const interval = fc.record({
  rrMs: fc.integer({ min: 300, max: 1800 }),
  gap: fc.option(fc.oneof(fc.integer({ min: 1, max: 9_000 }), fc.constantFrom(0, 70_000)), { freq: 12 }),
});
const series = fc
  .array(interval, { minLength: 1, maxLength: 150, size: 'max' })
  .map((list): PlainInterval[] =>
    list.map(({ rrMs, gap }) => ({ rrMs, afterGap: gap !== null, gapMs: gap ?? 0, quality: (rrMs % 10) / 10 })),
  );

describe('hrv over sliding windows', () => {
  it('gives for every window what its intervals give alone', () => {
    fc.assert(
      fc.property(series, (intervals) => {
        const expected = windowsOf(intervals, WINDOW_MS, STEP_MS);
        const found = sliding().compute(toIntervals(intervals));
        if (expected.length === 0) return;
        expect(found.map((finding) => finding.toMs)).toEqual(expected.map((window) => window.toMs));
        const alone = HrvCore.create({ ...WHOLE_SERIES, intervalCountMax: 200 });
        for (const [i, window] of expected.entries()) {
          const finding = found[i]!;
          const sumMs = window.intervals.reduce((sum, { rrMs }) => sum + rrMs, 0);
          expect(finding.count).toBe(window.intervals.length);
          expect(finding.coverage).toBeCloseTo(sumMs / WINDOW_MS, 6);
          if (sumMs < WINDOW_MS / 2) expect(Object.values(finding.values).every((value) => value === null)).toBe(true);
          else if (!window.intervals.some(({ gapMs }, at) => at > 0 && gapMs! > 0))
            expect(finding.values).toEqual(alone.compute(toIntervals(window.intervals))[0]!.values);
        }
      }),
      { numRuns: 200 },
    );
  });

  it('cuts fractions of a ms, and gaps of any length, as the core that stores them in f64 does', () => {
    const fractions = fc.array(
      fc.record({
        rrMs: fc.double({ min: 300, max: 1800, noNaN: true }),
        gapMs: fc.option(fc.double({ min: 0, max: 70_000, noNaN: true }), { freq: 12 }),
      }),
      { minLength: 1, maxLength: 150, size: 'max' },
    );
    const wide = { ...WHOLE_SERIES, windowMs: WINDOW_MS, stepMs: STEP_MS, intervalCountMax: 200 };
    fc.assert(
      fc.property(fractions, (list) => {
        // As hrv stores them: whole ticks, of gaps so many as an f32 has digits for.
        const intervals = toIntervals(
          list.map(({ rrMs, gapMs }) => ({
            rrMs: inTicks(rrMs),
            afterGap: gapMs !== null,
            gapMs: Math.fround(inTicks(gapMs ?? 0)),
          })),
        );
        const heads = (findings: readonly { fromMs: number; toMs: number; count: number; flags: number }[]) =>
          findings.map(({ fromMs, toMs, count, flags }) => ({ fromMs, toMs, count, flags }));
        expect(heads(sliding().compute(intervals))).toEqual(heads(HrvNonlinearCore.create(wide).compute(intervals)));
      }),
      { numRuns: 100 },
    );
  });

  it('keeps its place on the clock for days', () => {
    // 800.03 ms are no whole ticks: an interval counts as long as it is stored, so windows and intervals never part.
    const storedMs = inTicks(800.03);
    const core = sliding({ windowMs: 60_000, stepMs: 60_000 });
    const block = toIntervals(Array.from({ length: 5_000 }, () => ({ rrMs: 800.03 })));
    for (let i = 0; i < 50; i++) {
      for (const { toMs, count } of core.push(block)) {
        const before = Math.floor(toMs / storedMs);
        const first = Math.ceil((toMs - 60_000) / storedMs);
        expect(count).toBe(before - first);
      }
    }
  });

  it('gives the same findings for one interval at a time as for all at once', () => {
    fc.assert(
      fc.property(series, (intervals) => {
        const single = sliding({ blockCount: 4 });
        const found = toIntervals(intervals).flatMap((one) => single.push([one]));
        found.push(...single.flush());
        expect(found).toEqual(sliding({ blockCount: 4 }).compute(toIntervals(intervals)));
      }),
      { numRuns: 100 },
    );
  });

  it('says how much of a window longer than the series was there, and gives no values below half', () => {
    const [half] = sliding({ windowMs: 60_000 }).compute(
      toIntervals(Array.from({ length: 40 }, () => ({ rrMs: 1000 }))),
    );
    expect(half).toMatchObject({ toMs: 60_000, count: 40, flags: 0 });
    expect(half!.coverage).toBeCloseTo(40 / 60, 6);
    expect(half!.values.HRV_MeanNN).toBe(1000);
    const [thin] = sliding({ windowMs: 600_000 }).compute(toIntervals([{ rrMs: 1000 }, { rrMs: 1010 }]));
    expect(thin).toMatchObject({ count: 2, flags: 1 });
    expect(Object.values(thin!.values).every((value) => value === null)).toBe(true);
  });

  it('crosses a long gap in one step, without findings inside it', () => {
    const beats = Array.from({ length: 60 }, () => ({ rrMs: 1000 }));
    const found = sliding().compute(
      toIntervals([...beats, { rrMs: 1000, afterGap: true, gapMs: 900_000_000 }, ...beats]),
    );
    expect(found.length).toBeLessThan(30);
    expect(found.at(-1)!.toMs).toBe(900_120_000);
  });

  it('drops the oldest intervals where more come than it holds, and says so', () => {
    const found = sliding({ intervalCountMax: 20 }).compute(
      toIntervals(Array.from({ length: 100 }, () => ({ rrMs: 500 }))),
    );
    expect(found[0]!.flags & 4).toBe(4);
    expect(found[0]!.count).toBeLessThanOrEqual(20);
    expect(found[0]!.coverage).toBeLessThan(0.6);
  });

  it('takes no difference across a gap, however short, and says that one is there', () => {
    const rrMs = [800, 820, 1200, 1210];
    const whole = HrvCore.create({ ...WHOLE_SERIES, intervalCountMax: 10 });
    const [found] = whole.compute(toIntervals(rrMs.map((rr, i) => ({ rrMs: rr, afterGap: i === 2, gapMs: 1 }))));
    expect(found!.values.HRV_RMSSD).toBeCloseTo(Math.sqrt((400 + 100) / 2), 12);
    expect(found!.flags & 2).toBe(2);
  });

  it('keeps gaps at both ends out of the window and out of its coverage', () => {
    const beats: PlainInterval[] = Array.from({ length: 30 }, () => ({ rrMs: 1000 }));
    const whole = HrvCore.create({ ...WHOLE_SERIES, intervalCountMax: 100 });
    const [found] = whole.compute(toIntervals([{ rrMs: 1000, afterGap: true, gapMs: 50_000 }, ...beats]));
    expect(found).toMatchObject({ fromMs: 50_000, toMs: 81_000, coverage: 1, flags: 0 });
  });
});

describe('standard errors of hrv', () => {
  function errorsAt(intervals: readonly PlainInterval[], blockCount = 10): HrvIndices {
    const core = HrvCore.create({ ...WHOLE_SERIES, intervalCountMax: 5_000, blockCount });
    return core.compute(toIntervals(intervals))[1]!;
  }

  function noise(count: number, seed: number): PlainInterval[] {
    let state = seed;
    const next = () => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      return state / 2 ** 32;
    };
    return Array.from({ length: count }, () => ({ rrMs: 800 + 100 * (next() + next() + next() - 1.5) }));
  }

  it('cover what independent intervals scatter by', () => {
    // The mean of n independent values has the standard error SD / sqrt(n); their SD is 50 ms.
    const found = Array.from({ length: 40 }, (_, seed) => errorsAt(noise(1000, seed)).values.HRV_MeanNN!);
    const mean = found.reduce((sum, value) => sum + value, 0) / found.length;
    expect(mean).toBeGreaterThan(0.85 * (50 / Math.sqrt(1000)));
    expect(mean).toBeLessThan(1.15 * (50 / Math.sqrt(1000)));
  });

  it('are what leaving out one block after the other gives', () => {
    const BLOCKS = 8;
    const intervals = noise(200, 5);
    const left = Array.from({ length: BLOCKS }, (_, block) => {
      const [from, to] = [Math.floor((200 * block) / BLOCKS), Math.floor((200 * (block + 1)) / BLOCKS)];
      const rest = [
        ...intervals.slice(0, from),
        ...intervals.slice(to).map((one, i) => ({ ...one, afterGap: i === 0 })),
      ];
      return HrvCore.create({ ...WHOLE_SERIES, intervalCountMax: 200 }).compute(toIntervals(rest))[0]!.values;
    });
    const errors = errorsAt(intervals, BLOCKS).values;
    for (const name of ['MeanNN', 'SDNN', 'RMSSD', 'MadNN', 'SD2', 'DFA_alpha1', 'SampEn'] as const) {
      const values = left.map((one) => one[`HRV_${name}`]!);
      const mean = values.reduce((sum, value) => sum + value, 0) / BLOCKS;
      const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
      expect(errors[`HRV_${name}`]! / Math.sqrt((squares * (BLOCKS - 1)) / BLOCKS), name).toBeCloseTo(1, 9);
    }
  });

  it('are 0 for equal intervals, and absent for too few', () => {
    expect(errorsAt(Array(100).fill({ rrMs: 800 }))).toMatchObject({ kind: 'errors', values: { HRV_SDNN: 0 } });
    expect(Object.values(errorsAt(noise(49, 1)).values).every((value) => value === null)).toBe(true);
    expect(errorsAt(noise(50, 1)).values.HRV_SDNN).toBeGreaterThan(0);
  });

  it('grow when the intervals depend on each other', () => {
    const drifting = noise(1000, 3).map(({ rrMs }, i) => ({ rrMs: rrMs + 60 * Math.sin(i / 90) }));
    expect(errorsAt(drifting).values.HRV_MeanNN!).toBeGreaterThan(2 * errorsAt(noise(1000, 3)).values.HRV_MeanNN!);
  });
});
