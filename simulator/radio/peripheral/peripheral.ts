// The peripheral's role through the Bluetooth service, real or double: registers a table of services and an advertisement with one adapter, is
// called when a central reads or writes, and notifies. The service tells neither who has subscribed nor a request from a command.
import { DBusError, type Variant } from '@jellybrick/dbus-next';
import { type GattAddress, MaiboError } from '@maibo/sdk';
import { Bus } from '../dbus/bus.ts';
import type { InterfaceShape } from '../dbus/introspection.ts';
import { ObjectTree, type ServedInterface } from '../dbus/object-tree.ts';
import type { GattServiceTable } from '../gatt-device.ts';
import { turn } from '../timing.ts';
import { CHARACTERISTIC, serveCharacteristic } from './served-characteristic.ts';
import { watchCentrals } from './watch-centrals.ts';

export interface PeripheralOptions {
  /** As in DBUS_SYSTEM_BUS_ADDRESS. */
  readonly busAddress: string;
  /** "hci1". */
  readonly adapter: string;
  readonly name: string;
  /** Services to announce. */
  readonly advertises: readonly string[];
  readonly services: readonly GattServiceTable[];
  /** A central has come (its path) or gone; the service may say it late. */
  readonly onCentral?: (central: string, isConnected: boolean) => void;
}

export interface Peripheral extends AsyncDisposable {
  /** The adapter's address, under which centrals see the device. */
  readonly address: string;
  /** Aborts when the bus or the service is gone: open another one. */
  readonly gone: AbortSignal;
  /** To everybody who has subscribed. Resolves when the next value may follow. */
  notify(at: GattAddress, bytes: Uint8Array): Promise<void>;
  /** Closes the links to all centrals. */
  hangUp(): Promise<void>;
  close(): Promise<void>;
}

const SERVICE = 'org.bluez';
const ROOT = '/org/maibo/peripheral';
/** Beside the services, not below them: the service is to see services there and nothing else. */
const ADVERTISEMENT = '/org/maibo/advertisement';
/** Unsent bytes beyond which `notify` waits. */
const BACKLOG_BYTES = 65_536;

const SERVICE_SHAPE: InterfaceShape = {
  name: 'org.bluez.GattService1',
  properties: { UUID: ['s', 'read'], Primary: ['b', 'read'] },
};
const ADVERTISEMENT_SHAPE: InterfaceShape = {
  name: 'org.bluez.LEAdvertisement1',
  methods: { Release: ['', ''] },
  properties: { Type: ['s', 'read'], LocalName: ['s', 'read'], ServiceUUIDs: ['as', 'read'] },
};

/**
 *     await using strap = await openPeripheral({ busAddress, adapter: 'hci1', name: 'Strap', advertises: [HEART_RATE], services });
 *     await strap.notify({ service: HEART_RATE, characteristic: MEASUREMENT }, bytes);
 */
export async function openPeripheral(options: PeripheralOptions): Promise<Peripheral> {
  const bus = await openBus(options.busAddress);
  try {
    return await register(bus, options);
  } catch (failure) {
    bus.close();
    throw failure;
  }
}

async function openBus(busAddress: string): Promise<Bus> {
  try {
    return await Bus.open(busAddress);
  } catch (cause) {
    throw new MaiboError('radio-absent', `no D-Bus at ${busAddress}`, { cause });
  }
}

async function register(bus: Bus, options: PeripheralOptions): Promise<Peripheral> {
  const tree = new ObjectTree(bus, ROOT);
  const paths = serveTable(tree, options.services);
  tree.add(ADVERTISEMENT, [advertisementOf(options)]);
  const adapter = `/org/bluez/${options.adapter}`;
  const gone = new AbortController();
  await watchService(bus, gone);
  const address = await addressOf(bus, adapter);
  await ask(bus, adapter, 'org.bluez.GattManager1', 'RegisterApplication', 'oa{sv}', [ROOT, {}]);
  const manager = 'org.bluez.LEAdvertisingManager1';
  await ask(bus, adapter, manager, 'RegisterAdvertisement', 'oa{sv}', [ADVERTISEMENT, {}]);
  const centrals = await watchCentrals(bus, adapter, options.onCentral ?? (() => {}));
  const close = async () => {
    if (bus.isOver) return;
    await ask(bus, adapter, manager, 'UnregisterAdvertisement', 'o', [ADVERTISEMENT]).catch(() => null);
    await ask(bus, adapter, 'org.bluez.GattManager1', 'UnregisterApplication', 'o', [ROOT]).catch(() => null);
    bus.close();
  };
  return {
    address,
    gone: gone.signal,
    notify: (at, bytes) => notify(bus, tree, paths, at, bytes),
    hangUp: async () => {
      for (const central of centrals) await ask(bus, central, 'org.bluez.Device1', 'Disconnect').catch(() => null);
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** Puts the services on the bus; gives the path of each characteristic. */
function serveTable(tree: ObjectTree, services: readonly GattServiceTable[]): ReadonlyMap<string, string> {
  const paths = new Map<string, string>();
  services.forEach(({ uuid, characteristics }, serviceIndex) => {
    const service = `${ROOT}/service${padded(serviceIndex)}`;
    tree.add(service, [{ shape: SERVICE_SHAPE, values: { UUID: uuid, Primary: true } }]);
    characteristics.forEach((one, index) => {
      const path = `${service}/char${padded(index)}`;
      tree.add(path, [serveCharacteristic(one, service)]);
      paths.set(keyOf({ service: uuid, characteristic: one.uuid }), path);
    });
  });
  return paths;
}

async function notify(
  bus: Bus,
  tree: ObjectTree,
  paths: ReadonlyMap<string, string>,
  at: GattAddress,
  bytes: Uint8Array,
): Promise<void> {
  const path = paths.get(keyOf(at));
  if (path === undefined) throw new TypeError(`the device has no characteristic ${keyOf(at)}`);
  if (bus.isOver) throw new MaiboError('radio-absent', 'the bus is gone');
  tree.changeValue(path, CHARACTERISTIC, bytes);
  do await turn();
  while (bus.backlogBytes > BACKLOG_BYTES && !bus.isOver);
}

function advertisementOf({ name, advertises }: PeripheralOptions): ServedInterface {
  const values = { Type: 'peripheral', LocalName: name, ServiceUUIDs: advertises };
  return { shape: ADVERTISEMENT_SHAPE, values, methods: { Release: () => undefined } };
}

async function addressOf(bus: Bus, adapter: string): Promise<string> {
  const asked = ['org.bluez.Adapter1', 'Address'];
  const [address] = await ask(bus, adapter, 'org.freedesktop.DBus.Properties', 'Get', 'ss', asked);
  return (address as Variant<string>).value;
}

/** The service forgets us when it restarts. */
async function watchService(bus: Bus, gone: AbortController): Promise<void> {
  const away = () => gone.abort(new MaiboError('radio-absent', 'the Bluetooth service is gone'));
  void bus.ended.then(away);
  bus.onSignal(({ member, body }) => {
    if (member === 'NameOwnerChanged' && body[0] === SERVICE) away();
  });
  await bus.addMatch(`type='signal',sender='org.freedesktop.DBus',member='NameOwnerChanged',arg0='${SERVICE}'`);
}

async function ask(
  bus: Bus,
  path: string,
  iface: string,
  member: string,
  signature = '',
  body: readonly unknown[] = [],
): Promise<readonly unknown[]> {
  try {
    return await bus.call({ destination: SERVICE, path, interface: iface, member, signature, body });
  } catch (cause) {
    if (!(cause instanceof DBusError)) throw cause;
    const isAbsent = /\.(ServiceUnknown|NameHasNoOwner|UnknownObject|UnknownMethod|Disconnected|NoReply)$/.test(
      cause.type,
    );
    const code = isAbsent ? 'radio-absent' : cause.type.endsWith('.NotReady') ? 'radio-off' : 'radio-refused';
    throw new MaiboError(code, `${path} ${member}: ${cause.text}`, { cause });
  }
}

function keyOf({ service, characteristic }: GattAddress): string {
  return `${service} ${characteristic}`;
}

function padded(index: number): string {
  return String(index).padStart(2, '0');
}
