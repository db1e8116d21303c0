import { describe, expect, it } from 'vitest';
import {
  formatClock,
  formatLength,
  formatNumber,
  formatSize,
  formatUncertainty,
  formatUtc,
  medianOf,
} from './format.ts';
import { decimatedPath, niceStep, ticksBetween } from './svg-scale.ts';
import { chooseTimeAxis } from './time-axis.ts';

describe('format', () => {
  it('groups thousands and keeps the sign a minus', () => {
    expect(formatNumber(1234567.891, 2)).toBe('1\u202f234\u202f567.89');
    expect(formatNumber(-12.34, 1)).toBe('\u221212.3');
    expect(formatNumber(-0.01, 1)).toBe('0.0');
    expect(formatNumber(0.1234, 4)).toBe('0.1234');
  });

  it('shows a dash for what is not a number', () => {
    expect([null, undefined, Number.NaN, Number.POSITIVE_INFINITY].map((value) => formatNumber(value))).toEqual(
      Array(4).fill('-'),
    );
  });

  it('writes times without the locale of the host', () => {
    expect(formatClock(3723)).toBe('1:02:03');
    expect(formatClock(59.9)).toBe('0:59');
    expect(formatLength(12.34)).toBe('12.3 s');
    expect(formatUtc(1_790_000_000_000_000)).toBe('2026-09-21 14:13:20 UTC');
    expect(formatUtc(Number.MAX_SAFE_INTEGER * 2 ** 20)).toBe('-');
    expect(formatUncertainty(1500)).toBe('1.5 ms');
    expect(formatSize(2048)).toBe('2.0 KiB');
  });

  it('takes the middle of what exists', () => {
    expect(medianOf([3, null, 1, undefined, 2])).toBe(2);
    expect(medianOf([4, 1])).toBe(2.5);
    expect(medianOf([null])).toBeNull();
  });
});

describe('axes', () => {
  it('steps by 1, 2, 5 and powers of ten', () => {
    expect([0.03, 0.1, 0.11, 3, 5.01, 80].map(niceStep)).toEqual([0.05, 0.1, 0.2, 5, 10, 100]);
    expect(ticksBetween(-1, 1, 0.5)).toEqual([-1, -0.5, 0, 0.5, 1]);
  });

  it('counts time in the unit a person would use', () => {
    expect(chooseTimeAxis(60).name).toBe('axisS');
    expect(chooseTimeAxis(1800).labels).toEqual(['0', '5', '10', '15', '20', '25', '30']);
    expect(chooseTimeAxis(86_400).labels).toEqual([
      '0',
      '2',
      '4',
      '6',
      '8',
      '10',
      '12',
      '14',
      '16',
      '18',
      '20',
      '22',
      '24',
    ]);
  });

  it('draws at most four points for a pixel column', () => {
    const points = Array.from({ length: 1000 }, (_, index) => ({ x: index / 1000, y: index === 500 ? 99 : index % 3 }));
    const path = decimatedPath(points);
    expect(path.match(/[ML]/g)?.length).toBeLessThanOrEqual(4);
    expect(path).toContain(' 99');
  });
});
