// A plain D-Bus client on hci0 for the tests of the double: says what it wants in the service's own words and remembers every signal.
import { DBusError, Variant } from '@jellybrick/dbus-next';
import { until } from '../air.testkit.ts';
import { Bus } from '../dbus/bus.ts';

export const SERVICE = '0000fff0-0000-1000-8000-00805f9b34fb';
export const TX = '0000fff1-0000-1000-8000-00805f9b34fb';
export const RX = '0000fff2-0000-1000-8000-00805f9b34fb';
export const DEVICE = '/org/bluez/hci0/dev_00_AA_01_00_00_01';

const INTERFACES: Readonly<Record<string, string>> = {
  StartDiscovery: 'org.bluez.Adapter1',
  StopDiscovery: 'org.bluez.Adapter1',
  SetDiscoveryFilter: 'org.bluez.Adapter1',
  RemoveDevice: 'org.bluez.Adapter1',
  Connect: 'org.bluez.Device1',
  Disconnect: 'org.bluez.Device1',
  Pair: 'org.bluez.Device1',
  CancelPairing: 'org.bluez.Device1',
  ReadValue: 'org.bluez.GattCharacteristic1',
  WriteValue: 'org.bluez.GattCharacteristic1',
  StartNotify: 'org.bluez.GattCharacteristic1',
  StopNotify: 'org.bluez.GattCharacteristic1',
  RegisterAgent: 'org.bluez.AgentManager1',
  GetManagedObjects: 'org.freedesktop.DBus.ObjectManager',
  Get: 'org.freedesktop.DBus.Properties',
  Set: 'org.freedesktop.DBus.Properties',
};

export type Managed = Record<string, Record<string, Record<string, Variant>>>;

export class Central implements AsyncDisposable {
  readonly bus: Bus;
  /** Values notified, by characteristic path. */
  readonly values: { readonly path: string; readonly value: Buffer }[] = [];
  /** Property changes as "hci0/dev Connected=true", in order. */
  readonly changes: string[] = [];

  private constructor(bus: Bus) {
    this.bus = bus;
  }

  static async open(address: string): Promise<Central> {
    const central = new Central(await Bus.open(address));
    central.bus.onSignal(({ path, member, body }) => {
      if (member !== 'PropertiesChanged') return;
      for (const [name, { value }] of Object.entries(body[1] as Record<string, Variant>)) {
        if (name === 'Value') central.values.push({ path, value: Buffer.from(value as Uint8Array) });
        else central.changes.push(`${path.replace('/org/bluez/', '')} ${name}=${String(value)}`);
      }
    });
    await central.bus.addMatch("type='signal',sender='org.bluez'");
    return central;
  }

  async call(path: string, member: string, signature = '', body: readonly unknown[] = []): Promise<readonly unknown[]> {
    return this.bus.call({ destination: 'org.bluez', path, interface: INTERFACES[member]!, member, signature, body });
  }

  /** What the service says instead of doing it: "org.bluez.Error.Failed: Not connected". Null when it does it. */
  async refusal(path: string, member: string, signature = '', body: readonly unknown[] = []): Promise<string | null> {
    try {
      await this.call(path, member, signature, body);
      return null;
    } catch (failure) {
      return failure instanceof DBusError ? `${failure.type}: ${failure.text}` : String(failure);
    }
  }

  async managed(): Promise<Managed> {
    return (await this.call('/', 'GetManagedObjects'))[0] as Managed;
  }

  async property(path: string, iface: string, name: string): Promise<unknown> {
    return ((await this.call(path, 'Get', 'ss', [iface, name]))[0] as Variant).value;
  }

  /** The path of a characteristic below the device; it must be there. */
  async characteristic(uuid: string, device = DEVICE): Promise<string> {
    for (const [path, interfaces] of Object.entries(await this.managed())) {
      const shown = interfaces['org.bluez.GattCharacteristic1'];
      if (path.startsWith(`${device}/`) && shown?.UUID?.value === uuid) return path;
    }
    throw new Error(`no ${uuid} below ${device}`);
  }

  /** Finds the device, without looking on afterwards. */
  async find(device = DEVICE): Promise<void> {
    await this.call('/org/bluez/hci0', 'StartDiscovery');
    await until(async () => device in (await this.managed()));
    await this.call('/org/bluez/hci0', 'StopDiscovery');
  }

  /** Connected and resolved. A device that is just being forgotten is looked for again. */
  async connect(device = DEVICE): Promise<void> {
    for (let isConnected = false; !isConnected; ) {
      if (!(device in (await this.managed()))) await this.find(device);
      const refusal = await this.refusal(device, 'Connect');
      if (refusal !== null && !refusal.includes('UnknownObject')) throw new Error(refusal);
      isConnected = refusal === null;
    }
    await until(async () => (await this.property(device, 'org.bluez.Device1', 'ServicesResolved')) === true);
  }

  write(path: string, bytes: Uint8Array, type: string): Promise<string | null> {
    return this.refusal(path, 'WriteValue', 'aya{sv}', [Buffer.from(bytes), { type: variant('s', type) }]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.bus.close();
  }
}

export function variant(signature: string, value: unknown): Variant {
  return new Variant(signature, value);
}
