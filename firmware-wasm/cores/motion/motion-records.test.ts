// Real wrists beside the repository (../shared/data), without labels: what can be said of them all the same.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import type { MotionFinding } from '../../index.ts';
import { describeSharedData } from '../../vectors/shared-data.testkit.ts';
import { epochsOf, findingsOf, stepsOf } from './motion.testkit.ts';

/**
 * Counts of 15 s of the 400 s of one person (walch_misc), by the published programme with scipy 1.x: straight lines to 50 Hz, Butterworth of
 * order 5 forwards and backwards, steps of 5/128 g.
 */
const PUBLISHED_COUNTS = [
  9.2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 21.5, 141.2, 46, 110.5, 0, 27.6, 0, 0, 0, 0, 0, 24.6,
];

function textOf(path: string): string {
  return existsSync(path) ? readFileSync(path, 'utf8') : gunzipSync(readFileSync(`${path}.gz`)).toString('utf8');
}

function countsOf(findings: readonly MotionFinding[]): number[] {
  return epochsOf(findings).flatMap(({ values }) => [values.countsFirst ?? 0, values.countsSecond ?? 0]);
}

describeSharedData('motion of an Apple Watch', 'walch_misc', (folder) => {
  /** Rows of time, x, y, z, at times that are not quite even, brought to 50 Hz by straight lines. */
  function evenFrames(): Float32Array {
    const rows = textOf(`${folder}/46343_acceleration.txt`)
      .trim()
      .split('\n')
      .map((line) => line.split(/\s+/).map(Number));
    const startS = rows[0]![0]!;
    const count = Math.ceil((rows.at(-1)![0]! - startS) * 50);
    const numbers = new Float32Array(3 * count);
    for (let i = 0, k = 0; i < count; i++) {
      const timeS = startS + i / 50;
      while (k + 2 < rows.length && rows[k + 1]![0]! <= timeS) k++;
      const [a, b] = [rows[k]!, rows[k + 1]!];
      const share = (timeS - a[0]!) / (b[0]! - a[0]!);
      for (let axis = 0; axis < 3; axis++) numbers[3 * i + axis] = a[axis + 1]! + share * (b[axis + 1]! - a[axis + 1]!);
    }
    return numbers;
  }

  it('gives the counts of the published programme, but for its look-ahead', () => {
    const counts = countsOf(findingsOf(evenFrames(), 50));
    for (const [i, published] of PUBLISHED_COUNTS.entries()) expect(Math.abs(counts[i]! - published)).toBeLessThan(16);
  });

  it('finds somebody in bed, who turns over and does not walk', () => {
    const findings = findingsOf(evenFrames(), 50);
    expect(stepsOf(findings)).toBe(0);
    const postures = epochsOf(findings).map(({ posture }) => posture);
    expect(new Set(postures)).toEqual(new Set(['y-up', 'z-down', 'between', 'z-up', 'unknown']));
  });
});

describeSharedData('motion of wristbands', 'stress_predict', (folder) => {
  const people = readdirSync(`${folder}/Raw_data`).filter((person) => /^S\d\d$/.test(person));

  it('finds people at a desk: worn, next to no steps, METs of sitting', () => {
    const totals = { seconds: 0, steps: 0, sitting: 0, epochs: 0 };
    for (const person of people) {
      const lines = textOf(`${folder}/Raw_data/${person}/ACC.csv`).trim().split(/\r?\n/).slice(2);
      const findings = findingsOf(
        Float32Array.from(lines.flatMap((line) => line.split(',').map((g) => Number(g) / 64))),
        32,
      );
      const epochs = epochsOf(findings);
      expect(findings.filter(({ kind }) => kind === 'off-wrist')).toEqual([]);
      totals.seconds += lines.length / 32;
      totals.steps += stepsOf(findings);
      totals.epochs += epochs.length;
      totals.sitting += epochs.filter(({ values }) => values.mets === 1.3).length;
    }
    expect(people.length).toBeGreaterThan(20);
    expect((3600 * totals.steps) / totals.seconds).toBeLessThan(30);
    expect(totals.sitting / totals.epochs).toBeGreaterThan(0.8);
  });
});
