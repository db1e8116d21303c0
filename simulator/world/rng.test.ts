import { describe, expect, it } from 'vitest';
import { createRng, createRngFromState, hash32 } from './rng.ts';

describe('rng', () => {
  it('gives the published sequence of xoshiro128**', () => {
    // Computed from the authors' C reference (prng.di.unimi.it/xoshiro128starstar.c) with state 1, 2, 3, 4.
    const rng = createRngFromState(Uint32Array.of(1, 2, 3, 4));
    const drawn = Array.from({ length: 6 }, () => rng.nextUint32());
    expect(drawn).toEqual([11520, 0, 5927040, 70819200, 2031721883, 1637235492]);
  });

  it('gives the same numbers for the same seed and others for another', () => {
    const draw = (seed: number) =>
      Array.from(
        { length: 8 },
        (
          (rng) => () =>
            rng.nextUint32()
        )(createRng(seed)),
      );
    expect(draw(5)).toEqual(draw(5));
    expect(draw(5)).not.toEqual(draw(6));
    expect(draw(5)).not.toEqual(draw(5 + 2 ** 32));
  });

  it('forks do not depend on what was drawn before, nor on each other', () => {
    const rng = createRng(1);
    const before = rng.fork('a').nextUint32();
    rng.nextUint32();
    expect(rng.fork('a').nextUint32()).toBe(before);
    expect(rng.fork('b').nextUint32()).not.toBe(before);
  });

  it('is uniform and normal enough', () => {
    const rng = createRng(2);
    const count = 100_000;
    let sum = 0;
    let normalSum = 0;
    let normalSquares = 0;
    const buckets = new Uint32Array(10);
    for (let index = 0; index < count; index++) {
      const unit = rng.nextUnit();
      sum += unit;
      buckets[Math.floor(unit * 10)]! += 1;
      const normal = rng.nextNormal();
      normalSum += normal;
      normalSquares += normal * normal;
    }
    expect(sum / count).toBeCloseTo(0.5, 2);
    for (const bucket of buckets) expect(Math.abs(bucket - count / 10)).toBeLessThan(500);
    expect(normalSum / count).toBeCloseTo(0, 1);
    expect(normalSquares / count).toBeCloseTo(1, 1);
  });

  it('hashes neighbours far apart', () => {
    let flipped = 0;
    for (let index = 0; index < 10_000; index++) {
      let word = hash32(77, index) ^ hash32(77, index + 1);
      for (; word !== 0; word &= word - 1) flipped++;
    }
    expect(flipped / 10_000).toBeCloseTo(16, 0);
  });
});
