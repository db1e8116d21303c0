// The accuracy of the rr core on hearts whose truth is known. The protocol stands in NOTES.md; seeds are in the names.

import { describe, expect, it } from 'vitest';
import { beatHeart, type Heart, type Spoil, spoilBeats } from './hearts.testkit.ts';
import { findingsOf, inputsOf, nnOf, ofKind, originalsOf, rmssd, sdnn } from './rr.testkit.ts';

/** Hearts from a stiff old one to a young one with a strong respiratory rhythm. */
const HEARTS: Heart[] = [
  { seed: 101, beatCount: 5000, meanS: 0.8, low: 0.025, high: 0.01, breathHz: 0.22 },
  { seed: 102, beatCount: 5000, meanS: 0.9, low: 0.03, high: 0.02, breathHz: 0.24 },
  { seed: 103, beatCount: 5000, meanS: 1.0, low: 0.035, high: 0.03, breathHz: 0.26 },
  { seed: 104, beatCount: 5000, meanS: 1.1, low: 0.04, high: 0.04, breathHz: 0.28 },
  { seed: 105, beatCount: 5000, meanS: 0.9, low: 0.01, high: 0.005, jitterS: 0.005 },
];
const SHARE = 0.01;

interface Scores {
  found: number;
  artefacts: number;
  falseFlags: number;
  sdnnErrors: number[];
  rmssdErrors: number[];
}

function scoreAll(how: Spoil): Scores {
  const scores: Scores = { found: 0, artefacts: 0, falseFlags: 0, sdnnErrors: [], rmssdErrors: [] };
  for (const heart of HEARTS) {
    const truth = beatHeart(heart);
    const { rrMs, touched } = spoilBeats(truth, how, SHARE, heart.seed);
    const findings = findingsOf(inputsOf(rrMs));
    const isOdd = originalsOf(findings).map((finding) => finding.artefact !== 'normal');
    const near = new Set(touched.flatMap((indices) => indices.flatMap((i) => [i - 1, i, i + 1])));
    scores.artefacts += touched.length;
    scores.found += touched.filter((indices) => indices.some((i) => isOdd[i])).length;
    scores.falseFlags += isOdd.filter((odd, i) => odd && !near.has(i)).length;
    const nn = nnOf(findings);
    const plain = truth.map((rr, i) => ({ rrMs: rr, joined: i > 0 }));
    scores.sdnnErrors.push(Math.abs(sdnn(nn.map((interval) => interval.rrMs)) / sdnn(truth) - 1));
    scores.rmssdErrors.push(Math.abs(rmssd(nn) / rmssd(plain) - 1));
  }
  return scores;
}

const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

describe(`rr on simulated artefacts, 1 % of beats, seeds ${HEARTS.map((heart) => heart.seed).join(' ')}`, () => {
  const cases: [string, Spoil, number, number][] = [
    ['missed', 'missed', 1, 0.02],
    ['extra', 'extra', 1, 0.02],
    ['shifted by 0.5', { shift: 0.5 }, 1, 0.02],
    ['shifted by 0.3', { shift: 0.3 }, 1, 0.02],
    ['shifted by 0.2', { shift: 0.2 }, 0.97, 0.02],
    ['shifted by 0.15', { shift: 0.15 }, 0.9, 0.02],
    // Small shifts hide in the variability itself; an error below 4 % is what is reached (NOTES.md; the paper's is below 8 %).
    ['shifted by 0.1', { shift: 0.1 }, 0.6, 0.04],
    ['shifted by 0.05', { shift: 0.05 }, 0.2, 0.06],
  ];
  for (const [name, how, sensitivity, error] of cases) {
    it(`finds ${name} and leaves SDNN and RMSSD right`, () => {
      const scores = scoreAll(how);
      expect(scores.artefacts).toBeGreaterThan(200);
      expect(scores.found / scores.artefacts).toBeGreaterThanOrEqual(sensitivity);
      expect(mean(scores.sdnnErrors)).toBeLessThan(error);
      expect(mean(scores.rmssdErrors)).toBeLessThan(error);
      expect(scores.falseFlags / (5000 * HEARTS.length)).toBeLessThan(0.0006);
    });
  }
});

describe('rr on clean hearts', () => {
  for (const seed of [1, 2, 3]) {
    it(`flags nothing in 28,800 beats, seed ${seed}`, () => {
      const rrMs = beatHeart({ seed, beatCount: 28_800 });
      const findings = findingsOf(inputsOf(rrMs));
      expect(originalsOf(findings).filter((finding) => finding.artefact !== 'normal')).toEqual([]);
      expect(ofKind(findings, 'rhythm').filter((window) => window.value >= 0.5)).toEqual([]);
    });
  }

  it('flags nothing in a very regular heart, seed 4', () => {
    const rrMs = beatHeart({ seed: 4, beatCount: 28_800, low: 0.002, high: 0.002, slow: 0.005, jitterS: 0.0005 });
    expect(originalsOf(findingsOf(inputsOf(rrMs))).every((finding) => finding.artefact === 'normal')).toBe(true);
  });

  it('flags next to nothing in the respiratory rhythm of a young athlete, seed 5', () => {
    const rrMs = beatHeart({ seed: 5, beatCount: 10_000, meanS: 1.2, low: 0.05, high: 0.08, breathHz: 0.25 });
    const odd = originalsOf(findingsOf(inputsOf(rrMs))).filter((finding) => finding.artefact !== 'normal');
    expect(odd.length).toBeLessThanOrEqual(5);
  });
});
