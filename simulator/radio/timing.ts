// Real time for what talks to real processes: nothing of a device's behaviour is here, that runs on a `Clock`.

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** Runs `act` after `ms`; the returned function takes it back. Keeps no process alive. */
export function later(ms: number, act: () => void): () => void {
  const timer = setTimeout(act, ms);
  timer.unref();
  return () => clearTimeout(timer);
}

/** Settles as `promise` does, or rejects with `failure()` after `ms`. */
export async function within<T>(ms: number, promise: Promise<T>, failure: () => Error): Promise<T> {
  let stop = () => {};
  const tooLate = new Promise<never>((_, reject) => {
    const timer = setTimeout(() => reject(failure()), ms);
    stop = () => clearTimeout(timer);
  });
  try {
    return await Promise.race([promise, tooLate]);
  } finally {
    stop();
  }
}

/** Lets everything else that waits have its turn. */
export function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
