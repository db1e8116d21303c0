import { describe, expect, it } from 'vitest';
import { cosTurns, expNegative, sinTurns, squareRoot } from './exact-math.ts';

const STEPS = 20_001;

describe('exact math', () => {
  it('agrees with Math.sin and Math.cos to 1e-9', () => {
    for (let index = 0; index < STEPS; index++) {
      const turns = -3 + (6 * index) / STEPS;
      expect(Math.abs(sinTurns(turns) - Math.sin(2 * Math.PI * turns))).toBeLessThan(1e-9);
      expect(Math.abs(cosTurns(turns) - Math.cos(2 * Math.PI * turns))).toBeLessThan(1e-9);
    }
    expect(sinTurns(0)).toBe(0);
    expect(sinTurns(1e6 + 0.25)).toBeCloseTo(1, 9);
  });

  it('agrees with Math.exp to 1e-9 of the value', () => {
    for (let index = 0; index < STEPS; index++) {
      const x = (-60 * index) / STEPS;
      expect(Math.abs(expNegative(x) / Math.exp(x) - 1)).toBeLessThan(1e-9);
    }
    expect(expNegative(0)).toBe(1);
    expect(expNegative(-1e6)).toBe(0);
    expect(() => expNegative(1)).toThrow(RangeError);
  });

  it('agrees with Math.sqrt to 1e-9 of the value', () => {
    for (let index = 1; index < STEPS; index++) {
      const x = (index * index) / 1e5;
      expect(Math.abs(squareRoot(x) / Math.sqrt(x) - 1)).toBeLessThan(1e-9);
    }
    expect(squareRoot(0)).toBe(0);
    expect(squareRoot(4)).toBe(2);
    expect(() => squareRoot(-1)).toThrow(RangeError);
  });
});
