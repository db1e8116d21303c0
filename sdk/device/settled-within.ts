// Waits for an end that may never come.
import type { Clock } from '../world/world.ts';

/** Settles with `promise`, after `afterMs` or when `signal` aborts; what it fails with is thrown, unless it is late. */
export async function settledWithin(
  clock: Clock,
  afterMs: number,
  promise: Promise<void>,
  signal?: AbortSignal,
): Promise<void> {
  const stop = new AbortController();
  if (signal?.aborted) stop.abort();
  signal?.addEventListener('abort', () => stop.abort(), { once: true, signal: stop.signal });
  try {
    await Promise.race([promise, clock.sleep(afterMs, stop.signal)]);
  } finally {
    stop.abort();
    promise.catch(() => undefined); // nobody is there any more to be told
  }
}
