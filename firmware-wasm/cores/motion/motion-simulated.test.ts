// Steps and cadence of wrists that walk and run by a formula: floors under what NOTES.md tabulates. Seeds 1 to 5, three minutes each,
// between two minutes of rest.

import { describe, expect, it } from 'vitest';
import { epochsOf, fidgeting, findingsOf, join, lying, stepsOf, type Walk, walking } from './motion.testkit.ts';

const SECONDS = 180;
const SEEDS = [1, 2, 3, 4, 5];

function errorsOf(walk: Omit<Walk, 'seconds'>): { steps: number; cadence: number } {
  const { rateHz, cadenceSpm } = walk;
  const errors = SEEDS.map((seed) => {
    const rest = lying(60, rateHz);
    const findings = findingsOf(join(rest, walking({ ...walk, seconds: SECONDS, seed }), rest), rateHz);
    const cadences = epochsOf(findings).flatMap(({ values }) => values.cadenceSpm ?? []);
    return {
      steps: Math.abs(stepsOf(findings) / ((cadenceSpm * SECONDS) / 60) - 1),
      cadence: cadences.reduce((sum, cadence) => sum + Math.abs(cadence - cadenceSpm), 0) / cadences.length,
    };
  });
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  return { steps: mean(errors.map(({ steps }) => steps)), cadence: mean(errors.map(({ cadence }) => cadence)) };
}

describe('steps by a formula', () => {
  it.each([60, 75, 90, 105, 120, 135, 150])(
    'walking at %d a minute, arms swinging, in a pocket, limping',
    (cadenceSpm) => {
      for (const style of [{}, { swingRad: 0 }, { limp: 0.4 }]) {
        const { steps, cadence } = errorsOf({ rateHz: 50, cadenceSpm, ...style });
        expect(steps).toBeLessThan(0.03);
        expect(cadence).toBeLessThan(2);
      }
    },
  );

  it.each([140, 150, 160, 170, 180, 190])('running at %d a minute', (cadenceSpm) => {
    expect(errorsOf({ rateHz: 50, cadenceSpm, runs: true }).steps).toBeLessThan(0.08);
  });

  it.each([20, 25, 32, 100])('at %d Hz', (rateHz) => {
    for (const cadenceSpm of [80, 110, 140]) expect(errorsOf({ rateHz, cadenceSpm }).steps).toBeLessThan(0.03);
    expect(errorsOf({ rateHz, cadenceSpm: 165, runs: true }).steps).toBeLessThan(0.15);
  });

  it.each([10, 20, 40])('in a bout of %d s', (seconds) => {
    for (const seed of SEEDS) {
      const walk = walking({ rateHz: 50, seconds, cadenceSpm: 105, seed });
      const steps = stepsOf(findingsOf(join(lying(40, 50), walk, lying(40, 50)), 50));
      expect(Math.abs(steps - (105 * seconds) / 60)).toBeLessThan(4);
    }
  });

  it('are few where hands work without a rhythm', () => {
    const steps = SEEDS.map((seed) => stepsOf(findingsOf(fidgeting(600, 50, seed), 50)));
    expect(steps.reduce((sum, count) => sum + count, 0)).toBeLessThan(60);
  });
});
