import { describe, expect, it } from 'vitest';
import { RR_MAX_MS, RR_MIN_MS, type RrPoint, RrSeries, rrFlagOf, usableIntervals } from './rr-series.ts';

describe('RR intervals', () => {
  it('gives none for the first beat', () => {
    expect(new RrSeries().addBeat(12, 1)).toBeNull();
  });

  it('flags what is too short or too long for an interval, and takes the limits themselves', () => {
    expect([RR_MIN_MS - 1, RR_MIN_MS, RR_MAX_MS, RR_MAX_MS + 1].map(rrFlagOf)).toEqual(['short', 'ok', 'ok', 'long']);
  });

  it('flags the one interval that lies across a loss of signal', () => {
    const series = new RrSeries();
    series.addBeat(0, null);
    series.break();
    const points = [series.addBeat(1, 0.9), series.addBeat(2, 0.8)];
    expect(points.map((point) => point?.flag)).toEqual(['gap', 'ok']);
    expect(points[0]).toMatchObject({ endS: 1, rrMs: 1000 });
  });

  it('trusts neither interval beside a beat that is in doubt', () => {
    const series = new RrSeries();
    const points = [0.9, 0.9, 0.79, 0.9, 0.9].map((quality, second) => series.addBeat(second, quality));
    expect(points.map((point) => point?.flag)).toEqual([undefined, 'ok', 'poor', 'poor', 'ok']);
  });

  it('leaves flagged intervals out and keeps their neighbours apart', () => {
    const flags = ['gap', 'ok', 'ok', 'short', 'ok', 'long', 'gap', 'ok'] as const;
    const points = flags.map((flag, index): RrPoint => ({ endS: index, rrMs: 500 + index, flag }));
    const expected = [
      { rrMs: 501, afterGap: false, gapMs: 0 },
      { rrMs: 502, afterGap: false, gapMs: 0 },
      { rrMs: 504, afterGap: true, gapMs: 2_000 - 504 },
      { rrMs: 507, afterGap: true, gapMs: 3_000 - 507 },
    ];
    const found = usableIntervals(points);
    expect(found.map((interval) => ({ ...interval, gapMs: Math.round(interval.gapMs) }))).toEqual(expected);
  });
});
