// Two ways to tell readers of their own pace what is the case: they get the newest, and what was overtaken meanwhile is not kept.

/** One value, and again whenever it changes. */
export class LatestValue<T> {
  #value: T;
  #version = 0;
  #isClosed = false;
  readonly #wakes = new Set<() => void>();

  constructor(value: T) {
    this.#value = value;
  }

  get value(): T {
    return this.#value;
  }

  set(value: T): void {
    if (value === this.#value || this.#isClosed) return;
    this.#value = value;
    this.#version += 1;
    this.#wakeAll();
  }

  /** Everybody who follows ends. */
  close(): void {
    this.#isClosed = true;
    this.#wakeAll();
  }

  /** The value now, and again whenever it changes, until `signal` aborts or this is closed. */
  async *follow(signal?: AbortSignal): AsyncGenerator<T> {
    let seen = -1;
    while (!this.#isClosed && !signal?.aborted) {
      if (seen !== this.#version) {
        seen = this.#version;
        yield this.#value;
      } else {
        await this.#changed(signal);
      }
    }
  }

  #changed(signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve) => {
      const wake = () => {
        this.#wakes.delete(wake);
        signal?.removeEventListener('abort', wake);
        resolve();
      };
      this.#wakes.add(wake);
      signal?.addEventListener('abort', wake, { once: true });
    });
  }

  #wakeAll(): void {
    for (const wake of [...this.#wakes]) wake();
  }
}

/** The newest value of each key, for one reader. Bounded by the keys there are; past the limit new keys are left out. */
export class LatestByKey<T> {
  readonly #waiting = new Map<string, T>();
  readonly #keysMax: number;
  #end: { readonly failure: unknown } | null = null;
  #wake: (() => void) | null = null;

  constructor(keysMax: number) {
    this.#keysMax = keysMax;
  }

  push(key: string, value: T): void {
    if (this.#end !== null || (this.#waiting.size >= this.#keysMax && !this.#waiting.has(key))) return;
    this.#waiting.set(key, value);
    this.#wake?.();
  }

  /** The reader gets what waits, and then the failure if there is one. */
  end(failure: unknown = null): void {
    this.#end ??= { failure };
    this.#wake?.();
  }

  async *drain(): AsyncGenerator<T> {
    for (;;) {
      for (const [key, value] of this.#waiting) {
        this.#waiting.delete(key);
        yield value;
      }
      if (this.#waiting.size > 0) continue;
      if (this.#end !== null) {
        if (this.#end.failure !== null) throw this.#end.failure;
        return;
      }
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
      this.#wake = null;
    }
  }
}
