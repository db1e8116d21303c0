// Who writes for a device: one session at a time, whether it comes by wire or by radio, and nobody while its streams are trimmed.
import { MaiboError } from '../errors.ts';
import { toHex } from '../evidence/record-types.ts';

interface Claim {
  /** Asks the holder to let go. */
  readonly end: () => void;
  readonly freed: Promise<void>;
}

export class DeviceClaims {
  readonly #held = new Map<string, Claim>();

  isHeld(device: Uint8Array): boolean {
    return this.#held.has(toHex(device));
  }

  /** Null when somebody holds it; else gives it back when called. `end` is called when somebody else needs it. */
  take(device: Uint8Array, end: () => void): (() => void) | null {
    const name = toHex(device);
    if (this.#held.has(name)) return null;
    let free: () => void = () => undefined;
    const freed = new Promise<void>((resolve) => {
      free = resolve;
    });
    this.#held.set(name, { end, freed });
    return () => {
      this.#held.delete(name);
      free();
    };
  }

  /**
   * Does this while nobody else holds the device; what it is given aborts when `signal` does, or when somebody else needs the device. Errors:
   * `link-open` when somebody holds it.
   */
  async during<T>(device: Uint8Array, signal: AbortSignal, work: (ending: AbortController) => Promise<T>): Promise<T> {
    const ending = new AbortController();
    const onStop = () => ending.abort();
    const giveBack = this.take(device, onStop);
    if (giveBack === null) throw new MaiboError('link-open', 'this device is connected another way already');
    signal.addEventListener('abort', onStop, { once: true });
    try {
      if (signal.aborted) ending.abort();
      return await work(ending);
    } finally {
      signal.removeEventListener('abort', onStop);
      giveBack();
    }
  }

  /** Asks the holder to let go, and resolves when it has. */
  async release(device: Uint8Array): Promise<void> {
    const claim = this.#held.get(toHex(device));
    claim?.end();
    await claim?.freed;
  }
}
