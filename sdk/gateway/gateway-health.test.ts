import { describe, expect, it } from 'vitest';
import { type HealthSigns, isAlive, isReady, judgeHealth } from './gateway-health.ts';
import { ManualClock } from './manual-clock.testkit.ts';
import { Overdue } from './overdue.ts';

const WELL: HealthSigns = {
  phase: 'running',
  storeFailure: null,
  radioState: null,
  unreachableMs: null,
  refusedStreams: 0,
  freeBytes: 100 * 1024 ** 3,
  storeBytes: 1024 ** 3,
  storeBytesMax: null,
  hanging: [],
};

const SIGNS: readonly (readonly [Partial<HealthSigns>, readonly string[]])[] = [
  [{}, []],
  [{ radioState: 'ready', freeBytes: null, storeBytes: null, storeBytesMax: 1 }, []],
  [{ phase: 'starting' }, ['starting']],
  [{ phase: 'stopping' }, ['stopping']],
  [{ storeFailure: 'store-full' }, ['store-failing']],
  [{ radioState: 'absent' }, ['radio-absent']],
  [{ radioState: 'off' }, ['radio-off']],
  [{ unreachableMs: 9 * 60_000 }, []],
  [{ unreachableMs: 11 * 60_000 }, ['platform-unreachable']],
  [{ refusedStreams: 1 }, ['platform-rejected']],
  [{ freeBytes: 1024 ** 3 }, ['disk-nearly-full']],
  [{ storeBytesMax: 1024 ** 3 - 1 }, ['store-too-large']],
  [{ hanging: ['radio'] }, ['hanging']],
  [{ storeFailure: 'store-full', freeBytes: 0 }, ['store-failing', 'disk-nearly-full']],
];

describe('health', () => {
  for (const [signs, codes] of SIGNS) {
    it(`of ${JSON.stringify(signs)} is ${codes.length === 0 ? 'ok' : codes.join(' and ')}`, () => {
      const health = judgeHealth({ ...WELL, ...signs });
      expect(health.reasons.map(({ code }) => code)).toEqual(codes);
      expect(health.status).toBe(codes.length === 0 ? 'ok' : 'failing');
    });
  }

  it('is ready while it takes what devices have, and alive unless something hangs', () => {
    expect(isReady(WELL)).toBe(true);
    expect(isReady({ ...WELL, radioState: 'absent' })).toBe(true);
    expect(isReady({ ...WELL, storeFailure: 'store-full' })).toBe(false);
    expect(isReady({ ...WELL, phase: 'stopping' })).toBe(false);
    // A full disk does not become larger by a new start.
    expect(isAlive(WELL)).toBe(true);
    expect(isAlive({ hanging: ['store'] })).toBe(false);
  });
});

describe('what hangs', () => {
  it('is what has not ended half a minute past its deadline', async () => {
    const clock = new ManualClock();
    const overdue = new Overdue(clock);
    const done = overdue.begin('radio', 30_000);
    overdue.begin('store', 60_000);
    overdue.begin('radio', 30_000);
    await clock.advance(60_000);
    expect(overdue.kinds).toEqual([]);
    await clock.advance(1);
    expect(overdue.kinds).toEqual(['radio']);
    done();
    expect(overdue.kinds).toEqual(['radio']);
    await clock.advance(30_000);
    expect(overdue.kinds).toEqual(['store', 'radio']);
  });
});
