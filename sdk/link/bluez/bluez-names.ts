// BlueZ on D-Bus: its names (doc/org.bluez.*.rst in the BlueZ sources), and object paths.

export const BLUEZ = 'org.bluez';
export const BLUEZ_PATH = '/org/bluez';
export const ADAPTER = 'org.bluez.Adapter1';
export const DEVICE = 'org.bluez.Device1';
export const GATT_SERVICE = 'org.bluez.GattService1';
export const GATT_CHARACTERISTIC = 'org.bluez.GattCharacteristic1';
export const AGENT = 'org.bluez.Agent1';
export const AGENT_MANAGER = 'org.bluez.AgentManager1';
export const OBJECT_MANAGER = 'org.freedesktop.DBus.ObjectManager';
export const PROPERTIES = 'org.freedesktop.DBus.Properties';
export const BUS = 'org.freedesktop.DBus';
export const BUS_PATH = '/org/freedesktop/DBus';

/** "/org/bluez/hci0/dev_C0_FF_EE_00_00_01/service0010/char0011": the device's part; null when it is not under a device. */
export function devicePathOf(path: string): string | null {
  if (!path.startsWith(BLUEZ_PATH)) return null;
  const adapterEnd = path.indexOf('/', BLUEZ_PATH.length + 1);
  if (adapterEnd < 0 || !path.startsWith('dev_', adapterEnd + 1)) return null;
  const deviceEnd = path.indexOf('/', adapterEnd + 1);
  return deviceEnd < 0 ? path : path.slice(0, deviceEnd);
}

/** "hci0" of "/org/bluez/hci0". */
export function adapterNameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
