// A connected device that tests play themselves: what it can be read, what it notifies, and what it does with what is written to it.
import { gatt } from '@maibo/protocols';
import { MaiboError } from '../errors.ts';
import { ValueQueue } from '../link/value-queue.ts';
import type { GattAddress, Notifications, RadioPeer } from '../world/radio.ts';

export interface MadePeerOptions {
  /** Characteristics by service, 16-bit numbers. */
  readonly services: Readonly<Record<number, readonly number[]>>;
  /** What reading gives. */
  readonly values?: Readonly<Record<number, Uint8Array>>;
  readonly onWrite?: (characteristic: number, bytes: Uint8Array, peer: MadePeer) => void;
}

export class MadePeer implements RadioPeer {
  readonly address = 'C0:FF:EE:00:00:01';
  readonly name = 'made up';
  readonly attMtu = 247;
  readonly services: readonly string[];
  readonly written: { readonly characteristic: number; readonly bytes: Uint8Array }[] = [];
  readonly #options: MadePeerOptions;
  readonly #gone = new AbortController();
  readonly #queues = new Map<number, ValueQueue>();
  readonly #listened: (() => void)[] = [];

  constructor(options: MadePeerOptions) {
    this.#options = options;
    this.services = Object.keys(options.services).map((service) => gatt.gattUuidText(Number(service)));
  }

  get gone(): AbortSignal {
    return this.#gone.signal;
  }

  get listenerCount(): number {
    return this.#queues.size;
  }

  /** Resolves when this characteristic is listened to. */
  async listened(characteristic: number): Promise<void> {
    while (!this.#queues.has(characteristic)) await new Promise<void>((resolve) => this.#listened.push(resolve));
  }

  notify(characteristic: number, ...values: readonly Uint8Array[]): void {
    for (const value of values) this.#queues.get(characteristic)?.push(value);
  }

  /** Out of reach: what was sent before still comes, nothing else does. */
  vanish(): void {
    const reason = new MaiboError('link-lost', 'out of reach');
    this.#gone.abort(reason);
    for (const queue of this.#queues.values()) queue.end(reason);
  }

  has({ service, characteristic }: GattAddress): boolean {
    const held = this.#options.services[numberOf(service)] ?? [];
    return held.includes(numberOf(characteristic));
  }

  read(at: GattAddress): Promise<Uint8Array> {
    const value = this.#options.values?.[numberOf(at.characteristic)];
    if (value !== undefined) return Promise.resolve(value);
    return Promise.reject(new MaiboError('radio-refused', 'not readable'));
  }

  write(at: GattAddress, bytes: Uint8Array): Promise<void> {
    if (this.#gone.signal.aborted) return Promise.reject(this.#gone.signal.reason);
    this.written.push({ characteristic: numberOf(at.characteristic), bytes });
    this.#options.onWrite?.(numberOf(at.characteristic), bytes, this);
    return Promise.resolve();
  }

  listen(at: GattAddress): Promise<Notifications> {
    if (this.#gone.signal.aborted) return Promise.reject(this.#gone.signal.reason);
    const characteristic = numberOf(at.characteristic);
    const queue = new ValueQueue();
    this.#queues.set(characteristic, queue);
    for (const tell of this.#listened.splice(0)) tell();
    const close = () => {
      this.#queues.delete(characteristic);
      queue.end();
      return Promise.resolve();
    };
    return Promise.resolve({
      [Symbol.asyncIterator]: () => queue[Symbol.asyncIterator](),
      close,
      [Symbol.asyncDispose]: close,
    });
  }

  close(): Promise<void> {
    this.vanish();
    return Promise.resolve();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

function numberOf(uuid: string): number {
  return gatt.gattUuid16(uuid) ?? -1;
}
