// What the tests of the stress core share: hearts and wrists that move by a formula, and the core over its verbs.

import { StressCore, type StressFinding, type StressInput } from '../../index.ts';

export const ALL_SENSORS = 7;

/** A number from 0 to 1 at each call (mulberry32). */
export function chance(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const BLANK = { y: Number.NaN, z: 0, afterGap: false };

export function interval(timeS: number, rrMs: number, quality = Number.NaN, afterGap = false): StressInput {
  return { ...BLANK, kind: 'interval', timeS, x: rrMs, y: quality, afterGap };
}

/** Intervals with breathing, a slow wave and noise around the rate that `bpmAt` gives for each time. */
export function heart(fromS: number, toS: number, bpmAt: (timeS: number) => number, seed = 1): StressInput[] {
  const random = chance(seed);
  const inputs: StressInput[] = [];
  for (let timeS = fromS; ; ) {
    const waves = 0.03 * Math.sin(2 * Math.PI * 0.25 * timeS) + 0.03 * Math.sin(2 * Math.PI * 0.09 * timeS);
    const rrMs = (60_000 / bpmAt(timeS)) * (1 + waves + 0.02 * (random() - 0.5));
    timeS += rrMs / 1000;
    if (timeS >= toS) return inputs;
    inputs.push(interval(timeS, rrMs, Number.NaN, inputs.length === 0));
  }
}

/** Intervals one after the other, from 0 s. */
export function series(rrMs: readonly number[]): StressInput[] {
  let timeS = 0;
  return rrMs.map((rr, index) => {
    timeS += rr / 1000;
    return interval(timeS, rr, Number.NaN, index === 0);
  });
}

/** A wrist that swings with `swingG` at 1.8 Hz. */
export function wrist(fromS: number, toS: number, swingG: number, rateHz = 32): StressInput[] {
  return samples(fromS, toS, rateHz, (timeS) => {
    const swing = swingG * Math.sin(2 * Math.PI * 1.8 * timeS);
    return { ...BLANK, kind: 'acceleration', timeS, x: swing, y: swing, z: 1 };
  });
}

export function skin(fromS: number, toS: number, microsiemensAt: (timeS: number) => number): StressInput[] {
  return samples(fromS, toS, 4, (timeS) => ({ ...BLANK, kind: 'eda', timeS, x: microsiemensAt(timeS) }));
}

export function warmth(fromS: number, toS: number, celsius: number): StressInput[] {
  return samples(fromS, toS, 4, (timeS) => ({ ...BLANK, kind: 'temperature', timeS, x: celsius }));
}

function samples(fromS: number, toS: number, rateHz: number, at: (timeS: number) => StressInput): StressInput[] {
  return Array.from({ length: Math.round((toS - fromS) * rateHz) }, (_, index) => at(fromS + index / rateHz));
}

export function inTime(...streams: readonly StressInput[][]): StressInput[] {
  return streams.flat().toSorted((a, b) => a.timeS - b.timeS);
}

export function findingsOf(inputs: readonly StressInput[], sensors = 0): StressFinding[] {
  return StressCore.create({ sensors }).compute(inputs);
}
