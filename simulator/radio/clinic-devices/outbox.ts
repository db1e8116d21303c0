// What a device has to send: who has subscribed to what, what waits for somebody to subscribe, and what was sent.
import type { GattAddress } from '@maibo/sdk';
import type { GattAir, GattCharacteristicTable } from '../gatt-device.ts';

/** Kept in `sent`; the oldest go first. */
const SENT_MAX = 50_000;
/** As many measurements as a device keeps for somebody to come and fetch them. */
const WAITING_MAX = 90;

export interface Sent {
  readonly characteristic: string;
  readonly bytes: Uint8Array;
}

export class Outbox {
  readonly sent: Sent[] = [];
  readonly #subscribed = new Set<string>();
  readonly #waiting: { readonly at: GattAddress; readonly bytes: Uint8Array }[] = [];
  readonly #wakes = new Set<() => void>();
  #air: GattAir | null = null;

  open(air: GattAir): void {
    this.#air = air;
  }

  /** A characteristic whose values go through this outbox. */
  characteristic(
    uuid: string,
    flag: 'notify' | 'indicate',
    onSubscribed?: (isOn: boolean) => void,
  ): GattCharacteristicTable {
    const subscribed = (isOn: boolean) => {
      if (isOn) this.#subscribed.add(uuid);
      else this.#subscribed.delete(uuid);
      onSubscribed?.(isOn);
      for (const wake of [...this.#wakes]) wake();
    };
    return { uuid, flags: [flag], subscribed };
  }

  isSubscribed(uuid: string): boolean {
    return this.#subscribed.has(uuid);
  }

  /** Resolves when somebody has subscribed, or the device ends. */
  async subscription(uuid: string, signal: AbortSignal): Promise<void> {
    while (!signal.aborted && !this.#subscribed.has(uuid)) await this.#change(signal);
  }

  /** Sent now, or never. */
  async send(at: GattAddress, bytes: Uint8Array): Promise<void> {
    if (!this.#air || !this.#subscribed.has(at.characteristic)) return;
    if (this.sent.length >= SENT_MAX) this.sent.splice(0, SENT_MAX / 10);
    this.sent.push({ characteristic: at.characteristic, bytes });
    await this.#air.notify(at, bytes);
  }

  /** Sent as soon as somebody has subscribed, in order. */
  async keep(at: GattAddress, bytes: Uint8Array): Promise<void> {
    if (this.#waiting.length >= WAITING_MAX) this.#waiting.shift();
    this.#waiting.push({ at, bytes });
    await this.#sendWaiting();
  }

  /** Sends what was kept whenever somebody subscribes, until `signal` aborts. */
  async serve(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.#change(signal);
      await this.#sendWaiting();
    }
  }

  async #sendWaiting(): Promise<void> {
    for (;;) {
      const index = this.#waiting.findIndex(({ at }) => this.#subscribed.has(at.characteristic));
      const [next] = index < 0 ? [] : this.#waiting.splice(index, 1);
      if (!next) return;
      await this.send(next.at, next.bytes);
    }
  }

  #change(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const wake = () => {
        this.#wakes.delete(wake);
        signal.removeEventListener('abort', wake);
        resolve();
      };
      this.#wakes.add(wake);
      signal.addEventListener('abort', wake, { once: true });
    });
  }
}
