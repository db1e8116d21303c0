// A clock for tests that jumps to the next moment somebody waits for, as soon as nothing else is to be done: hours pass in no time, and
// every wait is as long as it says.
import type { Clock } from '@maibo/sdk';
import { turn } from './timing.ts';

interface Sleeper {
  readonly untilMs: number;
  readonly wake: () => void;
}

export const START_UTC_US = 1_767_225_600_000_000;
/** What is awaited in memory settles within a few turns. */
const TURNS = 4;

export class SteppedClock implements Clock {
  readonly source = 'lab';
  readonly uncertaintyUs = 0;
  #ms = 0;
  readonly #sleepers = new Set<Sleeper>();

  nowUtcUs = (): number => START_UTC_US + Math.round(this.#ms * 1000);
  nowMonotonicMs = (): number => this.#ms;

  sleep = (ms: number, signal?: AbortSignal): Promise<void> =>
    new Promise((resolve) => {
      if (signal?.aborted) return resolve();
      const sleeper: Sleeper = {
        untilMs: this.#ms + ms,
        wake: () => {
          this.#sleepers.delete(sleeper);
          signal?.removeEventListener('abort', sleeper.wake);
          resolve();
        },
      };
      this.#sleepers.add(sleeper);
      signal?.addEventListener('abort', sleeper.wake, { once: true });
    });

  /** Lets so much time pass, or as much of it as passes until `ended`. */
  async run(ms: number, ended: () => boolean = () => false): Promise<void> {
    const untilMs = this.#ms + ms;
    for (;;) {
      for (let count = 0; count < TURNS; count++) await turn();
      const [next] = [...this.#sleepers].sort((a, b) => a.untilMs - b.untilMs);
      if (ended() || next === undefined || next.untilMs > untilMs) break;
      this.#ms = Math.max(this.#ms, next.untilMs);
      next.wake();
    }
    this.#ms = Math.max(this.#ms, untilMs);
  }
}
