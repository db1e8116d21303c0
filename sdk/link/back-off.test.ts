import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BackOff } from './back-off.ts';

const longest = { bytes: (count: number) => new Uint8Array(count).fill(0xff) };
const shortest = { bytes: (count: number) => new Uint8Array(count) };

const waits = (backOff: BackOff, count: number) => Array.from({ length: count }, () => backOff.nextMs(0));

describe('the back-off', () => {
  it('doubles its longest wait from a second up to a minute', () => {
    expect(waits(new BackOff(longest), 9)).toEqual([1, 2, 4, 8, 16, 32, 60, 60, 60].map((s) => s * 1000));
  });

  it('draws the wait from nothing up to the longest: full jitter', () => {
    expect(waits(new BackOff(shortest), 3)).toEqual([0, 0, 0]);
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 4, maxLength: 4 }), fc.nat(200), (drawn, failures) => {
        const backOff = new BackOff({ bytes: () => drawn });
        const all = waits(backOff, failures + 1);
        const ceilingMs = Math.min(60_000, 1000 * 2 ** failures);
        const last = all.at(-1) ?? Number.NaN;
        expect(last).toBeGreaterThanOrEqual(0);
        expect(last).toBeLessThanOrEqual(ceilingMs);
      }),
    );
  });

  it('starts afresh after a connection that held a minute, not after one that held a second', () => {
    const backOff = new BackOff(longest);
    waits(backOff, 3);
    backOff.up(10_000);
    expect(backOff.nextMs(11_000)).toBe(8_000);
    backOff.up(20_000);
    backOff.up(70_000); // said again: it has been up since 20 s
    expect(backOff.nextMs(80_000)).toBe(1_000);
  });

  it('counts an attempt that never came up as failed, however long it took', () => {
    const backOff = new BackOff(longest);
    backOff.nextMs(0);
    expect(backOff.nextMs(500_000)).toBe(2_000);
    expect(backOff.attempts).toBe(2);
  });
});
