// Time that only moves from one event to the next. Events of one moment run in the order in which they were asked for.

interface Event {
  readonly atMs: number;
  readonly order: number;
  readonly run: () => void;
}

export class VirtualTime {
  nowMs = 0;
  #heap: Event[] = [];
  #order = 0;

  /** At `atMs`, or now if that is over. */
  at(atMs: number, run: () => void): void {
    const event = { atMs: Math.max(atMs, this.nowMs), order: this.#order++, run };
    let index = this.#heap.push(event) - 1;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (isBefore(this.#heap[parent]!, event)) break;
      this.#heap[index] = this.#heap[parent]!;
      index = parent;
    }
    this.#heap[index] = event;
  }

  after(waitMs: number, run: () => void): void {
    this.at(this.nowMs + waitMs, run);
  }

  /** Runs until nothing is left, `isDone` says so, or `untilMs`. */
  run(untilMs: number, isDone: () => boolean): void {
    while (this.#heap.length > 0 && this.#heap[0]!.atMs <= untilMs && !isDone()) {
      const event = this.#pop();
      this.nowMs = event.atMs;
      event.run();
    }
  }

  #pop(): Event {
    const first = this.#heap[0]!;
    const last = this.#heap.pop()!;
    if (this.#heap.length === 0) return first;
    let index = 0;
    for (;;) {
      let child = 2 * index + 1;
      if (child >= this.#heap.length) break;
      if (child + 1 < this.#heap.length && isBefore(this.#heap[child + 1]!, this.#heap[child]!)) child++;
      if (isBefore(last, this.#heap[child]!)) break;
      this.#heap[index] = this.#heap[child]!;
      index = child;
    }
    this.#heap[index] = last;
    return first;
  }
}

function isBefore(one: Event, other: Event): boolean {
  return one.atMs < other.atMs || (one.atMs === other.atMs && one.order < other.order);
}
