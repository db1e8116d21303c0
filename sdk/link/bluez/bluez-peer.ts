// A connected device, for as long as this connection lasts. BlueZ gives the next connection the same object paths, so what belongs to this
// one ends with it: nothing here is used twice.
import { MaiboError } from '../../errors.ts';
import type { GattAddress, Notifications, Patience, RadioPeer } from '../../world/radio.ts';
import type { Clock } from '../../world/world.ts';
import { BluezCharacteristic, type CharacteristicOwner } from './bluez-characteristic.ts';
import { DEVICE, GATT_CHARACTERISTIC, PROPERTIES } from './bluez-names.ts';
import type { BluezService } from './bluez-service.ts';
import { type GattTable, gattTableOf, keyOf } from './gatt-table.ts';
import { type MirrorChange, numberOf, textOf } from './object-mirror.ts';

const CLOSE_MS = 5_000;
const MTU_MS = 2_000;

export interface PeerEvents {
  /** Nothing of it works any more. */
  onGone(peer: BluezPeer): void;
  onDrop(): void;
}

export class BluezPeer implements RadioPeer {
  readonly address: string;
  readonly path: string;
  readonly #service: BluezService;
  readonly #clock: Clock;
  readonly #events: PeerEvents;
  readonly #gone = new AbortController();
  readonly #characteristics = new Map<string, BluezCharacteristic>();
  #table: GattTable | null = null;
  #attMtu: number | null = null;
  #closing: Promise<void> | null = null;

  constructor(service: BluezService, path: string, address: string, clock: Clock, events: PeerEvents) {
    this.#service = service;
    this.path = path;
    this.address = address;
    this.#clock = clock;
    this.#events = events;
  }

  get name(): string | null {
    return textOf(this.#service.mirror.get(this.path, DEVICE)?.Name);
  }

  get attMtu(): number | null {
    return this.#attMtu;
  }

  get services(): readonly string[] {
    return this.#gatt().services;
  }

  get gone(): AbortSignal {
    return this.#gone.signal;
  }

  get isClosing(): boolean {
    return this.#closing !== null;
  }

  get listenerCount(): number {
    return [...this.#characteristics.values()].reduce((sum, { listenerCount }) => sum + listenerCount, 0);
  }

  has(at: GattAddress): boolean {
    return this.#gatt().characteristics.has(keyOf(at));
  }

  async read(at: GattAddress, patience: Patience = {}): Promise<Uint8Array> {
    return this.#at(at).read(patience);
  }

  async write(at: GattAddress, bytes: Uint8Array, how: 'request' | 'command', patience: Patience = {}): Promise<void> {
    await this.#at(at).write(bytes, how, patience);
  }

  async listen(at: GattAddress, patience: Patience = {}): Promise<Notifications> {
    return this.#at(at).listen(patience);
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  // What follows is called by the radio.

  /** Services can be there before the MTU is agreed on; what BlueZ showed of it then is old by now. Never rejects. */
  async readMtu(): Promise<void> {
    const [path] = this.#gatt().characteristics.values();
    if (path === undefined) return;
    const call = { path, interface: PROPERTIES, member: 'Get', signature: 'ss', body: [GATT_CHARACTERISTIC, 'MTU'] };
    const [mtu] = await this.#service.call(call, { deadlineMs: MTU_MS }).catch(() => []);
    const value = (mtu as { value?: unknown } | undefined)?.value;
    if (typeof value === 'number') this.#attMtu = value;
  }

  /** A value of one of its characteristics. */
  take(path: string, value: Uint8Array): void {
    const characteristic = this.#characteristics.get(path);
    if (characteristic === undefined) this.#events.onDrop();
    else characteristic.take(value);
  }

  /** Something changed at or under its path. */
  changed({ path, interface: name, properties }: MirrorChange): void {
    if (name === DEVICE) {
      if (properties === null) this.lose(new Error('BlueZ has removed the device'));
      else if (properties.Connected !== true) this.lose(null);
      return;
    }
    this.#table = null;
    if (name !== GATT_CHARACTERISTIC) return;
    if (properties === null) {
      const failure = new MaiboError('link-lost', 'the device has changed its services', { where: this.address });
      this.#characteristics.get(path)?.end(failure);
      this.#characteristics.delete(path);
    } else {
      this.#attMtu = numberOf(properties.MTU) ?? this.#attMtu;
    }
  }

  lose(cause: unknown): void {
    const message = this.isClosing ? 'the connection was closed' : 'the connection to the device is gone';
    this.#end(new MaiboError('link-lost', message, { where: this.address, cause }));
  }

  /** Disconnects for everybody: BlueZ has one connection to a device, whoever asked for it. */
  async #close(): Promise<void> {
    if (this.gone.aborted) return;
    await Promise.all([...this.#characteristics.values()].map((characteristic) => characteristic.quiet()));
    for (const characteristic of this.#characteristics.values()) characteristic.end(null);
    const call = { path: this.path, interface: DEVICE, member: 'Disconnect' };
    await this.#service.call(call, { deadlineMs: CLOSE_MS, signal: this.gone }).catch(() => undefined);
    this.lose(null);
  }

  #end(reason: MaiboError): void {
    if (this.gone.aborted) return;
    this.#gone.abort(reason);
    for (const characteristic of this.#characteristics.values()) characteristic.end(reason);
    this.#characteristics.clear();
    this.#events.onGone(this);
  }

  #gatt(): GattTable {
    this.#table ??= gattTableOf(this.#service.mirror, this.path);
    return this.#table;
  }

  #at(at: GattAddress): BluezCharacteristic {
    this.gone.throwIfAborted();
    const path = this.#gatt().characteristics.get(keyOf(at));
    if (path === undefined) {
      throw new MaiboError('radio-refused', 'the device has no such characteristic', { where: at.characteristic });
    }
    const known = this.#characteristics.get(path);
    if (known !== undefined) return known;
    const characteristic = new BluezCharacteristic(this.#ownerOfAll(), path, at.characteristic);
    this.#characteristics.set(path, characteristic);
    return characteristic;
  }

  #ownerOfAll(): CharacteristicOwner {
    const mtu = () => this.#attMtu;
    return {
      service: this.#service,
      clock: this.#clock,
      gone: this.gone,
      get attMtu() {
        return mtu();
      },
      lose: (cause) => this.lose(cause),
      onDrop: () => this.#events.onDrop(),
    };
  }
}
