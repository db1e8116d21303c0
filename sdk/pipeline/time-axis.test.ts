import type { ClockRecord } from '@maibo/protocols';
import { describe, expect, it } from 'vitest';
import { TimeAxis } from './time-axis.ts';

const place = { device: new Uint8Array(16), log: 1, epoch: new Uint8Array(4), seq: 5 };
const clock: ClockRecord = {
  kind: 'clock',
  v: 1,
  place,
  prev: new Uint8Array(32),
  boot: 1,
  ticks: 2_000_000,
  utcUs: 1_000_000_000_000,
  uncertaintyUs: 50,
  source: 'lab',
};

describe('the time axis', () => {
  it('gives ticks from the newest block, and no UTC without a clock mark', () => {
    const axis = new TimeAxis(1_000_000);
    axis.anchor(10, 70_000_000);
    expect(axis.span(10, 20)).toEqual({
      fromTicks: 70_000_000,
      toTicks: 80_000_000,
      fromUtcUs: null,
      toUtcUs: null,
      uncertaintyUs: null,
      clockSeq: null,
    });
  });

  it('gives UTC by the mark, and an uncertainty that grows by 100 ppm away from it', () => {
    const axis = new TimeAxis(1_000);
    axis.setClock({ ...clock, ticks: 2_000 });
    axis.anchor(0, 0);
    expect(axis.span(0, 10)).toEqual({
      fromTicks: 0,
      toTicks: 10_000,
      fromUtcUs: 1_000_000_000_000 - 2_000_000,
      toUtcUs: 1_000_000_000_000 + 8_000_000,
      uncertaintyUs: 50 + 800,
      clockSeq: 5,
    });
  });

  it('gives no time before the start of the device or of 1970', () => {
    const axis = new TimeAxis(1_000);
    axis.setClock({ ...clock, utcUs: 5 });
    axis.anchor(100, 0);
    expect(axis.span(0, 100)).toMatchObject({ fromTicks: 0, fromUtcUs: 0 });
  });
});
