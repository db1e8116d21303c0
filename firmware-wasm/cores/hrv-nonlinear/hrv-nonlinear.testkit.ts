// Short ways to the values of one series, and series to try.

import { HrvNonlinearCore, toIntervals, WHOLE_SERIES } from '../../index.ts';

export const PROFILE = { maibo: 0, neurokit: 1, kubios: 2, taskforce: 3, neurokitNormalised: 4 } as const;

/** The finding of one window of all the intervals; those at `afterGapAt` follow a gap. */
export function findingOf(
  rrMs: readonly number[],
  afterGapAt: readonly number[] = [],
  profile: number = PROFILE.maibo,
) {
  const core = HrvNonlinearCore.create({ ...WHOLE_SERIES, intervalCountMax: Math.max(2, rrMs.length), profile });
  const gaps = new Set(afterGapAt);
  return core.compute(toIntervals(rrMs.map((rr, i) => ({ rrMs: rr, afterGap: gaps.has(i) }))))[0]!;
}

export function valuesOf(rrMs: readonly number[], afterGapAt: readonly number[] = [], profile: number = PROFILE.maibo) {
  return findingOf(rrMs, afterGapAt, profile).values;
}

/** Even numbers from 0 to 1, the same for the same seed. */
export function chance(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Intervals that know nothing of each other. */
export function whiteNoise(count: number, seed: number): number[] {
  const next = chance(seed);
  return Array.from({ length: count }, () => 700 + 300 * next());
}

/** Every interval is the one before it plus a random step. */
export function randomWalk(count: number, seed: number): number[] {
  const next = chance(seed);
  let rr = 10_000;
  return Array.from({ length: count }, () => {
    rr += 20 * (next() - 0.5);
    return rr;
  });
}
