// A device as a central's side sees it: Device1, from the first advertisement heard until it is forgotten.
//
//   heard ── Connect ─▶ connecting ─▶ connected ── resolveMs ─▶ resolved
//     ▲                     │             │                        │
//     │◀──── time-out, ─────┘             │                        │
//     │      Disconnect                   │                        │
//     └◀──────────────── link lost, Disconnect ────────────────────┘  services stay to be seen, until the device is forgotten
import type { Method, ServedInterface } from '../dbus/object-tree.ts';
import { later, pause } from '../timing.ts';
import { abortedLocally, refused } from './bluez-error.ts';
import { Connection, type LossReason } from './connection.ts';
import type { Ground } from './ground.ts';
import { RemoteGatt } from './remote-gatt.ts';
import { DEVICE } from './shapes.ts';
import type { VirtualAdapter } from './virtual-adapter.ts';

/** Between "resolved" and the services, for a service that says it too early. */
const TOO_EARLY_MS = 100;
/** The six digits of every pairing. */
export const PASSKEY = 123_456;

export class RemoteDevice {
  readonly path: string;
  readonly #ground: Ground;
  readonly #central: VirtualAdapter;
  readonly #peripheral: VirtualAdapter;
  readonly #values: Record<string, unknown> = {};
  readonly #stops = new Set<() => void>();
  #connection: Connection | null = null;
  readonly #gatt: RemoteGatt;
  #abortConnect: ((failure: Error) => void) | null = null;
  #abortPairing: ((failure: Error) => void) | null = null;
  #rssi: number | null;
  #isPaired = false;
  #stopForgetting: (() => void) | null = null;

  constructor(ground: Ground, central: VirtualAdapter, peripheral: VirtualAdapter, rssi: number) {
    this.#ground = ground;
    this.#central = central;
    this.#peripheral = peripheral;
    this.#rssi = rssi;
    this.path = `${central.path}/dev_${peripheral.address.replaceAll(':', '_')}`;
    this.#gatt = new RemoteGatt(ground, this.path);
    // A central that connected to us left a Device1 of the same path; one object serves both.
    if (ground.tree.has(this.path)) ground.tree.remove(this.path);
    this.#fillValues();
    ground.tree.add(this.path, [this.#serve()]);
  }

  /** Heard again. */
  hear(rssi: number, stepDb: number): void {
    this.#stopForgetting?.();
    this.#stopForgetting = null;
    const { name, services } = this.#peripheral.advertised;
    this.#change({ Name: name ?? undefined, Alias: name ?? this.#dashedAddress });
    const areServicesKnown = this.#gatt.serviceUuids.length > 0;
    if (!areServicesKnown && services.join() !== (this.#values.UUIDs as string[]).join())
      this.#change({ UUIDs: services });
    if (this.#connection || (this.#rssi !== null && Math.abs(rssi - this.#rssi) < stepDb)) return;
    this.#rssi = rssi;
    this.#change({ RSSI: rssi });
  }

  /** Nobody is listening any more. */
  unhear(): void {
    this.#rssi = null;
    this.#change({ RSSI: undefined });
    this.#forgetLater();
  }

  /** Gives whether there was a link. */
  drop(why: LossReason = 'lost'): boolean {
    this.#abortConnect?.(abortedLocally());
    const connection = this.#connection;
    connection?.drop(why);
    return connection !== null;
  }

  remove(): void {
    this.drop('closed');
    this.#clearTimers();
    this.#gatt.remove();
    this.#ground.tree.remove(this.path);
  }

  /** The connection says that it is gone. */
  lost(connection: Connection, why: LossReason): void {
    if (this.#connection !== connection) return;
    this.#connection = null;
    this.#clearTimers();
    if (why === 'closed') this.#change({ ServicesResolved: false });
    if (why === 'off') {
      // Nobody is told of the services when the adapter goes.
      this.#values.ServicesResolved = false;
      this.#change({ Connected: false });
    } else this.#change({ ServicesResolved: false, Connected: false });
    this.#abortPairing?.(refused('AuthenticationFailed'));
    this.#forgetLater();
  }

  /** The peripheral's services have changed. */
  resolveAnew(): void {
    if (!this.#connection) return;
    this.#showServices();
    this.#change({ UUIDs: this.#gatt.serviceUuids });
  }

  #serve(): ServedInterface {
    const methods: Record<string, Method> = {
      Connect: () => this.#connect(),
      Disconnect: () => this.#disconnect(),
      Pair: (_, { sender }) => this.#pair(sender),
      CancelPairing: () => this.#cancelPairing(),
    };
    const set = (property: string, value: unknown) => this.#change({ [property]: value });
    return { shape: DEVICE, values: this.#values, methods, set };
  }

  #fillValues(): void {
    const { name, services } = this.#peripheral.advertised;
    Object.assign(this.#values, {
      Address: this.#peripheral.address,
      AddressType: 'public',
      Name: name ?? undefined,
      Alias: name ?? this.#dashedAddress,
      Paired: false,
      Bonded: false,
      Trusted: false,
      Blocked: false,
      LegacyPairing: false,
      Connected: false,
      ServicesResolved: false,
      RSSI: this.#rssi ?? undefined,
      UUIDs: services,
      Adapter: this.#central.path,
    });
  }

  get #dashedAddress(): string {
    return this.#peripheral.address.replaceAll(':', '-');
  }

  async #connect(): Promise<undefined> {
    this.#peripheral.refuseIfAsked('Connect');
    if (!this.#central.isPowered) throw refused('Failed', 'Input/output error');
    if (this.#connection) return;
    if (this.#abortConnect) throw refused('InProgress');
    this.#stopForgetting?.();
    this.#stopForgetting = null;
    const aborted = new Promise<never>((_, reject) => {
      this.#abortConnect = reject;
    });
    try {
      await Promise.race([this.#reach(), aborted]);
    } finally {
      this.#abortConnect = null;
      this.#forgetLater();
    }
    this.#linkUp();
  }

  /** Resolves when the peripheral has answered. */
  async #reach(): Promise<void> {
    const { faults } = this.#peripheral;
    const { connectTimeoutMs, discoveringConnectMs } = this.#ground.settings;
    if (faults.connect === 'never') return new Promise(() => {});
    if (faults.connect === 'time-out' || !this.#peripheral.isHeard) {
      await pause(connectTimeoutMs);
      throw abortedLocally();
    }
    const waitMs = this.#central.isDiscovering ? discoveringConnectMs : 0;
    await pause(faults.connectMs + faults.latencyMs + waitMs);
  }

  #linkUp(): void {
    this.#clearTimers();
    this.#connection = new Connection(this.#ground, this, this.#central, this.#peripheral);
    this.#rssi = null;
    this.#change({ RSSI: undefined });
    const { resolve, resolveMs, isConnectSilent } = this.#peripheral.faults;
    if (isConnectSilent) this.#values.Connected = true;
    else this.#change({ Connected: true });
    if (resolve !== 'works') this.#gatt.remove();
    if (resolve === 'never') return;
    this.#after(resolveMs, () => {
      if (resolve === 'before-services') this.#after(TOO_EARLY_MS, () => this.resolveAnew());
      else this.#showServices();
      this.#resolved();
    });
  }

  #showServices(): void {
    const connection = this.#connection;
    if (!connection) return;
    this.#gatt.attach(connection);
    connection.gatt = this.#gatt;
  }

  /** All in one: the services really there, and the name the device itself gives, which is its host's. */
  #resolved(): void {
    const name = this.#peripheral.hostName;
    const known = this.#gatt.serviceUuids;
    const UUIDs = known.length > 0 ? known : this.#values.UUIDs;
    this.#change({ UUIDs, ServicesResolved: true, Name: name, Alias: name });
  }

  async #disconnect(): Promise<undefined> {
    if (!this.#connection && !this.#abortConnect) throw refused('NotConnected');
    const { disconnectMs } = this.#ground.settings;
    if (this.#connection && disconnectMs > 0) await pause(disconnectMs);
    this.drop('closed');
  }

  async #pair(client: string): Promise<undefined> {
    this.#peripheral.refuseIfAsked('Pair');
    // Not "already exists", as the documentation has it.
    if (this.#isPaired) throw refused('AuthenticationFailed');
    if (this.#abortPairing) throw refused('InProgress');
    if (!this.#connection) await this.#connect();
    const aborted = new Promise<never>((_, reject) => {
      this.#abortPairing = (failure) => {
        this.#ground.agents.cancel(client);
        reject(failure);
      };
    });
    try {
      await Promise.race([
        this.#ground.agents.ask(client, this.path, this.#peripheral.faults.pairing, PASSKEY),
        aborted,
      ]);
    } finally {
      this.#abortPairing = null;
    }
    this.#isPaired = true;
    this.#change({ Paired: true, Bonded: true });
  }

  #cancelPairing(): undefined {
    if (!this.#abortPairing) throw refused('DoesNotExist');
    this.#abortPairing(refused('AuthenticationCanceled'));
    return undefined;
  }

  #forgetLater(): void {
    if (this.#isPaired || this.#connection || this.#stopForgetting) return;
    this.#stopForgetting = later(this.#ground.settings.forgetMs, () => {
      if (!this.#connection && !this.#abortConnect) this.#central.removeDevice(this.#peripheral);
    });
  }

  #after(ms: number, act: () => void): void {
    const stop = later(ms, () => {
      this.#stops.delete(stop);
      act();
    });
    this.#stops.add(stop);
  }

  #clearTimers(): void {
    for (const stop of this.#stops) stop();
    this.#stops.clear();
    this.#stopForgetting?.();
    this.#stopForgetting = null;
  }

  #change(values: Readonly<Record<string, unknown>>): void {
    this.#ground.tree.change(this.path, DEVICE.name, values);
  }
}
