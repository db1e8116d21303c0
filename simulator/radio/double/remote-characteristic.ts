// A characteristic of a connected peripheral: what a central reads, writes and subscribes to is passed on to the program that offers it.
import type { Variant } from '@jellybrick/dbus-next';
import type { Method, ServedInterface } from '../dbus/object-tree.ts';
import { later, pause } from '../timing.ts';
import { readFrom, tell, writeTo } from './application.ts';
import { notConnected, refused } from './bluez-error.ts';
import type { Connection } from './connection.ts';
import type { Ground } from './ground.ts';
import { GATT_CHARACTERISTIC } from './shapes.ts';

const ATT_HEAD_BYTES = 3;
/** The longest attribute value (Bluetooth Core, Vol 3, Part F, 3.2.9). */
const VALUE_BYTES_MAX = 512;
/** Of a write at a BlueZ 5.66 host: it counts the two bytes of the handle to the 512 of a value (src/shared/gatt-server.c, mended later). */
const WRITE_BYTES_MAX = 510;
/** How long a notification that is to change places waits for another one. */
const SWAP_MS = 20;

interface Offer {
  readonly uuid: string;
  readonly flags: readonly string[];
  /** Program and object; the host's own characteristics have a value instead. */
  readonly owner: string | null;
  readonly path: string;
  readonly value?: Buffer;
}

export class RemoteCharacteristic {
  readonly #ground: Ground;
  readonly #path: string;
  readonly #service: string;
  readonly #offer: Offer;
  /** Null while the device is not connected. */
  #connection: Connection | null = null;
  /** Clients on the central's bus, each with what ends its watch. */
  readonly #subscribers = new Map<string, () => void>();
  #isWriting = false;
  #isReading = false;
  #held: Uint8Array | null = null;

  constructor(ground: Ground, path: string, service: string, offer: Offer) {
    this.#ground = ground;
    this.#path = path;
    this.#service = service;
    this.#offer = offer;
  }

  /** Whether this is the characteristic of that object of that program. */
  isOf(owner: string, path: string): boolean {
    return this.#offer.owner === owner && this.#offer.path === path;
  }

  attach(connection: Connection): void {
    this.#connection = connection;
  }

  /** The link is lost, and the subscriptions with it; the program is told. */
  detach(): void {
    const connection = this.#connection;
    this.#connection = null;
    if (!connection || this.#subscribers.size === 0) return;
    for (const release of this.#subscribers.values()) release();
    this.#subscribers.clear();
    this.#subscriptionsChanged(connection);
  }

  get uuid(): string {
    return this.#offer.uuid;
  }

  get isSubscribed(): boolean {
    return this.#subscribers.size > 0;
  }

  get canNotify(): boolean {
    return this.#offer.flags.includes('notify') || this.#offer.flags.includes('indicate');
  }

  serve(): ServedInterface {
    const methods: Record<string, Method> = {
      ReadValue: ([options]) => this.#read(options as Record<string, Variant>),
      WriteValue: ([value, options]) =>
        this.#write(Buffer.from(value as Uint8Array), options as Record<string, Variant>),
      StartNotify: (_, { sender }) => this.#startNotify(sender),
      StopNotify: (_, { sender }) => this.#stopNotify(sender),
    };
    const values: Record<string, unknown> = {
      UUID: this.#offer.uuid,
      Service: this.#service,
      Flags: this.#offer.flags,
      MTU: this.#ground.settings.mtu,
      ...(this.canNotify ? { Notifying: false } : {}),
    };
    return { shape: GATT_CHARACTERISTIC, values, methods };
  }

  /** A value of the program, on its way to the central. */
  notify(value: Uint8Array): void {
    const connection = this.#connection;
    if (!connection || !this.isSubscribed) return;
    const { owner, path, flags } = this.#offer;
    if (flags.includes('indicate') && owner !== null) tell(this.#ground.bus, owner, path, 'Confirm');
    if (connection.peripheral.countsToDrop('dropAtNotification')) {
      connection.drop();
      return;
    }
    const bytes = value.subarray(0, Math.min(VALUE_BYTES_MAX, connection.asker.mtu - ATT_HEAD_BYTES));
    const { latencyMs, swapShare } = connection.peripheral.faults;
    if (latencyMs > 0) later(latencyMs, () => this.#deliver(bytes, swapShare));
    else this.#deliver(bytes, swapShare);
  }

  #deliver(bytes: Uint8Array, swapShare: number): void {
    if (!this.isSubscribed) return;
    const held = this.#held;
    if (!held && swapShare > 0 && this.#ground.rng.nextUnit() < swapShare) {
      this.#held = bytes.slice();
      later(SWAP_MS, () => this.#release());
      return;
    }
    this.#emit(bytes);
    this.#release();
  }

  #release(): void {
    const held = this.#held;
    this.#held = null;
    if (held && this.isSubscribed) this.#emit(held);
  }

  #emit(bytes: Uint8Array): void {
    this.#ground.tree.changeValue(this.#path, GATT_CHARACTERISTIC.name, bytes);
  }

  async #read(options: Record<string, Variant>): Promise<[Buffer]> {
    const connection = this.#connected('ReadValue');
    if (this.#isReading) throw refused('InProgress');
    this.#isReading = true;
    try {
      await air(connection, connection.peripheral.faults.latencyMs);
      if (!this.#offer.flags.includes('read')) throw refused('NotPermitted', 'Read not permitted');
      const offset = Number(options.offset?.value ?? 0);
      const { owner, path, value } = this.#offer;
      const read = () => readFrom(this.#ground.bus, owner ?? '', path, connection.asker, offset);
      const bytes = value ?? (await whileUp(connection, this.#ground.calls.run(read)));
      // Whoever listens hears of a read, too: the real service stores what it has read, and says so.
      this.#emit(bytes);
      return [bytes];
    } finally {
      this.#isReading = false;
    }
  }

  async #write(value: Buffer, options: Record<string, Variant>): Promise<undefined> {
    const connection = this.#connected('WriteValue');
    if (this.#isWriting) throw refused('InProgress');
    const way = options.type?.value ?? (this.#offer.flags.includes('write') ? 'request' : 'command');
    if (way === 'command') return this.#command(connection, value);
    if (way !== 'request' && way !== 'reliable') throw refused('InvalidArguments');
    this.#isWriting = true;
    try {
      await this.#request(connection, value);
    } finally {
      this.#isWriting = false;
    }
  }

  /** Answered at once; whether it arrives, nobody says. */
  #command(connection: Connection, value: Buffer): undefined {
    const { owner, flags } = this.#offer;
    if (value.length > connection.asker.mtu - ATT_HEAD_BYTES) throw refused('Failed', 'Failed to initiate write');
    // What the peripheral's host does not like of a command is gone without a word.
    const isTaken = owner !== null && flags.includes('write-without-response') && value.length <= WRITE_BYTES_MAX;
    if (!isTaken) return undefined;
    if (connection.peripheral.countsToDrop('dropAtWrite')) connection.drop();
    else void this.#forward(connection, value).catch(() => undefined);
    return undefined;
  }

  async #request(connection: Connection, value: Buffer): Promise<void> {
    const { peripheral } = connection;
    if (peripheral.countsToDrop('dropAtWrite')) {
      connection.drop();
      throw notConnected();
    }
    await air(connection, peripheral.faults.writeMs);
    if (!this.#offer.flags.includes('write')) throw refused('NotPermitted', 'Write not permitted');
    if (value.length > WRITE_BYTES_MAX) throw refused('InvalidArguments', 'Invalid Length');
    await whileUp(connection, this.#forward(connection, value));
  }

  async #forward(connection: Connection, value: Buffer): Promise<void> {
    await air(connection, connection.peripheral.faults.latencyMs);
    const { owner, path } = this.#offer;
    if (owner !== null)
      await this.#ground.calls.run(() => writeTo(this.#ground.bus, owner, path, connection.asker, value));
  }

  async #startNotify(client: string): Promise<undefined> {
    const connection = this.#connected('StartNotify');
    if (!this.canNotify) throw refused('NotSupported');
    if (this.#subscribers.has(client)) return;
    await air(connection, connection.peripheral.faults.latencyMs);
    const end = () => {
      this.#subscribers.delete(client);
      this.#subscriptionsChanged(connection);
    };
    this.#subscribers.set(client, this.#ground.clients.whenGone(client, end));
    if (this.#subscribers.size === 1) this.#subscriptionsChanged(connection);
  }

  #stopNotify(client: string): undefined {
    const connection = this.#connection;
    // Without a link there is nothing to stop, and that is fine.
    if (!connection) return undefined;
    connection.peripheral.refuseIfAsked('StopNotify');
    const release = this.#subscribers.get(client);
    if (!release) throw refused('Failed', 'No notify session started');
    release();
    this.#subscribers.delete(client);
    this.#subscriptionsChanged(connection);
    return undefined;
  }

  #subscriptionsChanged(connection: Connection): void {
    const { tree, bus } = this.#ground;
    tree.change(this.#path, GATT_CHARACTERISTIC.name, { Notifying: this.isSubscribed });
    const { owner, path } = this.#offer;
    if (owner === null) return;
    const others = [...connection.peripheral.connections].some(
      (other) => other !== connection && other.gatt?.characteristicOf(owner, path)?.isSubscribed,
    );
    // Each central's subscription is told, but only the last one's end.
    if (this.isSubscribed) tell(bus, owner, path, 'StartNotify');
    else if (!others) tell(bus, owner, path, 'StopNotify');
  }

  #connected(member: string): Connection {
    const connection = this.#connection;
    if (!connection?.isUp) throw notConnected();
    connection.peripheral.refuseIfAsked(member);
    return connection;
  }
}

async function air(connection: Connection, ms: number): Promise<void> {
  if (ms > 0) await whileUp(connection, pause(ms));
}

/** As `answer`, or "not connected" when the link goes meanwhile. */
async function whileUp<T>(connection: Connection, answer: Promise<T>): Promise<T> {
  if (!connection.isUp) throw notConnected();
  let release = () => {};
  const lost = new Promise<never>((_, reject) => {
    release = connection.whenLost(() => reject(notConnected()));
  });
  try {
    return await Promise.race([answer, lost]);
  } finally {
    release();
  }
}
