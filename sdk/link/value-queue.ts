// Values of a characteristic on their way to one reader. Bounded: past the limit the oldest goes, so that a reader who comes back finds
// the present and not the past, and the loss is counted.

const VALUES_MAX = 4096;
/** Room at the front is given back in steps of this size. */
const GAP_MAX = 1024;

type Waiter = {
  readonly resolve: (result: IteratorResult<Uint8Array>) => void;
  readonly reject: (failure: unknown) => void;
};

/** What has no end of its own: breaking out of a loop over it leaves it open. */
export class ValueQueue implements AsyncIterable<Uint8Array>, AsyncIterator<Uint8Array> {
  #values: (Uint8Array | undefined)[] = [];
  #first = 0;
  readonly #waiters: Waiter[] = [];
  #end: { readonly failure: unknown } | null = null;
  readonly #onDrop: () => void;
  readonly #valuesMax: number;

  constructor(onDrop: () => void = () => {}, valuesMax: number = VALUES_MAX) {
    this.#onDrop = onDrop;
    this.#valuesMax = valuesMax;
  }

  /** Takes the value as it is: the caller must not reuse its memory. */
  push(value: Uint8Array): void {
    const waiter = this.#waiters.shift();
    if (waiter !== undefined) {
      waiter.resolve({ done: false, value });
      return;
    }
    if (this.#end === null) {
      this.#values.push(value);
      if (this.#values.length - this.#first <= this.#valuesMax) return;
      this.#forward();
    }
    this.#onDrop();
  }

  /** No more values. Whoever reads gets what waits, and then the failure if there is one. */
  end(failure: unknown = null): void {
    if (this.#end !== null) return;
    this.#end = { failure };
    for (const waiter of this.#waiters.splice(0)) {
      if (failure === null) waiter.resolve({ done: true, value: undefined });
      else waiter.reject(failure);
    }
  }

  next(): Promise<IteratorResult<Uint8Array>> {
    if (this.#first < this.#values.length) return Promise.resolve({ done: false, value: this.#forward() });
    if (this.#end === null) return new Promise((resolve, reject) => this.#waiters.push({ resolve, reject }));
    if (this.#end.failure !== null) return Promise.reject(this.#end.failure);
    return Promise.resolve({ done: true, value: undefined });
  }

  [Symbol.asyncIterator](): AsyncIterator<Uint8Array> {
    return { next: () => this.next() };
  }

  #forward(): Uint8Array {
    const value = this.#values[this.#first] as Uint8Array;
    this.#values[this.#first] = undefined;
    this.#first += 1;
    if (this.#first === this.#values.length || this.#first > GAP_MAX) {
      this.#values = this.#values.slice(this.#first);
      this.#first = 0;
    }
    return value;
  }
}
