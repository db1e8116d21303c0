// The machine's own clock and chance.
import { randomBytes } from 'node:crypto';
import type { Clock, Entropy } from './world.ts';

/** What a clock set by NTP on a local network may be off; nothing here can measure it. */
const SYSTEM_CLOCK_UNCERTAINTY_US = 100_000;

export const systemClock: Clock = {
  source: 'system',
  uncertaintyUs: SYSTEM_CLOCK_UNCERTAINTY_US,
  nowUtcUs: () => Math.round((performance.timeOrigin + performance.now()) * 1000),
  nowMonotonicMs: () => performance.now(),
  sleep: (ms, signal) =>
    new Promise((resolve) => {
      if (signal?.aborted) return resolve();
      const done = () => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', done);
        resolve();
      };
      const timer = setTimeout(done, ms);
      signal?.addEventListener('abort', done, { once: true });
    }),
};

export const systemEntropy: Entropy = {
  bytes: (count) => new Uint8Array(randomBytes(count)),
};
