import { describe, expect, it } from 'vitest';
import { trainingImpulse } from './training-impulse.ts';

const MAN = { restBpm: 60, maxBpm: 200, curve: 'men' } as const;
const WOMAN = { ...MAN, curve: 'women' } as const;

describe('training impulse', () => {
  it("is Banister's, for men and for women", () => {
    const hour = [{ minutes: 60, bpm: 130 }];
    expect(trainingImpulse(hour, MAN)).toBeCloseTo(60 * 0.5 * 0.64 * Math.exp(0.96), 10);
    expect(trainingImpulse(hour, WOMAN)).toBeCloseTo(60 * 0.5 * 0.86 * Math.exp(0.835), 10);
  });

  it('adds up over spans', () => {
    const halves = [30, 30].map((minutes) => ({ minutes, bpm: 130 }));
    expect(trainingImpulse(halves, MAN)).toBeCloseTo(trainingImpulse([{ minutes: 60, bpm: 130 }], MAN)!, 10);
  });

  it('holds rates to the range from rest to maximum', () => {
    expect(trainingImpulse([{ minutes: 10, bpm: 50 }], MAN)).toBe(0);
    expect(trainingImpulse([{ minutes: 10, bpm: 230 }], MAN)).toBe(trainingImpulse([{ minutes: 10, bpm: 200 }], MAN));
  });

  it('leaves out spans that are not known', () => {
    const odd = [Number.NaN, 0, -5, Number.POSITIVE_INFINITY].map((bpm) => ({ minutes: 10, bpm }));
    expect(trainingImpulse([...odd, { minutes: 10, bpm: 130 }], MAN)).toBe(
      trainingImpulse([{ minutes: 10, bpm: 130 }], MAN),
    );
  });

  it.each([
    ['no span', [], MAN],
    ['less than a minute', [{ minutes: 0.5, bpm: 130 }], MAN],
    ['a maximum below rest', [{ minutes: 60, bpm: 130 }], { ...MAN, maxBpm: 50 }],
    ['a rest that is not known', [{ minutes: 60, bpm: 130 }], { ...MAN, restBpm: Number.NaN }],
  ])('is not there for %s', (_, spans, range) => {
    expect(trainingImpulse(spans, range)).toBeNull();
  });
});
