// What came for one reader and waits for it. Whoever waits settles: something came, time is up, the signal aborts, or the session is over.
import type { Clock } from '../world/world.ts';

/** Said to nobody: without a reason, abort() makes an error with a stack each time. */
const DONE = 'done';

export class Inbox<T> {
  readonly #waiting: T[] = [];
  readonly #countMax: number;
  #wake: (() => void) | null = null;
  #isEnded = false;
  #failure: unknown = null;

  constructor(countMax: number) {
    this.#countMax = countMax;
  }

  /** False when so much waits already that this was not taken. */
  push(item: T): boolean {
    if (this.#waiting.length >= this.#countMax) return false;
    this.#waiting.push(item);
    this.#wake?.();
    return true;
  }

  /** Makes room: the oldest is forgotten. */
  dropOldest(): void {
    this.#waiting.shift();
  }

  /** Nothing more will come: the reader gets what waits, and then the failure, if there is one. */
  end(failure: unknown = null): void {
    if (this.#isEnded) return;
    this.#isEnded = true;
    this.#failure = failure;
    this.#wake?.();
  }

  get isEnded(): boolean {
    return this.#isEnded && this.#waiting.length === 0;
  }

  /** The next; null when nothing came within `waitMs` (null: no limit), the signal aborted, or it ended without a failure. One caller at a time. */
  async next(clock: Clock, waitMs: number | null, signal?: AbortSignal): Promise<T | null> {
    if (this.#waiting.length === 0 && !this.#isEnded && !signal?.aborted) await this.#news(clock, waitMs, signal);
    const found = this.#waiting.shift();
    if (found === undefined && this.#failure !== null) throw this.#failure;
    return found ?? null;
  }

  async #news(clock: Clock, waitMs: number | null, signal?: AbortSignal): Promise<void> {
    const stop = waitMs === null ? null : new AbortController();
    let wake = () => {};
    const woken = new Promise<void>((resolve) => {
      wake = resolve;
    });
    this.#wake = wake;
    signal?.addEventListener('abort', wake, { once: true });
    try {
      await (stop === null ? woken : Promise.race([woken, clock.sleep(waitMs ?? 0, stop.signal)]));
    } finally {
      this.#wake = null;
      signal?.removeEventListener('abort', wake);
      stop?.abort(DONE);
    }
  }
}
