import { describe, expect, it } from 'vitest';
import { fitLogistic } from './sleep-logistic.ts';

/** Thirds without a pattern (a multiplicative generator), so that shares are near what was asked. */
function chanceAt(index: number): number {
  return ((index * 7_919) % 1_009) / 1_009;
}

describe('logistic regression of stages', () => {
  it('gives shares where the features say nothing', () => {
    const rows = Array.from({ length: 4000 }, () => [1]);
    const stages = rows.map((_, index) => [0, 1, 1, 3][index % 4]!);
    const [wake, light, deep, rem] = fitLogistic(rows, stages)([1]) as [number, number, number, number];
    expect(wake).toBeCloseTo(0.25, 2);
    expect(light).toBeCloseTo(0.5, 2);
    expect(deep).toBeLessThan(0.005);
    expect(rem).toBeCloseTo(0.25, 2);
  });

  it('finds the line that the stages were drawn from', () => {
    const rows = Array.from({ length: 20_000 }, (_, index) => [4 * chanceAt(index) - 2]);
    const wakeChance = (value: number) => 1 / (1 + Math.exp(-(1.5 * value - 0.5)));
    const stages = rows.map(([value], index) => (chanceAt(index * 31 + 17) < wakeChance(value!) ? 0 : 1));
    const chances = fitLogistic(rows, stages);
    for (const value of [-1.5, -0.5, 0, 0.5, 1.5]) {
      expect(Math.abs(chances([value])[0]! - wakeChance(value))).toBeLessThan(0.03);
    }
  });

  it('adds up to 1', () => {
    const chances = fitLogistic(
      [
        [0, 1],
        [1, 0],
        [2, 5],
      ],
      [0, 1, 2],
    );
    expect(chances([100, -100]).reduce((sum, chance) => sum + chance, 0)).toBeCloseTo(1, 12);
  });
});
