// The simulated protocol of Lipponen & Tarvainen 2019: hearts whose truth is known, one kind of artefact at a time, 1 % of the beats.
// The factors of the paper's displacements are not public; ours go from half an interval down to where a shift hides in variability.

import { type Corrected, rmssd, sdnn } from './rr-correct.ts';
import { beatHeart, type Heart, type Spoil, spoilBeats } from './rr-hearts.ts';

export interface SimulatedCase {
  readonly name: string;
  readonly kind: string;
  readonly truth: readonly number[];
  readonly rrMs: readonly number[];
  readonly touched: readonly (readonly number[])[];
}

export interface CaseScore {
  readonly kind: string;
  readonly artefacts: number;
  readonly found: number;
  /** Flags farther than an interval from every artefact. */
  readonly falseFlags: number;
  /** Against the unspoiled series, 1 is all of it. */
  readonly sdnnError: number;
  readonly rmssdError: number;
}

export interface KindScore {
  readonly kind: string;
  readonly foundShare: number;
  readonly falseFlags: number;
  readonly sdnnError: { readonly mean: number; readonly worst: number };
  readonly rmssdError: { readonly mean: number; readonly worst: number };
}

const SPOILED_SHARE = 0.01;
const SHIFTS = [0.5, 0.3, 0.2, 0.15, 0.1, 0.05];
const HEARTS: readonly Heart[] = [
  { seed: 101, beatCount: 5000, meanS: 0.8, low: 0.025, high: 0.01, breathHz: 0.22 },
  { seed: 102, beatCount: 5000, meanS: 0.9, low: 0.03, high: 0.02, breathHz: 0.24 },
  { seed: 103, beatCount: 5000, meanS: 1, low: 0.035, high: 0.03, breathHz: 0.26 },
  { seed: 104, beatCount: 5000, meanS: 1.1, low: 0.04, high: 0.04, breathHz: 0.28 },
  // Little variability and much jitter, as in old age.
  { seed: 105, beatCount: 5000, meanS: 0.9, low: 0.01, high: 0.005, jitterS: 0.005 },
];
const CLEAN_SEEDS = [1, 2, 3];
export const CLEAN_BEATS = 28_800;

export function simulatedCases(): SimulatedCase[] {
  const kinds: [string, Spoil][] = [
    ['missed', 'missed'],
    ['extra', 'extra'],
  ];
  for (const shift of SHIFTS) kinds.push([`shift ${shift}`, { shift }]);
  return HEARTS.flatMap((heart) => {
    const truth = beatHeart(heart);
    return kinds.map(([kind, how]) => {
      return { name: `${heart.seed} ${kind}`, kind, truth, ...spoilBeats(truth, how, SPOILED_SHARE, heart.seed) };
    });
  });
}

/** Eight hours at 60 bpm with nothing wrong. */
export function cleanSeries(): { name: string; rrMs: number[] }[] {
  return CLEAN_SEEDS.map((seed) => ({ name: `clean ${seed}`, rrMs: beatHeart({ seed, beatCount: CLEAN_BEATS }) }));
}

export function scoreCase({ kind, truth, touched }: SimulatedCase, { flags, sdnnMs, rmssdMs }: Corrected): CaseScore {
  const near = new Set(touched.flatMap((intervals) => intervals.flatMap((index) => [index - 1, index, index + 1])));
  return {
    kind,
    artefacts: touched.length,
    found: touched.filter((intervals) => intervals.some((index) => flags[index])).length,
    falseFlags: flags.filter((isFlagged, index) => isFlagged && !near.has(index)).length,
    sdnnError: Math.abs(sdnnMs / sdnn(truth) - 1),
    rmssdError: Math.abs(rmssdMs / rmssd(truth) - 1),
  };
}

export function scoreKinds(scores: readonly CaseScore[]): KindScore[] {
  return [...new Set(scores.map(({ kind }) => kind))].map((kind) => {
    const own = scores.filter((score) => score.kind === kind);
    const sum = (key: 'artefacts' | 'found' | 'falseFlags') => own.reduce((total, score) => total + score[key], 0);
    const spread = (key: 'sdnnError' | 'rmssdError') => {
      const errors = own.map((score) => score[key]);
      return { mean: errors.reduce((total, error) => total + error, 0) / errors.length, worst: Math.max(...errors) };
    };
    return {
      kind,
      foundShare: sum('found') / sum('artefacts'),
      falseFlags: sum('falseFlags'),
      sdnnError: spread('sdnnError'),
      rmssdError: spread('rmssdError'),
    };
  });
}
