// Hearts that beat by a formula, and ways to spoil their beats: the ground truth of the simulated targets.

import { chance, normal } from './rr.testkit.ts';

export interface Heart {
  readonly seed: number;
  readonly beatCount: number;
  /** Mean interval, s. */
  readonly meanS?: number;
  /** RMS of the modulation of the rate at 0.1 Hz, by breathing, and at 0.007 Hz. */
  readonly low?: number;
  readonly high?: number;
  readonly slow?: number;
  readonly breathHz?: number;
  /** Standard deviation to which the breathing rate wanders, Hz. */
  readonly wanderHz?: number;
  /** Standard deviation of the error of a beat's time, s. */
  readonly jitterS?: number;
}

const STEP_S = 0.005;
/** How fast the breathing rate forgets, 1/s. */
const FORGET = 0.05;

/** Intervals of an integral pulse frequency modulator (Hyndman & Mohn 1975): a beat whenever the integral of the rate is full. */
export function beatHeart(heart: Heart): number[] {
  const {
    meanS = 0.85,
    low = 0.03,
    high = 0.03,
    slow = 0.03,
    breathHz = 0.25,
    wanderHz = 0.02,
    jitterS = 0.002,
  } = heart;
  const random = chance(heart.seed);
  const turn = 2 * Math.PI;
  let [time, full, wander, breath] = [0, 0, 0, 0];
  const beats: number[] = [];
  while (beats.length <= heart.beatCount) {
    wander += wanderHz * Math.sqrt(2 * FORGET * STEP_S) * normal(random) - FORGET * wander * STEP_S;
    breath += turn * Math.max(0.12, breathHz + wander) * STEP_S;
    const swing = low * Math.sin(turn * 0.1 * time) + high * Math.sin(breath) + slow * Math.sin(turn * 0.007 * time);
    const more = ((1 + Math.SQRT2 * swing) / meanS) * STEP_S;
    if (full + more >= 1) beats.push(time + (STEP_S * (1 - full)) / more + jitterS * normal(random));
    full = (full + more) % 1;
    time += STEP_S;
  }
  return beats.slice(1).map((beat, i) => (beat - beats[i]!) * 1000);
}

export type Spoil = 'missed' | 'extra' | { readonly shift: number };

export interface Spoiled {
  readonly rrMs: number[];
  /** For each artefact the intervals that it touches. */
  readonly touched: number[][];
}

/** Beats between two artefacts, and at both ends. */
const APART = 6;
const MARGIN = 12;

/**
 * Spoils a share of the beats at random places, at least 6 beats apart: takes one away, puts one anywhere into an interval, or
 * shifts one by a share of the interval on the side it goes to.
 */
export function spoilBeats(rrMs: readonly number[], how: Spoil, share: number, seed: number): Spoiled {
  const random = chance(seed);
  const beats = [0];
  for (const rr of rrMs) beats.push(beats.at(-1)! + rr);
  const times: number[] = [];
  const touched: number[][] = [];
  let next = MARGIN;
  for (const [i, beat] of beats.entries()) {
    const isSpoiled = i >= next && i < beats.length - MARGIN && random() < share;
    if (!isSpoiled) {
      times.push(beat);
      continue;
    }
    next = i + APART;
    const [before, after] = [beat - beats[i - 1]!, beats[i + 1]! - beat];
    if (how === 'missed') touched.push([times.length - 1]);
    else if (how === 'extra') {
      times.push(beat, beat + after * (0.02 + 0.96 * random()));
      touched.push([times.length - 2, times.length - 1]);
    } else {
      times.push(random() < 0.5 ? beat - how.shift * before : beat + how.shift * after);
      touched.push([times.length - 2, times.length - 1]);
    }
  }
  return { rrMs: times.slice(1).map((time, i) => time - times[i]!), touched };
}
