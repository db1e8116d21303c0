// Hands chunks from a callback to one async reader. Bounded: past the mark it asks the source to pause.

export interface ByteQueueOptions {
  /** Called with true when more than `highWaterBytes` wait, with false when the reader has caught up. */
  readonly onPressure?: (full: boolean) => void;
  readonly highWaterBytes?: number;
}

const HIGH_WATER_BYTES = 1 << 20;

export class ByteQueue implements AsyncIterable<Uint8Array> {
  #waiting: Uint8Array[] = [];
  #waitingBytes = 0;
  #wake: (() => void) | null = null;
  #ended = false;
  #failure: unknown = null;
  #pressed = false;
  readonly #options: ByteQueueOptions;

  constructor(options: ByteQueueOptions = {}) {
    this.#options = options;
  }

  /** Takes the chunk as it is: the caller must not reuse its memory. */
  push(chunk: Uint8Array): void {
    if (this.#ended || chunk.length === 0) return;
    this.#waiting.push(chunk);
    this.#waitingBytes += chunk.length;
    this.#press(this.#waitingBytes > (this.#options.highWaterBytes ?? HIGH_WATER_BYTES));
    this.#wake?.();
  }

  /** No more chunks. With a failure, the reader gets what waits and then the failure. */
  end(failure: unknown = null): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#failure = failure;
    this.#wake?.();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array> {
    for (;;) {
      const chunk = this.#waiting.shift();
      if (chunk !== undefined) {
        this.#waitingBytes -= chunk.length;
        if (this.#waitingBytes === 0) this.#press(false);
        yield chunk;
      } else if (this.#ended) {
        if (this.#failure !== null) throw this.#failure;
        return;
      } else {
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
        this.#wake = null;
      }
    }
  }

  #press(full: boolean): void {
    if (full === this.#pressed) return;
    this.#pressed = full;
    this.#options.onPressure?.(full);
  }
}
