// One link on the air, from a central's adapter to a peripheral's. On the peripheral's side it shows as a Device1, as with the real service.
import type { ServedInterface } from '../dbus/object-tree.ts';
import { later } from '../timing.ts';
import type { Asker } from './application.ts';
import { refused } from './bluez-error.ts';
import type { Ground } from './ground.ts';
import type { RemoteDevice } from './remote-device.ts';
import type { RemoteGatt } from './remote-gatt.ts';
import { DEVICE } from './shapes.ts';
import type { VirtualAdapter } from './virtual-adapter.ts';

/** 'closed': by the central itself. 'off': its own adapter was switched off. */
export type LossReason = 'lost' | 'closed' | 'off';

/** How long the peripheral's side shows a central that has gone. */
const CENTRAL_STAYS_MS = 50;

export class Connection {
  readonly peripheral: VirtualAdapter;
  readonly asker: Asker;
  /** What the central sees of the services; null before they are resolved. */
  gatt: RemoteGatt | null = null;
  #isUp = true;
  readonly #ground: Ground;
  readonly #device: RemoteDevice;
  readonly #lost = new Set<() => void>();

  constructor(ground: Ground, device: RemoteDevice, central: VirtualAdapter, peripheral: VirtualAdapter) {
    this.#ground = ground;
    this.#device = device;
    this.peripheral = peripheral;
    const path = `${peripheral.path}/dev_${central.address.replaceAll(':', '_')}`;
    this.asker = { device: path, mtu: ground.settings.mtu };
    peripheral.connections.add(this);
    if (ground.tree.has(path)) ground.tree.change(path, DEVICE.name, { Connected: true });
    else ground.tree.add(path, [this.#centralAsDevice(central)]);
  }

  get isUp(): boolean {
    return this.#isUp;
  }

  serveAnew(): void {
    this.#device.resolveAnew();
  }

  /** Runs `act` when the link goes; the returned function takes it back. */
  whenLost(act: () => void): () => void {
    this.#lost.add(act);
    return () => this.#lost.delete(act);
  }

  /** The link is gone: out of range, out of power, or closed by either side. */
  drop(why: LossReason = 'lost'): void {
    if (!this.#isUp) return;
    this.#isUp = false;
    this.peripheral.connections.delete(this);
    for (const act of [...this.#lost]) act();
    this.#device.lost(this, why);
    this.gatt?.detach();
    const { tree } = this.#ground;
    tree.change(this.asker.device, DEVICE.name, { Connected: false });
    later(CENTRAL_STAYS_MS, () => {
      const isBack = [...this.peripheral.connections].some(({ asker }) => asker.device === this.asker.device);
      if (!isBack) tree.remove(this.asker.device);
    });
  }

  #centralAsDevice(central: VirtualAdapter): ServedInterface {
    const values = {
      Address: central.address,
      AddressType: 'public',
      Alias: central.address.replaceAll(':', '-'),
      Paired: false,
      Bonded: false,
      Trusted: false,
      Blocked: false,
      LegacyPairing: false,
      Connected: true,
      ServicesResolved: false,
      UUIDs: [],
      Adapter: this.peripheral.path,
    };
    // The object outlives the link by a moment and serves the next one, if that comes in time.
    const disconnect = () => {
      const links = [...this.peripheral.connections].filter(({ asker }) => asker.device === this.asker.device);
      if (links.length === 0) throw refused('NotConnected');
      for (const link of links) link.drop();
      return undefined;
    };
    return { shape: DEVICE, values, methods: { Disconnect: disconnect } };
  }
}
