// Clocks for tests: one that runs faster than life, and one that stands until it is told to move.
import { type Clock, LAB_EPOCH_UTC_US, systemClock } from '@maibo/sdk';

const FACTOR = 5;

/** A lab clock whose waits are over so many times sooner. Deadlines shrink with them, and the work does not: a busy machine needs a small factor. */
export function createHurriedClock(factor: number = FACTOR): Clock {
  return {
    source: 'lab',
    uncertaintyUs: 0,
    nowUtcUs: () => LAB_EPOCH_UTC_US,
    nowMonotonicMs: () => systemClock.nowMonotonicMs() * factor,
    sleep: (ms, signal) => systemClock.sleep(ms / factor, signal),
  };
}

export interface ManualClock extends Clock {
  /** How many wait for time to pass. */
  readonly sleeperCount: number;
  /** Time passes; everybody whose moment comes wakes in order, and what they do at once is done before the next. */
  advance(ms: number): Promise<void>;
}

interface Sleeper {
  readonly atMs: number;
  readonly wake: () => void;
}

/** Time stands still but for `advance`: minutes of back-off in no time, and the same in every run. */
export function createManualClock(startUtcUs: number = LAB_EPOCH_UTC_US): ManualClock {
  let nowMs = 0;
  const sleepers = new Set<Sleeper>();
  const sleep = (ms: number, signal?: AbortSignal) =>
    new Promise<void>((resolve) => {
      if (ms <= 0 || signal?.aborted) return resolve();
      const wake = () => {
        sleepers.delete(sleeper);
        signal?.removeEventListener('abort', wake);
        resolve();
      };
      const sleeper = { atMs: nowMs + ms, wake };
      sleepers.add(sleeper);
      signal?.addEventListener('abort', wake, { once: true });
    });
  return {
    source: 'lab',
    uncertaintyUs: 0,
    nowUtcUs: () => startUtcUs + Math.round(nowMs * 1000),
    nowMonotonicMs: () => nowMs,
    sleep,
    get sleeperCount() {
      return sleepers.size;
    },
    async advance(ms) {
      const endMs = nowMs + ms;
      for (;;) {
        await systemClock.sleep(0);
        const due = [...sleepers].filter(({ atMs }) => atMs <= endMs).sort((a, b) => a.atMs - b.atMs)[0];
        if (due === undefined) break;
        nowMs = Math.max(nowMs, due.atMs);
        due.wake();
      }
      nowMs = endMs;
    },
  };
}
