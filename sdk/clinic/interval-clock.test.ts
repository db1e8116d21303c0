import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AHEAD_US_MAX, IntervalClock, LAG_US_MAX } from './interval-clock.ts';

const S = 1_000_000;

describe('intervals of a strap', () => {
  it('begin their sum before they arrive, and then follow each other whatever the radio does', () => {
    const clock = new IntervalClock(0);
    expect(clock.place(10 * S, 2 * S)).toEqual({ startTicks: 8 * S, isHole: true });
    expect(clock.place(11.3 * S, 1 * S)).toEqual({ startTicks: 10 * S, isHole: false });
    expect(clock.place(11.4 * S, 0.9 * S)).toEqual({ startTicks: 11 * S, isHole: false });
  });

  it('have a hole where a notification was lost', () => {
    const clock = new IntervalClock(0);
    clock.place(10 * S, 1 * S);
    // Three seconds went by and brought one second of intervals.
    expect(clock.place(13 * S, 1 * S)).toEqual({ startTicks: 12 * S, isHole: true });
    expect(clock.place(14 * S, 1 * S)).toEqual({ startTicks: 13 * S, isHole: false });
  });

  it('have a hole where the strap had no contact, however short', () => {
    const clock = new IntervalClock(0);
    clock.place(10 * S, 1 * S);
    clock.break();
    expect(clock.place(11 * S, 1 * S)).toEqual({ startTicks: 10 * S, isHole: true });
  });

  it('are measured against the fastest arrival: a first one that came late hides no later loss', () => {
    const clock = new IntervalClock(0);
    clock.place(13 * S, 1 * S); // three seconds late
    expect(clock.place(11 * S + 2.1 * S, 1 * S)?.isHole).toBe(false); // in the same burst
    expect(clock.place(13.2 * S, 1 * S)?.isHole).toBe(false);
    expect(clock.place(14.1 * S, 1 * S)?.isHole).toBe(false);
    expect(clock.place(18 * S, 1 * S)?.isHole).toBe(true);
  });

  it('never reach behind what is stored, and are refused when they claim a minute too much', () => {
    const clock = new IntervalClock(50 * S);
    expect(clock.place(51 * S, 3 * S)).toEqual({ startTicks: 50 * S, isHole: true });
    expect(clock.place(51 * S, AHEAD_US_MAX)).toBeNull();
    expect(new IntervalClock(0).place(1 * S, AHEAD_US_MAX + 2 * S)).toBeNull();
  });

  it('stay in order and near their arrival, whatever comes', () => {
    const steps = fc.array(fc.record({ afterUs: fc.nat(5 * S), sumUs: fc.nat(70 * S), breaks: fc.boolean() }));
    fc.assert(
      fc.property(steps, (all) => {
        const clock = new IntervalClock(0);
        let [arrival, end] = [0, 0];
        for (const { afterUs, sumUs, breaks } of all) {
          arrival += afterUs;
          if (breaks) clock.break();
          const placed = clock.place(arrival, sumUs);
          if (placed === null) continue;
          expect(placed.startTicks).toBeGreaterThanOrEqual(end);
          if (!placed.isHole) expect(placed.startTicks).toBe(end);
          end = placed.startTicks + sumUs;
          expect(end - arrival).toBeLessThanOrEqual(AHEAD_US_MAX);
          expect(arrival - end).toBeLessThanOrEqual(LAG_US_MAX);
        }
      }),
    );
  });
});
