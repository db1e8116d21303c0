// A Bluetooth device for tests, in memory: services with values, what happens on a write, and a way to drop the connection. It stands in
// the air of a `MadeRadio`.
import { MaiboError } from '../errors.ts';
import type { Advertisement, GattAddress, PairingQuestion } from '../world/radio.ts';
import type { ValueQueue } from './value-queue.ts';

export interface MadeCharacteristic {
  /** What a read gives; absent: it cannot be read. */
  readonly value?: Uint8Array | (() => Uint8Array);
  /** Every write, in order; what it throws, the writer gets. Absent: it cannot be written. */
  readonly onWrite?: (bytes: Uint8Array, how: 'request' | 'command') => void | Promise<void>;
  /** Somebody listens now. */
  readonly onListen?: () => void;
}

export interface MadePeripheralOptions {
  readonly address: string;
  readonly name?: string | null;
  readonly rssiDbm?: number | null;
  readonly attMtu?: number | null;
  readonly isPaired?: boolean;
  /** What it asks while pairing; 'refuses': it never pairs. */
  readonly pairing?: PairingQuestion | 'refuses';
  /** By service and characteristic, 128-bit UUIDs. */
  readonly services: Readonly<Record<string, Readonly<Record<string, MadeCharacteristic>>>>;
}

export class MadePeripheral {
  readonly options: MadePeripheralOptions;
  attMtu: number | null;
  isPaired: boolean;
  /** The next connects never answer. */
  isDeaf = false;
  connects = 0;
  readonly #gone = new Set<AbortController>();
  readonly #listeners = new Map<string, Set<ValueQueue>>();

  constructor(options: MadePeripheralOptions) {
    this.options = options;
    this.attMtu = options.attMtu ?? null;
    this.isPaired = options.isPaired ?? false;
  }

  get address(): string {
    return this.options.address;
  }

  get name(): string | null {
    return this.options.name ?? null;
  }

  get services(): readonly string[] {
    return Object.keys(this.options.services);
  }

  get isConnected(): boolean {
    return this.#gone.size > 0;
  }

  get advertisement(): Advertisement {
    const { address, name, services, isPaired } = this;
    return { address, name, rssiDbm: this.options.rssiDbm ?? null, services, isPaired };
  }

  characteristic(at: GattAddress): MadeCharacteristic | null {
    return this.options.services[at.service]?.[at.characteristic] ?? null;
  }

  /** To whoever listens; how many they are. */
  notify(at: GattAddress, bytes: Uint8Array): number {
    const listeners = this.#listeners.get(keyOf(at)) ?? new Set();
    for (const queue of listeners) queue.push(bytes.slice());
    return listeners.size;
  }

  isHeard(at: GattAddress): boolean {
    return (this.#listeners.get(keyOf(at))?.size ?? 0) > 0;
  }

  /** The connection is gone, as by walking away. */
  drop(): void {
    const lost = new MaiboError('link-lost', 'the device is out of reach', { where: this.address });
    for (const gone of [...this.#gone]) this.disconnect(gone, lost);
  }

  // What follows is called by the radio.

  connect(): AbortController {
    const gone = new AbortController();
    this.#gone.add(gone);
    this.connects += 1;
    return gone;
  }

  disconnect(gone: AbortController, reason: MaiboError): void {
    this.#gone.delete(gone);
    gone.abort(reason);
  }

  listen(at: GattAddress, queue: ValueQueue): void {
    const listeners = this.#listeners.get(keyOf(at)) ?? new Set();
    this.#listeners.set(keyOf(at), listeners.add(queue));
    this.characteristic(at)?.onListen?.();
  }

  unlisten(at: GattAddress, queue: ValueQueue): void {
    this.#listeners.get(keyOf(at))?.delete(queue);
  }

  get listenerCount(): number {
    return [...this.#listeners.values()].reduce((sum, queues) => sum + queues.size, 0);
  }
}

const keyOf = (at: GattAddress) => `${at.service}/${at.characteristic}`;
