// The slow course of the intervals over a night: their lengths on an even grid, without breathing. Where nothing was measured it is NaN.
import type { NightBeat } from './night-intervals.ts';

/** Hayano et al. 2011: intervals are held, and sampled at 2 Hz. */
export const TREND_HZ = 2;
/**
 * Half the window of the quadratic that smooths (Savitzky & Golay 1964), samples. Hayano et al. smooth so and leave the window open: 15 s
 * hold several breaths, and a dip of 10 s, the shortest that counts, outlives them.
 */
const HALF_WINDOW = 15;
/** Holes shorter than the shortest dip are bridged by a straight line. */
const BRIDGE_S = 10;

export interface Trend {
  /** Time of the first value, s. */
  readonly fromS: number;
  /** ms, at TREND_HZ. */
  readonly values: Float64Array;
}

export function trendOf(beats: readonly NightBeat[]): Trend {
  const first = beats[0];
  const last = beats.at(-1);
  if (first === undefined || last === undefined) return { fromS: 0, values: new Float64Array(0) };
  const fromS = Math.max(0, Math.floor(first.endS - first.rrMs / 1000));
  const held = new Float64Array(Math.max(0, Math.ceil((last.endS - fromS) * TREND_HZ))).fill(Number.NaN);
  for (const { endS, rrMs } of beats) {
    const from = Math.max(0, Math.ceil((endS - rrMs / 1000 - fromS) * TREND_HZ));
    held.fill(rrMs, from, Math.max(from, Math.ceil((endS - fromS) * TREND_HZ)));
  }
  bridgeHoles(held);
  return { fromS, values: smooth(held) };
}

function bridgeHoles(values: Float64Array): void {
  let lastIndex = -1;
  for (let index = 0; index < values.length; index++) {
    if (Number.isNaN(values[index])) continue;
    const gap = index - lastIndex - 1;
    if (lastIndex >= 0 && gap > 0 && gap <= BRIDGE_S * TREND_HZ) {
      const step = (values[index]! - values[lastIndex]!) / (gap + 1);
      for (let i = 1; i <= gap; i++) values[lastIndex + i] = values[lastIndex]! + i * step;
    }
    lastIndex = index;
  }
}

/** The middle of the parabola that fits each window best; NaN where the window is not whole. */
function smooth(values: Float64Array): Float64Array {
  const m = HALF_WINDOW;
  const scale = 3 / ((2 * m - 1) * (2 * m + 1) * (2 * m + 3));
  const weights = Array.from({ length: 2 * m + 1 }, (_, i) => scale * (3 * m * m + 3 * m - 1 - 5 * (i - m) ** 2));
  const smoothed = new Float64Array(values.length).fill(Number.NaN);
  for (let index = m; index < values.length - m; index++) {
    let sum = 0;
    for (let i = 0; i <= 2 * m; i++) sum += weights[i]! * values[index - m + i]!;
    smoothed[index] = sum;
  }
  return smoothed;
}
