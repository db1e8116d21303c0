// A clock for replays: it stands at a fixed UTC start, so the same input gives the same records, byte for byte. Waiting still takes
// real time, because the other side of a link does.
import { systemClock } from './node-clock.ts';
import type { Clock } from './world.ts';

/** 2026-01-01T00:00:00Z. A round date that nobody takes for the time of a measurement. */
export const LAB_EPOCH_UTC_US = 1_767_225_600_000_000;

/** A clock whose UTC stands still at `utcUs`; its `source` is "lab", and records say so. */
export function createLabClock(utcUs: number = LAB_EPOCH_UTC_US): Clock {
  return {
    source: 'lab',
    uncertaintyUs: 0,
    nowUtcUs: () => utcUs,
    nowMonotonicMs: systemClock.nowMonotonicMs,
    sleep: systemClock.sleep,
  };
}
