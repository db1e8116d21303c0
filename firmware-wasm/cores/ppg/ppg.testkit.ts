// Pulse waves with known times, for the tests of the core `ppg`: a systolic and a dicrotic wave for every beat, intervals and heights
// that breathe, drift and noise. Same arguments, same samples.

import type { PpgFinding } from '../../generated/cores.gen.ts';

export interface WaveOptions {
  rateHz: number;
  seconds: number;
  bpm?: number;
  /** Share by which breathing lengthens and shortens the interval. */
  sinus?: number;
  /** Standard deviation of the noise; a pulse is 1 high. */
  noise?: number;
  drift?: number;
  seed?: number;
  /** Overrides the intervals: seconds, used in turn. */
  intervals?: readonly number[];
}

export interface Wave {
  samples: Float32Array;
  /** When the beats are, in seconds. */
  beats: number[];
}

/** Numbers from 0 to 1 that depend on the seed alone (mulberry32). */
export function chance(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** Roughly normal: the sum of twelve. */
function normal(next: () => number): number {
  let sum = -6;
  for (let i = 0; i < 12; i++) sum += next();
  return sum;
}

function beatTimes(options: WaveOptions, next: () => number): number[] {
  const rr = 60 / (options.bpm ?? 70);
  const beats: number[] = [];
  for (let t = 0.2, i = 0; t < options.seconds; i++) {
    beats.push(t);
    const breath = (options.sinus ?? 0.04) * Math.sin(2 * Math.PI * 0.23 * t);
    t += options.intervals ? options.intervals[i % options.intervals.length]! : rr * (1 + breath + 0.01 * normal(next));
  }
  return beats;
}

/** A pulse `t` seconds after its beat; `width` 1 is a heart at 75 per minute. */
function pulse(t: number, width: number): number {
  const bell = (middle: number, spread: number) => Math.exp(-0.5 * ((t / width - middle) / spread) ** 2);
  return bell(0.22, 0.07) + 0.35 * bell(0.48, 0.09);
}

export function wave(options: WaveOptions): Wave {
  const next = chance(options.seed ?? 1);
  const beats = beatTimes(options, next);
  const meanRr = (beats.at(-1)! - beats[0]!) / (beats.length - 1);
  const width = Math.sqrt(Math.min(1.2, meanRr / 0.8));
  const { rateHz, noise = 0.02, drift = 0.5 } = options;
  let first = 0;
  const samples = Float32Array.from({ length: Math.floor(options.seconds * rateHz) }, (_, i) => {
    const t = i / rateHz;
    while (first < beats.length && beats[first]! < t - 1.5) first++;
    let y = drift * Math.sin(2 * Math.PI * 0.08 * t) + noise * normal(next);
    for (let k = first; k < beats.length && beats[k]! < t; k++) {
      y += (1 + 0.15 * Math.sin(2 * Math.PI * 0.23 * beats[k]!)) * pulse(t - beats[k]!, width);
    }
    return y;
  });
  return { samples, beats };
}

/** Seconds of the beats among `findings`. */
export function beatsOf(findings: readonly PpgFinding[], rateHz: number): number[] {
  return findings.filter((finding) => finding.kind === 'beat').map((finding) => finding.sample / rateHz);
}

export interface Agreement {
  missed: number;
  extra: number;
  /** Standard deviation of the difference of intervals, ms. */
  rrErrorMs: number;
}

/** Compares found with true beats between `from` and `to` seconds, after taking off the median delay. */
export function compare(found: readonly number[], truth: readonly number[], from: number, to: number): Agreement {
  const nearest = (t: number, row: readonly number[]) =>
    row.reduce((best, other) => (Math.abs(other - t) < Math.abs(best - t) ? other : best), Number.POSITIVE_INFINITY);
  // A pulse comes after its beat.
  const delays = truth.map((t) => (found.find((f) => f > t) ?? t) - t).sort((a, b) => a - b);
  const delay = delays[delays.length >> 1]!;
  const shifted = found.map((t) => t - delay);
  const inside = (t: number) => t >= from && t <= to;
  const near = (t: number, row: readonly number[]) => Math.abs(nearest(t, row) - t) < 0.1;
  const pairs = truth.filter((t) => inside(t) && near(t, shifted)).map((t) => ({ t, f: nearest(t, shifted) }));
  const errors = pairs.slice(1).map((pair, i) => 1000 * (pair.f - pairs[i]!.f - (pair.t - pairs[i]!.t)));
  return {
    missed: truth.filter((t) => inside(t) && !near(t, shifted)).length,
    extra: shifted.filter((t) => inside(t) && !near(t, truth)).length,
    rrErrorMs: Math.sqrt(errors.reduce((sum, error) => sum + error * error, 0) / errors.length),
  };
}
