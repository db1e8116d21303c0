// The services and characteristics that BlueZ shows of one device. Where a UUID occurs twice, the first by handle counts.
import type { GattAddress } from '../../world/radio.ts';
import { GATT_CHARACTERISTIC, GATT_SERVICE } from './bluez-names.ts';
import { type ObjectMirror, textOf } from './object-mirror.ts';

export interface GattTable {
  readonly services: readonly string[];
  /** `keyOf` the address -> object path. */
  readonly characteristics: ReadonlyMap<string, string>;
}

export const keyOf = ({ service, characteristic }: GattAddress) =>
  `${service.toLowerCase()}/${characteristic.toLowerCase()}`;

export function gattTableOf(mirror: ObjectMirror, devicePath: string): GattTable {
  const services = new Map<string, string>();
  const characteristics = new Map<string, string>();
  for (const [path, { UUID }] of inOrder(mirror, devicePath, GATT_SERVICE)) {
    const uuid = textOf(UUID);
    if (uuid !== null) services.set(path, uuid.toLowerCase());
  }
  for (const [path, { UUID, Service }] of inOrder(mirror, devicePath, GATT_CHARACTERISTIC)) {
    const service = services.get(textOf(Service) ?? '');
    const characteristic = textOf(UUID);
    if (service === undefined || characteristic === null) continue;
    const key = keyOf({ service, characteristic });
    if (!characteristics.has(key)) characteristics.set(key, path);
  }
  return { services: [...new Set(services.values())], characteristics };
}

/** Those of `wanted` that are not there yet: a service counts from its first characteristic on, BlueZ adds one object after the other. */
export function missingServices(table: GattTable, wanted: readonly string[]): string[] {
  const filled = new Set([...table.characteristics.keys()].map((key) => key.slice(0, key.indexOf('/'))));
  return wanted.filter((uuid) => !filled.has(uuid.toLowerCase()));
}

/** Paths end in four hexadecimal digits of the handle, so their order is the handles'. */
function inOrder(mirror: ObjectMirror, devicePath: string, name: string) {
  return [...mirror.under(`${devicePath}/`, name)].sort(([a], [b]) => (a < b ? -1 : 1));
}
