// What the tests of the breath core share: series of inputs by formula.

import type { BreathFinding, BreathInput } from '../../index.ts';

export const KIND = { rr: 'rr', ecg: 'ecg-beat', ppg: 'ppg-beat', respiration: 'respiration' } as const;
export const REASON = { short: 1, disagree: 2, aperiodic: 4, seconds: 8 } as const;

/** Mulberry32: a number from 0 to 1 at each call. */
export function chance(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export interface Wish {
  readonly seconds?: number;
  readonly brpm?: number;
  readonly heartBpm?: number;
  /** Swing of the interval with the breath, ms. */
  readonly swingMs?: number;
  readonly noiseMs?: number;
  readonly seed?: number;
  readonly startS?: number;
}

export function inputOf(
  kind: BreathInput['kind'],
  timeS: number,
  value: number,
  more: Partial<BreathInput> = {},
): BreathInput {
  return { timeS, value, baseline: 0, quality: 1, kind, afterGap: false, ...more };
}

/** RR intervals that swing with the breath. */
export function rrOf(wish: Wish = {}): BreathInput[] {
  const { seconds = 120, brpm = 15, heartBpm = 75, swingMs = 40, noiseMs = 2, seed = 1, startS = 0 } = wish;
  const random = chance(seed);
  const inputs: BreathInput[] = [];
  for (let timeS = startS; timeS < startS + seconds; ) {
    const rrMs =
      60_000 / heartBpm + swingMs * Math.sin((2 * Math.PI * brpm * timeS) / 60) + noiseMs * (2 * random() - 1);
    timeS += rrMs / 1000;
    inputs.push(inputOf(KIND.rr, timeS, rrMs));
  }
  return inputs;
}

/** Beats of a steady heart whose heights and baselines swing with the breath. */
export function beatsOf(kind: 'ecg-beat' | 'ppg-beat', wish: Wish = {}): BreathInput[] {
  const { seconds = 120, brpm = 15, heartBpm = 75, seed = 2, startS = 0 } = wish;
  const random = chance(seed);
  const stepS = 60 / heartBpm;
  return Array.from({ length: Math.floor(seconds / stepS) }, (_, i) => {
    const timeS = startS + (i + 1) * stepS + 0.01 * random();
    const chest = Math.sin((2 * Math.PI * brpm * timeS) / 60);
    const value = 1 + 0.05 * chest + 0.01 * (2 * random() - 1);
    return inputOf(kind, timeS, value, { baseline: -0.2 * chest + 0.02 * random() });
  });
}

export function chestOf(rateHz: number, wish: Wish = {}): BreathInput[] {
  const { seconds = 120, brpm = 15, startS = 0 } = wish;
  return Array.from({ length: seconds * rateHz }, (_, i) => {
    const timeS = startS + i / rateHz;
    return inputOf(KIND.respiration, timeS, 5 + Math.sin((2 * Math.PI * brpm * timeS) / 60));
  });
}

export function sorted(...series: readonly (readonly BreathInput[])[]): BreathInput[] {
  return series.flat().toSorted((a, b) => a.timeS - b.timeS);
}

/** Findings whose whole window is there. */
export function whole(findings: readonly BreathFinding[], fromS = 0): BreathFinding[] {
  return findings.filter(({ values }) => values.timeS! >= fromS + 48);
}
