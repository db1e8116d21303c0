import { describe, expect, it } from 'vitest';
import { makeNight } from './made-night.ts';

describe('a made night', () => {
  const night = makeNight(1, 20);

  it('is the same each time, and another with another seed', () => {
    const short = makeNight(0.05, 20);
    expect(makeNight(0.05, 20)).toEqual(short);
    expect(makeNight(0.05, 20, 2)).not.toEqual(short);
  });

  it('lies in a field of 1 g most of the time', () => {
    const norms = Array.from({ length: night.frames.length / 3 }, (_, at) => {
      return Math.hypot(...night.frames.subarray(3 * at, 3 * at + 3));
    });
    expect(norms.length).toBe(72_000);
    expect(norms.filter((norm) => Math.abs(norm - 1) < 0.02).length).toBeGreaterThan(0.8 * norms.length);
  });

  it('has a heart of 45 to 100 beats a minute, interval after interval', () => {
    let before = 0;
    for (const { timeS, rrMs } of night.intervals) {
      expect(timeS - before).toBeCloseTo(rrMs / 1000, 6);
      expect(rrMs).toBeGreaterThan(600);
      expect(rrMs).toBeLessThan(1333);
      before = timeS;
    }
  });
});
