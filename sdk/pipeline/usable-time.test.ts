import { describe, expect, it } from 'vitest';
import { UsableTime } from './usable-time.ts';

describe('usable time', () => {
  it('is all of it when nothing was lost, and none of an empty span', () => {
    const usable = new UsableTime();
    expect(usable.coverage(0, 10)).toBe(1);
    expect(usable.coverage(5, 5)).toBe(0);
    expect(usable.reasons(0, 10)).toEqual([]);
  });

  it('counts the part of a loss that lies in the span', () => {
    const usable = new UsableTime();
    usable.lose(8, 'flat');
    usable.regain(13);
    expect([usable.coverage(0, 10), usable.coverage(10, 20), usable.coverage(20, 30)]).toEqual([0.8, 0.7, 1]);
    expect([usable.reasons(0, 10), usable.reasons(20, 30)]).toEqual([['flat'], []]);
  });

  it('counts a loss that still lasts up to the end of the span', () => {
    const usable = new UsableTime();
    usable.lose(4, 'missing');
    expect(usable.coverage(0, 10)).toBeCloseTo(0.4);
    expect(usable.lostUntil(5, 99)).toBe(99);
    expect(usable.lostUntil(3, 99)).toBe(3);
  });

  it('keeps the first reason of one loss, and names the reasons of several once, sorted', () => {
    const usable = new UsableTime();
    for (const [fromS, reason] of [
      [1, 'noise'],
      [3, 'flat'],
      [5, 'noise'],
    ] as const) {
      usable.lose(fromS, reason);
      usable.lose(fromS + 0.5, 'gap');
      usable.regain(fromS + 1);
    }
    expect(usable.reasons(0, 10)).toEqual(['flat', 'noise']);
  });

  it('keeps nothing of losses that have no length, however many', () => {
    const usable = new UsableTime();
    for (let count = 0; count < 200_000; count++) {
      usable.lose(5, 'missing');
      usable.regain(5);
    }
    expect(usable.coverage(0, 10)).toBe(1);
    expect(usable.reasons(0, 10)).toEqual([]);
  });

  it('forgets what no window reaches any more', () => {
    const usable = new UsableTime();
    for (const fromS of [0, 500]) {
      usable.lose(fromS, 'flat');
      usable.regain(fromS + 10);
    }
    usable.forget(100);
    expect(usable.coverage(0, 10)).toBe(1);
    expect(usable.coverage(500, 510)).toBe(0);
  });
});
