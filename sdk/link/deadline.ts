// Calls of the operating system that cannot be called off: after so long nobody waits for them any more.

export interface Deadline {
  readonly ms: number;
  readonly signal?: AbortSignal | undefined;
}

/** What `work` settles with; `late()` is thrown when time is up, the signal's reason when it aborts. What `work` does later is nobody's error. */
export async function within<T>(work: Promise<T>, deadline: Deadline, late: () => Error): Promise<T> {
  const { ms, signal } = deadline;
  work.catch(() => undefined);
  signal?.throwIfAborted();
  let timer: NodeJS.Timeout | undefined;
  let onAbort = () => {};
  const over = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(late()), ms);
    onAbort = () => reject(signal?.reason);
    signal?.addEventListener('abort', onAbort, { once: true });
  });
  try {
    return await Promise.race([work, over]);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', onAbort);
  }
}

/** Waits for `work` to settle, however it does, and no longer than this. True when it did. */
export function settles(work: Promise<unknown>, ms: number): Promise<boolean> {
  const settled = work.then(
    () => true,
    () => true,
  );
  return within(settled, { ms }, () => new Error('late')).catch(() => false);
}
