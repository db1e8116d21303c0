import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ClockBounds } from './clock-bounds.ts';
import { TickCounter } from './tick-counter.ts';

const RATE_HZ = 32_768;
const START_US = 1_700_000_000_000_000;
const DAY_US = 86_400e6;

/** A counter that is wrong by `ppm` and wanders by up to 10 ppm more or less over a day. */
function ticksAt(us: number, ppm: number, wanderPpm: number): number {
  const phase = (2 * Math.PI * us) / DAY_US;
  const wanderedUs = wanderPpm === 0 ? 0 : (wanderPpm / 1e6) * (DAY_US / (2 * Math.PI)) * (1 - Math.cos(phase));
  return Math.floor(((us * (1 + ppm / 1e6) + wanderedUs) / 1e6) * RATE_HZ);
}

const drawn = fc.record({
  ppm: fc.double({ min: -190, max: 190, noNaN: true }),
  wanderPpm: fc.double({ min: 0, max: 4, noNaN: true }),
  pings: fc.array(
    fc.record({
      atUs: fc.double({ min: 0, max: 2 * DAY_US, noNaN: true }),
      outUs: fc.double({ min: 100, max: 500_000, noNaN: true }),
      backUs: fc.double({ min: 100, max: 500_000, noNaN: true }),
    }),
    { minLength: 1, maxLength: 100 },
  ),
  hostErrorUs: fc.double({ min: -20_000, max: 20_000, noNaN: true }),
  askUs: fc.double({ min: -DAY_US, max: 3 * DAY_US, noNaN: true }),
});

describe('bounds of UTC at a tick', () => {
  it('hold whatever the drift, the delays and the host’s own error are', () => {
    fc.assert(
      fc.property(drawn, ({ ppm, wanderPpm, pings, hostErrorUs, askUs }) => {
        const bounds = new ClockBounds({ tickRateHz: RATE_HZ });
        const origin = 10 * DAY_US;
        for (const { atUs, outUs, backUs } of [...pings].sort((a, b) => a.atUs - b.atUs)) {
          bounds.add({
            ticks: ticksAt(origin + atUs, ppm, wanderPpm),
            sentUtcUs: START_US + atUs - outUs + hostErrorUs,
            receivedUtcUs: START_US + atUs + backUs + hostErrorUs,
            hostUncertaintyUs: 20_000 + 1e6 / RATE_HZ,
          });
        }
        const found = bounds.utcAt(ticksAt(origin + askUs, ppm, wanderPpm))!;
        expect(bounds.stepCount).toBe(0);
        expect(Math.abs(found.utcUs - (START_US + askUs))).toBeLessThanOrEqual(found.uncertaintyUs + 1e6 / RATE_HZ);
      }),
      { numRuns: 300 },
    );
  });

  it('are half the best round trip at the ping, and wider the further away', () => {
    const bounds = new ClockBounds({ tickRateHz: 1_000 });
    bounds.add({ ticks: 1_000, sentUtcUs: START_US, receivedUtcUs: START_US + 40_000, hostUncertaintyUs: 0 });
    bounds.add({
      ticks: 1_500,
      sentUtcUs: START_US + 510_000,
      receivedUtcUs: START_US + 520_000,
      hostUncertaintyUs: 0,
    });
    expect(bounds.utcAt(1_500)!.uncertaintyUs).toBeCloseTo(5_000, 0);
    expect(bounds.utcAt(1_500 + 3_600_000)!.uncertaintyUs).toBeGreaterThan(700_000);
  });

  it('learn the rate: a day of pings makes an hour without them cheap', () => {
    const bounds = new ClockBounds({ tickRateHz: RATE_HZ });
    for (let atUs = 0; atUs <= DAY_US; atUs += DAY_US / 200)
      bounds.add({
        ticks: ticksAt(atUs, 120, 0),
        sentUtcUs: START_US + atUs - 15_000,
        receivedUtcUs: START_US + atUs + 15_000,
        hostUncertaintyUs: 0,
      });
    const { slowest, fastest } = bounds.rates;
    const trueRate = 1e6 / RATE_HZ / (1 + 120 / 1e6);
    expect([slowest < trueRate, fastest > trueRate]).toEqual([true, true]);
    expect((fastest - slowest) / trueRate).toBeLessThan(22e-6);
    expect(bounds.utcAt(ticksAt(DAY_US + 3_600e6, 120, 0))!.uncertaintyUs).toBeLessThan(60_000);
  });

  it('say when the host’s clock was set, and follow the new one', () => {
    const bounds = new ClockBounds({ tickRateHz: 1_000 });
    const ping = (ticks: number, utcUs: number) =>
      bounds.add({ ticks, sentUtcUs: utcUs - 5_000, receivedUtcUs: utcUs + 5_000, hostUncertaintyUs: 1_000 });
    ping(0, START_US);
    ping(10_000, START_US + 10e6);
    ping(20_000, START_US + 20e6 - DAY_US);
    expect(bounds.stepCount).toBe(1);
    expect(bounds.utcAt(20_000)!.utcUs).toBeCloseTo(START_US + 20e6 - DAY_US, -4);
  });

  it('are not there without a ping, and begin in 1970 as anywhere', () => {
    const bounds = new ClockBounds({ tickRateHz: 1_000 });
    expect(bounds.utcAt(5)).toBeNull();
    bounds.add({ ticks: 100, sentUtcUs: 0, receivedUtcUs: 10_000, hostUncertaintyUs: 0 });
    expect(bounds.utcAt(100)!.utcUs).toBeCloseTo(5_000, 6);
    expect(() => new ClockBounds({ tickRateHz: 0 })).toThrow(RangeError);
  });
});

describe('a counter that runs over', () => {
  it('counts on', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 2 ** 31 - 1 }), { maxLength: 50 }),
        fc.nat(2 ** 32 - 1),
        (steps, start) => {
          const counter = new TickCounter(32);
          expect(counter.read(start)).toBe(start);
          let ticks = start;
          for (const step of steps) {
            ticks += step;
            expect(counter.read(ticks % 2 ** 32)).toBe(ticks);
          }
        },
      ),
    );
  });

  it('takes a reading a little behind for an earlier one', () => {
    const counter = new TickCounter(32);
    counter.read(2 ** 32 - 10);
    expect(counter.read(5)).toBe(2 ** 32 + 5);
    expect(counter.read(2 ** 32 - 3)).toBe(2 ** 32 - 3);
    expect(counter.read(6)).toBe(2 ** 32 + 6);
  });

  it('refuses what is no reading', () => {
    for (const value of [-1, 0.5, 2 ** 16, Number.NaN])
      expect(() => new TickCounter(16).read(value)).toThrow(RangeError);
    for (const bits of [7, 49, 8.5]) expect(() => new TickCounter(bits)).toThrow(RangeError);
  });
});
