import { describe, expect, it } from 'vitest';
import { evenly, withoutGaps } from './even-spline.ts';

describe('an uneven series at an even rate', () => {
  it('keeps a straight line straight', () => {
    const times = [0, 0.03, 0.07, 0.1, 0.16, 0.2];
    const even = evenly(
      times,
      times.map((time) => 5 - 2 * time),
      50,
      1,
    );
    expect([...even].map((value) => value.toFixed(6))).toEqual(
      Array.from({ length: 10 }, (_, index) => (5 - index / 25).toFixed(6)),
    );
  });

  it('follows a wave between its frames to a thousandth', () => {
    const wave = (time: number) => Math.sin(2 * Math.PI * time);
    // Frames of a camera: 30 per second, each up to 8 ms late.
    const times = Array.from({ length: 120 }, (_, index) => index / 30 + 0.004 * (1 + Math.sin(7 * index)));
    const even = evenly(times, times.map(wave), 30, 1);
    const errors = even.map((value, index) => Math.abs(value - wave(times[0]! + index / 30)));
    expect(Math.max(...errors.subarray(5, 110))).toBeLessThan(0.001);
  });

  it('is missing where frames are far apart, and straight there for who cannot bear that', () => {
    const even = evenly([0, 0.1, 0.2, 0.6, 0.7], [0, 1, 2, 6, 7], 10, 0.15);
    expect([...even].map((value) => !Number.isNaN(value))).toEqual([true, true, false, false, false, false, true]);
    expect([...withoutGaps(even)].map((value) => value.toFixed(3))).toEqual([
      '0.000',
      '1.000',
      '2.000',
      '3.000',
      '4.000',
      '5.000',
      '6.000',
    ]);
  });
});
