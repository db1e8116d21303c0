// Several things at once that belong together: each is waited for to its end, so that nobody closes under its feet what it still uses.

type Tasks<T extends readonly unknown[]> = { readonly [K in keyof T]: (stop: AbortSignal) => Promise<T[K]> };

/** What each gives. One that fails stops the others, and then its failure is thrown. */
export async function sideBySide<T extends readonly unknown[]>(signal: AbortSignal, tasks: Tasks<T>): Promise<T> {
  const stop = new AbortController();
  const failures: unknown[] = [];
  const end = () => stop.abort();
  signal.addEventListener('abort', end, { once: true });
  if (signal.aborted) end();
  try {
    const running = tasks.map((task) =>
      task(stop.signal).catch((failure: unknown) => {
        failures.push(failure);
        end();
      }),
    );
    const given = await Promise.all(running);
    if (failures.length > 0) throw failures[0];
    return given as unknown as T;
  } finally {
    signal.removeEventListener('abort', end);
  }
}
