// Calls to programs, in order and not too many at once: the bus refuses the 129th call that waits for an answer.
import { refused } from './bluez-error.ts';

const IN_FLIGHT_MAX = 64;
const WAITING_MAX = 4_096;

export class CallQueue {
  readonly #waiting: (() => void)[] = [];
  #inFlight = 0;

  async run<T>(call: () => Promise<T>): Promise<T> {
    if (this.#inFlight >= IN_FLIGHT_MAX) {
      if (this.#waiting.length >= WAITING_MAX) throw refused('Failed', 'Failed to initiate write');
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    } else this.#inFlight++;
    try {
      return await call();
    } finally {
      const next = this.#waiting.shift();
      if (next) next();
      else this.#inFlight--;
    }
  }
}
