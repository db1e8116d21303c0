// Handshakes cost the processor milliseconds each. After a power cut all the devices of a house come at once: they take turns, or none of them
// would be done by its deadline, and all would begin again.
import { Slots } from '../link/slots.ts';
import type { Clock } from '../world/world.ts';

/** Enough that one device's thinking is another's turn. */
const AT_ONCE = 16;
/** Who says nothing costs nothing: its turn goes on to the next, and its handshake may still end. */
const HELD_MS = 2_000;

export class HandshakeTurns {
  readonly #slots = new Slots(AT_ONCE);
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Runs `shake` when its turn comes. Rejects when `signal` aborts before. */
  async during<T>(signal: AbortSignal, shake: () => Promise<T>): Promise<T> {
    const giveBack = await this.#slots.take(signal);
    const over = new AbortController();
    void this.#clock.sleep(HELD_MS, over.signal).then(giveBack);
    try {
      return await shake();
    } finally {
      over.abort();
      giveBack();
    }
  }
}
