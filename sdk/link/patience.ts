// Nothing that waits for the outside waits for ever: it has a deadline, or a signal, and what it has begun is told to stop.
import { setMaxListeners } from 'node:events';
import type { Patience } from '../world/radio.ts';
import type { Clock } from '../world/world.ts';

/** The longest that timers of this platform take; more fires at once. */
const TIMER_MS_MAX = 2 ** 31 - 1;

export interface Bounds extends Patience {
  readonly deadlineMs: number;
  /** What is waited for ends with this, too: the connection it came over, say. */
  readonly ends?: AbortSignal;
}

/**
 * Settles with `work`, or rejects with `late()` when time is up, or with the reason of `signal` or `ends`. The signal that `work` gets then
 * aborts for the same reason: it cleans up behind itself, nobody looks at it any more.
 */
export async function withPatience<T>(
  clock: Clock,
  { deadlineMs, signal, ends }: Bounds,
  late: () => unknown,
  work: (stop: AbortSignal) => Promise<T>,
): Promise<T> {
  signal?.throwIfAborted();
  ends?.throwIfAborted();
  // Hundreds may wait for the same end; Node takes more than ten for a mistake.
  for (const one of [signal, ends]) if (one !== undefined) setMaxListeners(0, one);
  const stop = new AbortController();
  const timer = new AbortController();
  const onAbort = () => stop.abort(signal?.aborted ? signal.reason : ends?.reason);
  const stopped = new Promise<never>((_, reject) => {
    stop.signal.addEventListener('abort', () => reject(stop.signal.reason), { once: true });
  });
  signal?.addEventListener('abort', onAbort, { once: true });
  ends?.addEventListener('abort', onAbort, { once: true });
  void clock.sleep(Math.min(deadlineMs, TIMER_MS_MAX), timer.signal).then(() => {
    if (!timer.signal.aborted) stop.abort(late());
  });
  try {
    return await Promise.race([work(stop.signal), stopped]);
  } finally {
    timer.abort();
    signal?.removeEventListener('abort', onAbort);
    ends?.removeEventListener('abort', onAbort);
  }
}

/** Resolves when the signal aborts. Never rejects. Only for signals that end with what waits: the listener stays until then. */
export function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}
