import { describe, expect, it } from 'vitest';
import { IntervalLineClock, PAUSE_TICKS_MAX, SampledLineClock } from './line-clock.ts';

const RATE_HZ = 250;
const START = 10_000_000;
const some = (count: number) => Array.from({ length: count }, (_, index) => index);

describe('samples of a board that prints numbers', () => {
  it('are counted: they follow each other whenever they come within a second', () => {
    const clock = new SampledLineClock(RATE_HZ);
    const [first] = clock.place(some(25), START);
    expect(first).toMatchObject({ firstSample: 0, ticks: START - 100_000, endTicks: START });
    const [late] = clock.place(some(25), START + PAUSE_TICKS_MAX);
    expect(late).toMatchObject({ firstSample: 25, ticks: START + PAUSE_TICKS_MAX - 100_000 });
    const [early] = clock.place(some(250), START + PAUSE_TICKS_MAX + 1);
    // They came at once: none lies before what came before.
    expect(early).toMatchObject({ firstSample: 50, ticks: START + PAUSE_TICKS_MAX });
  });

  it('have a hole behind a pause, as long as the pause was', () => {
    const clock = new SampledLineClock(RATE_HZ);
    clock.place(some(250), START);
    const [behind] = clock.place(some(25), START + 4_000_000);
    expect(behind).toMatchObject({ firstSample: 250 + 3.9 * RATE_HZ, ticks: START + 3_900_000 });
    expect(clock.place(some(25), START + 4_100_000)[0]).toMatchObject({ firstSample: 250 + 4 * RATE_HZ });
  });

  it('have a hole behind a pause even when everything comes at once: nobody knows what was lost', () => {
    const clock = new SampledLineClock(RATE_HZ);
    clock.place(some(250), START);
    expect(clock.place(some(2_000), START + 2_000_000)[0]).toMatchObject({ firstSample: 251, ticks: START });
  });

  it('are nowhere when there are none', () => {
    expect(new SampledLineClock(RATE_HZ).place([], START)).toEqual([]);
  });
});

describe('intervals of a board that prints them', () => {
  it('add up while the arrivals keep pace, in microseconds', () => {
    const clock = new IntervalLineClock();
    expect(clock.place([800, 820], START)).toEqual([
      { samples: [800_000, 820_000], firstSample: 0, ticks: START - 1_620_000, endTicks: START },
    ]);
    // 30 ms late: the sum of the intervals is more even than the port.
    expect(clock.place([810], START + 840_000)[0]).toMatchObject({ firstSample: 2, ticks: START });
  });

  it('leave a hole where one is missing, and where nothing came for longer than they say', () => {
    const clock = new IntervalLineClock();
    clock.place([800], START);
    const placed = clock.place([Number.NaN, 700, Number.NaN, 600], START + 2_500_000);
    expect(placed.map(({ firstSample, samples }) => [firstSample, samples])).toEqual([
      [2, [700_000]],
      [4, [600_000]],
    ]);
    expect(clock.place([900], START + 9_000_000)[0]).toMatchObject({ firstSample: 6, ticks: START + 8_100_000 });
    expect(clock.place([Number.NaN], START + 9_900_000)).toEqual([]);
  });

  it('never begin before those that came before, and are refused when they hold far more time than went by', () => {
    const clock = new IntervalLineClock();
    clock.place([800], START);
    expect(clock.place(Array<number>(20).fill(2_000), START + 1)[0]).toMatchObject({ ticks: START });
    expect(() => clock.place(Array<number>(20).fill(2_000), START + 2)).toThrow(
      expect.objectContaining({ code: 'device-refused', hint: expect.stringContaining('milliseconds') }),
    );
  });
});
