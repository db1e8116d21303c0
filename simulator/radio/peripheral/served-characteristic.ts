// One characteristic of ours as the Bluetooth service calls it.
import { DBusError, type Variant } from '@jellybrick/dbus-next';
import type { InterfaceShape } from '../dbus/introspection.ts';
import type { Method, ServedInterface } from '../dbus/object-tree.ts';
import { AttRefusal, type Central, type GattCharacteristicTable } from '../gatt-device.ts';

export const CHARACTERISTIC = 'org.bluez.GattCharacteristic1';

const SHAPE: InterfaceShape = {
  name: CHARACTERISTIC,
  methods: {
    ReadValue: ['a{sv}', 'ay'],
    WriteValue: ['aya{sv}', ''],
    StartNotify: ['', ''],
    StopNotify: ['', ''],
    Confirm: ['', ''],
  },
  properties: { UUID: ['s', 'read'], Service: ['o', 'read'], Flags: ['as', 'read'], Value: ['ay', 'read'] },
};

/** "Procedure Already In Progress", which has a name of its own at the service. */
const IN_PROGRESS = 0xfe;

type Options = Record<string, Variant>;

export function serveCharacteristic(table: GattCharacteristicTable, service: string): ServedInterface {
  const methods: Record<string, Method> = {
    ReadValue: ([options]) => [readValue(table, options as Options)],
    WriteValue: ([value, options]) => {
      if (!table.write) throw new DBusError('org.bluez.Error.NotPermitted', 'not permitted');
      const bytes = new Uint8Array(value as Uint8Array);
      refusable(() => table.write?.(bytes, centralOf(options as Options)));
      return undefined;
    },
    StartNotify: () => void table.subscribed?.(true),
    StopNotify: () => void table.subscribed?.(false),
    Confirm: () => undefined,
  };
  const values = { UUID: table.uuid, Service: service, Flags: table.flags };
  return { shape: SHAPE, values, methods };
}

function readValue(table: GattCharacteristicTable, options: Options): Buffer {
  if (!table.read) throw new DBusError('org.bluez.Error.NotPermitted', 'not permitted');
  const bytes = refusable(() => table.read?.(centralOf(options))) ?? new Uint8Array();
  const offset = Number(options.offset?.value ?? 0);
  if (offset > bytes.length) throw new DBusError('org.bluez.Error.InvalidOffset', 'beyond the value');
  return Buffer.from(bytes.subarray(offset));
}

/** The service reads the number of an application's own error from the text. */
function refusable<T>(act: () => T): T {
  try {
    return act();
  } catch (failure) {
    if (!(failure instanceof AttRefusal)) throw failure;
    if (failure.code === IN_PROGRESS) throw new DBusError('org.bluez.Error.InProgress', failure.message);
    throw new DBusError('org.bluez.Error.Failed', `0x${failure.code.toString(16)}`);
  }
}

function centralOf({ device, mtu }: Options): Central {
  return { id: String(device?.value ?? ''), mtu: mtu === undefined ? null : Number(mtu.value) };
}
