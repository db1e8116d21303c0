// Values from callbacks to one async reader, in order; a reader that falls behind loses the oldest.

const WAITING_MAX = 1_024;

export class Feed<Value> implements AsyncIterable<Value> {
  readonly #waiting: Value[] = [];
  readonly #onDropped: () => void;
  #wake: (() => void) | null = null;
  #end: { readonly failure: unknown } | null = null;

  constructor(onDropped: () => void = () => {}) {
    this.#onDropped = onDropped;
  }

  push(value: Value): void {
    if (this.#end) return;
    if (this.#waiting.length >= WAITING_MAX) {
      this.#waiting.shift();
      this.#onDropped();
    }
    this.#waiting.push(value);
    this.#wake?.();
  }

  /** The reader gets what waits, and then the failure, if there is one. */
  end(failure: unknown = null): void {
    this.#end ??= { failure };
    this.#wake?.();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Value> {
    for (;;) {
      const waiting = this.#waiting.splice(0);
      for (const value of waiting) yield value;
      if (this.#waiting.length > 0) continue;
      if (this.#end) {
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
