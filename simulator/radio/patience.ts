// Deadlines and abort signals on a clock of one's own.
import { type Clock, MaiboError, type Patience } from '@maibo/sdk';

/** Settles with `act`, when `signal` aborts (its reason), or after the deadline (`link-timeout`). */
export async function withPatience<T>(
  clock: Clock,
  defaultMs: number,
  { deadlineMs = defaultMs, signal }: Patience,
  late: string,
  act: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  signal?.throwIfAborted();
  const settled = new AbortController();
  const either = signal ? AbortSignal.any([signal, settled.signal]) : settled.signal;
  const tooLate = clock.sleep(deadlineMs, either).then((): never => {
    if (signal?.aborted) throw signal.reason;
    throw new MaiboError('link-timeout', late);
  });
  tooLate.catch(() => undefined);
  try {
    return await Promise.race([act(either), tooLate]);
  } finally {
    settled.abort();
  }
}
