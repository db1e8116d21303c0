// A clock for production code that waits: time stands still while anything can go on, then jumps to the next moment somebody waits for.
import type { Clock } from '@maibo/sdk';

interface Sleeper {
  readonly atMs: number;
  readonly wake: () => void;
}

export class MadeClock implements Clock {
  readonly source = 'lab';
  readonly uncertaintyUs = 0;
  #nowMs = 0;
  #sleepers: Sleeper[] = [];

  nowUtcUs(): number {
    return this.#nowMs * 1_000;
  }

  nowMonotonicMs(): number {
    return this.#nowMs;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      if (signal?.aborted) return resolve();
      const sleeper = { atMs: this.#nowMs + ms, wake: resolve };
      this.#sleepers.push(sleeper);
      const onAbort = () => {
        this.#sleepers = this.#sleepers.filter((other) => other !== sleeper);
        resolve();
      };
      signal?.addEventListener('abort', onAbort, { once: true });
    });
  }

  /** Lets time pass until `work` is done. Throws Error when it waits for something that is not time. */
  async play<T>(work: Promise<T>): Promise<T> {
    let isDone = false;
    const finished = work.finally(() => (isDone = true));
    finished.catch(() => undefined);
    for (;;) {
      await new Promise<void>((resolve) => setImmediate(resolve));
      if (isDone) return finished;
      const next = this.#sleepers.toSorted((one, other) => one.atMs - other.atMs)[0];
      if (next === undefined) throw new Error(`nobody waits for the time any more, at ${this.#nowMs} ms`);
      this.#sleepers = this.#sleepers.filter((sleeper) => sleeper !== next);
      this.#nowMs = Math.max(this.#nowMs, next.atMs);
      next.wake();
    }
  }
}
