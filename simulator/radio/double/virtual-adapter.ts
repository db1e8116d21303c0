// One virtual adapter, both roles: what programs offer and announce on it, and what it sees of the others.
import { DBusError, type Variant } from '@jellybrick/dbus-next';
import type { Method, ServedInterface } from '../dbus/object-tree.ts';
import { later } from '../timing.ts';
import { type Advertised, readAdvertisement } from './advertisement.ts';
import type { Air } from './air.ts';
import { type Application, fullUuid, type OfferedService, readApplication } from './application.ts';
import { refused } from './bluez-error.ts';
import type { Connection } from './connection.ts';
import { type Faults, NO_FAULTS } from './faults.ts';
import type { Ground } from './ground.ts';
import { RemoteDevice } from './remote-device.ts';
import { ADAPTER, ADVERTISING_MANAGER, GATT_MANAGER } from './shapes.ts';

/** As the kernel's limit for a controller that has extended advertising. */
const INSTANCES_MAX = 5;
/** A change of signal strength below this is not worth a word (BlueZ, RSSI_THRESHOLD). */
const RSSI_STEP_DB = 8;
const keyOf = (owner: string, path: string) => `${owner} ${path}`;

export class VirtualAdapter {
  readonly name: string;
  readonly path: string;
  readonly address: string;
  readonly connections = new Set<Connection>();
  faults: Faults = NO_FAULTS;
  readonly #ground: Ground;
  readonly #air: Air;
  readonly #devices = new Map<VirtualAdapter, RemoteDevice>();
  readonly #applications = new Map<string, Application>();
  readonly #advertised = new Map<string, Advertised>();
  /** Who is discovering, and the services each wants to hear of; empty is all. */
  readonly #searches = new Map<string, readonly string[]>();
  readonly #filters = new Map<string, readonly string[]>();
  #isPowered = true;
  #stopLooking: (() => void) | null = null;

  constructor(ground: Ground, air: Air, index: number) {
    this.#ground = ground;
    this.#air = air;
    this.name = `hci${index}`;
    this.path = `/org/bluez/${this.name}`;
    this.address = `00:AA:01:00:00:${index.toString(16).padStart(2, '0').toUpperCase()}`;
    ground.tree.add(this.path, [this.#serveAdapter(), this.#serveGattManager(), this.#serveAdvertisingManager()]);
  }

  get isPowered(): boolean {
    return this.#isPowered;
  }

  get isDiscovering(): boolean {
    return this.#searches.size > 0;
  }

  /** What the host calls itself, whatever its programs announce. */
  get hostName(): string {
    return `maibo-double ${this.name}`;
  }

  get isHeard(): boolean {
    return this.#isPowered && this.#advertised.size > 0;
  }

  /** What it announces, all of its advertisements together. */
  get advertised(): Advertised {
    const all = [...this.#advertised.values()];
    const name = this.faults.name ?? all.find((one) => one.name !== null)?.name ?? null;
    return { name, services: [...new Set(all.flatMap(({ services }) => services))] };
  }

  get applications(): readonly Application[] {
    return [...this.#applications.values()];
  }

  get offered(): readonly { readonly owner: string; readonly service: OfferedService }[] {
    return this.applications.flatMap(({ owner, services }) => services.map((service) => ({ owner, service })));
  }

  deviceOf(peripheral: VirtualAdapter): RemoteDevice | undefined {
    return this.#devices.get(peripheral);
  }

  /** Gives how many there were, whichever side this one was. */
  dropLinks(): number {
    const links = [...this.connections];
    for (const connection of links) connection.drop();
    return links.length + [...this.#devices.values()].filter((device) => device.drop()).length;
  }

  setPowered(isOn: boolean): void {
    if (isOn === this.#isPowered) return;
    this.#isPowered = isOn;
    const { tree } = this.#ground;
    tree.change(this.path, ADAPTER.name, { PowerState: isOn ? 'off-enabling' : 'on-disabling' });
    if (!isOn) {
      for (const connection of [...this.connections]) connection.drop();
      for (const device of this.#devices.values()) device.drop('off');
      this.#searches.clear();
      this.#stopLooking?.();
    }
    const discovering = isOn ? {} : { Discovering: false };
    tree.change(this.path, ADAPTER.name, { PowerState: isOn ? 'on' : 'off', Powered: isOn, ...discovering });
  }

  /** One refusal, if the next call of `member` shall have one. */
  refuseIfAsked(member: string): void {
    const { refuseOnce } = this.faults;
    if (refuseOnce?.member !== member) return;
    this.faults = { ...this.faults, refuseOnce: null };
    throw new DBusError(refuseOnce.error, refuseOnce.text);
  }

  /** Whether this notification or write is the one that takes the link with it. */
  countsToDrop(which: 'dropAtNotification' | 'dropAtWrite'): boolean {
    const left = this.faults[which];
    if (left === null) return false;
    this.faults = { ...this.faults, [which]: left > 1 ? left - 1 : null };
    return left <= 1;
  }

  removeDevice(peripheral: VirtualAdapter): void {
    const device = this.#devices.get(peripheral);
    this.#devices.delete(peripheral);
    device?.remove();
  }

  #serveAdapter(): ServedInterface {
    const { address } = this;
    const values = {
      Address: address,
      AddressType: 'public',
      Name: this.hostName,
      Alias: this.hostName,
      Class: 0,
      Powered: true,
      PowerState: 'on',
      Discoverable: false,
      Pairable: true,
      Discovering: false,
      UUIDs: [],
      Roles: ['central', 'peripheral'],
    };
    const set = (property: string, value: unknown) => {
      if (property === 'Powered') this.setPowered(value === true);
      else this.#ground.tree.change(this.path, ADAPTER.name, { [property]: value });
    };
    const methods: Record<string, Method> = {
      StartDiscovery: (_, { sender }) => this.#startDiscovery(sender),
      StopDiscovery: (_, { sender }) => this.#stopDiscovery(sender),
      SetDiscoveryFilter: ([filter], { sender }) => this.#setFilter(filter as Record<string, Variant>, sender),
      GetDiscoveryFilters: () => [
        ['UUIDs', 'RSSI', 'Pathloss', 'Transport', 'DuplicateData', 'Discoverable', 'Pattern'],
      ],
      RemoveDevice: ([path]) => this.#removeByPath(String(path)),
    };
    return { shape: ADAPTER, values, methods, set };
  }

  #serveGattManager(): ServedInterface {
    const { bus, clients } = this.#ground;
    const register: Method = async ([root], { sender }) => {
      const key = keyOf(sender, String(root));
      if (this.#applications.has(key)) throw refused('AlreadyExists');
      const application = await readApplication(bus, sender, String(root));
      this.#applications.set(key, application);
      await this.#air.hear(application);
      clients.whenGone(sender, () => void this.#unregister(key));
      this.#offerChanged();
      return undefined;
    };
    const unregister: Method = async ([root], { sender }) => {
      if (!(await this.#unregister(keyOf(sender, String(root))))) throw refused('DoesNotExist');
      return undefined;
    };
    const methods = { RegisterApplication: register, UnregisterApplication: unregister };
    return { shape: GATT_MANAGER, values: {}, methods };
  }

  #serveAdvertisingManager(): ServedInterface {
    const { bus, clients } = this.#ground;
    const register: Method = async ([path], { sender }) => {
      const key = keyOf(sender, String(path));
      if (this.#advertised.has(key)) throw refused('AlreadyExists');
      if (this.#advertised.size >= INSTANCES_MAX) throw refused('NotPermitted', 'Maximum advertisements reached');
      this.#advertised.set(key, await readAdvertisement(bus, sender, String(path)));
      clients.whenGone(sender, () => this.#dropAdvertisement(key));
      this.#showInstances();
      return undefined;
    };
    const unregister: Method = ([path], { sender }) => {
      if (!this.#dropAdvertisement(keyOf(sender, String(path)))) throw refused('DoesNotExist');
      return undefined;
    };
    const methods = { RegisterAdvertisement: register, UnregisterAdvertisement: unregister };
    const values = {
      ActiveInstances: 0,
      SupportedInstances: INSTANCES_MAX,
      SupportedIncludes: ['tx-power', 'appearance', 'local-name'],
    };
    return { shape: ADVERTISING_MANAGER, values, methods };
  }

  async #unregister(key: string): Promise<boolean> {
    const application = this.#applications.get(key);
    if (!application) return false;
    this.#applications.delete(key);
    this.#offerChanged();
    await this.#air.unhear(application);
    return true;
  }

  /** Connected centrals see other services from now on (Service Changed). */
  #offerChanged(): void {
    for (const connection of this.connections) connection.serveAnew();
  }

  #dropAdvertisement(key: string): boolean {
    const wasThere = this.#advertised.delete(key);
    this.#showInstances();
    return wasThere;
  }

  #showInstances(): void {
    const active = this.#advertised.size;
    this.#ground.tree.change(this.path, ADVERTISING_MANAGER.name, {
      ActiveInstances: active,
      SupportedInstances: INSTANCES_MAX - active,
    });
  }

  #startDiscovery(sender: string): undefined {
    this.refuseIfAsked('StartDiscovery');
    if (!this.#isPowered) throw refused('NotReady');
    if (this.#searches.has(sender)) throw refused('InProgress');
    this.#watch(sender);
    this.#searches.set(sender, this.#filters.get(sender) ?? []);
    this.#look();
    return undefined;
  }

  #stopDiscovery(sender: string): undefined {
    if (!this.#isPowered) throw refused('NotReady');
    if (!this.#searches.delete(sender)) throw refused('Failed', 'No discovery started');
    this.#look();
    return undefined;
  }

  #setFilter(filter: Record<string, Variant>, sender: string): undefined {
    const wanted = ((filter.UUIDs?.value ?? []) as string[]).map(fullUuid);
    this.#watch(sender);
    this.#filters.set(sender, wanted);
    if (this.#searches.has(sender)) this.#searches.set(sender, wanted);
    return undefined;
  }

  /** What a client asked for goes with it. */
  #watch(client: string): void {
    if (this.#searches.has(client) || this.#filters.has(client)) return;
    this.#filters.set(client, []);
    this.#ground.clients.whenGone(client, () => {
      this.#filters.delete(client);
      if (this.#searches.delete(client)) this.#look();
    });
  }

  /** Looks around as long as somebody wants to know. */
  #look(): void {
    const { tree, settings } = this.#ground;
    const isSearching = this.#searches.size > 0;
    tree.change(this.path, ADAPTER.name, { Discovering: isSearching });
    this.#stopLooking?.();
    this.#stopLooking = null;
    if (!isSearching) {
      for (const device of this.#devices.values()) device.unhear();
      return;
    }
    this.#stopLooking = later(settings.lookMs / 5, () => {
      this.#seeAll();
      const again = () => {
        this.#seeAll();
        this.#stopLooking = later(settings.lookMs, again);
      };
      this.#stopLooking = later(settings.lookMs, again);
    });
  }

  #seeAll(): void {
    for (const peripheral of this.#air.adapters) {
      if (peripheral === this || !peripheral.isHeard || !this.#isWanted(peripheral)) continue;
      const rssi = -45 - this.#ground.rng.nextBelow(2 * RSSI_STEP_DB);
      let device = this.#devices.get(peripheral);
      if (!device) {
        device = new RemoteDevice(this.#ground, this, peripheral, rssi);
        this.#devices.set(peripheral, device);
      } else device.hear(rssi, RSSI_STEP_DB);
    }
  }

  #isWanted(peripheral: VirtualAdapter): boolean {
    const { services } = peripheral.advertised;
    return [...this.#searches.values()].some(
      (wanted) => wanted.length === 0 || wanted.some((uuid) => services.includes(uuid)),
    );
  }

  #removeByPath(path: string): undefined {
    const found = [...this.#devices].find(([, device]) => device.path === path);
    if (!found) throw refused('DoesNotExist');
    this.removeDevice(found[0]);
    return undefined;
  }
}
