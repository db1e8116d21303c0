// What was begun and should have ended by now: a hang shows here. Nobody waits on these deadlines, so they cost no timers.
import type { Clock } from '../world/world.ts';

/** What answers late is slow, not stuck. */
const GRACE_MS = 30_000;

export class Overdue {
  readonly #clock: Clock;
  readonly #running = new Map<symbol, { readonly kind: string; readonly untilMs: number }>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Call what it returns when it has ended, however it did. */
  begin(kind: string, deadlineMs: number): () => void {
    const key = Symbol(kind);
    this.#running.set(key, { kind, untilMs: this.#clock.nowMonotonicMs() + deadlineMs + GRACE_MS });
    return () => this.#running.delete(key);
  }

  /** Kinds of which one hangs. */
  get kinds(): string[] {
    const nowMs = this.#clock.nowMonotonicMs();
    const late = [...this.#running.values()].filter(({ untilMs }) => nowMs > untilMs);
    return [...new Set(late.map(({ kind }) => kind))];
  }
}
