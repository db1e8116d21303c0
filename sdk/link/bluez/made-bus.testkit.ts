// A message bus for tests, in memory: the radio's calls are answered by a table, and the test says what comes. As the real one it hands on
// what is sent only after the sender is done.
import { Message, MessageType, Variant } from '@jellybrick/dbus-next';
import type { BusWire, BusWireEvents, WireOpener } from './bus-wire.ts';

export const OWNER = ':1.7';
/** The radio's own name. */
export const US = ':1.42';

/** The body of the answer; an Error: its `name` and message; null: no answer, ever. */
export type Reply = readonly [signature: string, body: unknown[]] | Error | null;
export type Answering = (call: Message) => Reply | Promise<Reply>;

export class MadeBus {
  readonly calls: Message[] = [];
  /** Calls that wait for their answer now, and the most there ever were. */
  inFlight = 0;
  inFlightMost = 0;
  opened = 0;
  isThere = true;
  /** As the strap's properties say when they are read. */
  isConnected = false;
  #events: BusWireEvents | null = null;
  readonly #answering: Answering;

  constructor(answering: Answering) {
    this.#answering = answering;
  }

  readonly openWire: WireOpener = async (_address, events) => {
    if (!this.isThere) throw new Error('connect ENOENT');
    this.opened += 1;
    this.#events = events;
    let serial = 1;
    const wire: BusWire = {
      name: US,
      newSerial: () => serial++,
      send: (message) => void this.#take(message, events),
      close: () => this.#close(events, null),
    };
    return wire;
  };

  /** How often this member was called. */
  countOf(member: string): number {
    return this.calls.filter((call) => call.member === member).length;
  }

  signal(path: string, name: string, member: string, body: unknown[], sender: string = OWNER): void {
    this.#events?.onMessage(new Message({ type: MessageType.SIGNAL, path, interface: name, member, body, sender }));
  }

  changed(path: string, name: string, changed: Record<string, Variant>): void {
    this.signal(path, 'org.freedesktop.DBus.Properties', 'PropertiesChanged', [name, changed, []]);
  }

  /** Somebody calls the radio; the answer shows up in `calls`. Whether it took the call. */
  callUs(path: string, name: string, member: string, body: unknown[], sender: string = OWNER): boolean {
    const call = new Message({ path, interface: name, member, body, sender, serial: 9_000 + this.calls.length });
    return this.#events?.onCall(call) ?? false;
  }

  /** The daemon is gone. */
  die(): void {
    if (this.#events !== null) this.#close(this.#events, new Error('read ECONNRESET'));
  }

  async #take(message: Message, events: BusWireEvents): Promise<void> {
    this.calls.push(message);
    if (message.type !== MessageType.METHOD_CALL) return;
    this.inFlight += 1;
    this.inFlightMost = Math.max(this.inFlightMost, this.inFlight);
    const reply = await this.#answering(message);
    if (reply === null || this.#events !== events) return;
    await Promise.resolve();
    this.inFlight -= 1;
    const replySerial = message.serial ?? 0;
    const isError = reply instanceof Error;
    const [signature, body] = isError ? ['s', [reply.message]] : reply;
    const head = isError ? { type: MessageType.ERROR, errorName: reply.name } : { type: MessageType.METHOD_RETURN };
    events.onMessage(new Message({ ...head, replySerial, signature, body, sender: OWNER }));
  }

  #close(events: BusWireEvents, cause: unknown): void {
    if (this.#events !== events) return;
    this.#events = null;
    this.inFlight = 0;
    events.onEnd(cause);
  }
}

export function busFailure(name: string, text = ''): Error {
  return Object.assign(new Error(text), { name });
}

export const ADAPTER_PATH = '/org/bluez/hci0';
export const ADDRESS = 'C0:FF:EE:00:00:01';
export const DEVICE_PATH = `${ADAPTER_PATH}/dev_C0_FF_EE_00_00_01`;
export const SERVICE = '0000180d-0000-1000-8000-00805f9b34fb';
export const MEASUREMENT = { service: SERVICE, characteristic: '00002a37-0000-1000-8000-00805f9b34fb' };
export const MEASUREMENT_PATH = `${DEVICE_PATH}/service0010/char0011`;

const text = (value: string) => new Variant('s', value);
const flag = (value: boolean) => new Variant('b', value);

export const adapterObject = (isPowered = true) => ({
  'org.bluez.Adapter1': { Address: text('00:00:00:00:5A:AD'), Powered: flag(isPowered), Discovering: flag(false) },
});

export const deviceObject = (isConnected = false, rssiDbm = -50) => ({
  'org.bluez.Device1': {
    Address: text(ADDRESS),
    Name: text('Strap'),
    RSSI: new Variant('n', rssiDbm),
    UUIDs: new Variant('as', [SERVICE.toUpperCase()]),
    ManufacturerData: new Variant('a{qv}', { 65535: new Variant('ay', Buffer.of(1)) }),
    Paired: flag(false),
    Connected: flag(isConnected),
    ServicesResolved: flag(isConnected),
  },
});

/** A heart rate service of one characteristic, as BlueZ shows it. */
export const gattObjects = (mtu = 23): Record<string, Record<string, Record<string, Variant>>> => ({
  [`${DEVICE_PATH}/service0010`]: { 'org.bluez.GattService1': { UUID: text(SERVICE) } },
  [MEASUREMENT_PATH]: {
    'org.bluez.GattCharacteristic1': {
      UUID: text(MEASUREMENT.characteristic),
      Service: new Variant('o', `${DEVICE_PATH}/service0010`),
      MTU: new Variant('q', mtu),
    },
  },
});

/** BlueZ with an adapter and a strap that connects at once; `special` answers before it does. */
export function madeBluez(special: Answering = () => undefined as unknown as Reply): MadeBus {
  const bus: MadeBus = new MadeBus(async (call) => (await special(call)) ?? usual(bus, call));
  return bus;
}

function usual(bus: MadeBus, { member }: Message): Reply {
  if (member === 'GetNameOwner') return ['s', [OWNER]];
  if (member === 'GetManagedObjects') {
    return ['a{oa{sa{sv}}}', [{ [ADAPTER_PATH]: adapterObject(), [DEVICE_PATH]: deviceObject() }]];
  }
  if (member === 'GetAll') return ['a{sv}', [deviceObject(bus.isConnected)['org.bluez.Device1']]];
  if (member === 'Connect') {
    bus.isConnected = true;
    bus.changed(DEVICE_PATH, 'org.bluez.Device1', { Connected: flag(true) });
    for (const [path, object] of Object.entries(gattObjects())) added(bus, path, object);
    bus.changed(DEVICE_PATH, 'org.bluez.Device1', { ServicesResolved: flag(true) });
  }
  if (member === 'Disconnect') bus.isConnected = false;
  if (member === 'Disconnect') bus.changed(DEVICE_PATH, 'org.bluez.Device1', { Connected: flag(false) });
  if (member === 'StartDiscovery' || member === 'StopDiscovery') {
    bus.changed(ADAPTER_PATH, 'org.bluez.Adapter1', { Discovering: flag(member === 'StartDiscovery') });
  }
  if (member === 'Get') return ['v', [new Variant('q', 247)]];
  if (member === 'ReadValue') return ['ay', [Buffer.of(1, 2, 3)]];
  return ['', []];
}

export function added(bus: MadeBus, path: string, object: unknown): void {
  bus.signal('/', 'org.freedesktop.DBus.ObjectManager', 'InterfacesAdded', [path, object]);
}
