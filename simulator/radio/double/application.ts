// What a program registered with GattManager1 offers: read once from its ObjectManager, called when a central reads or writes.
import { DBusError, Variant } from '@jellybrick/dbus-next';
import type { Bus } from '../dbus/bus.ts';
import { OBJECT_MANAGER } from '../dbus/introspection.ts';
import { refused } from './bluez-error.ts';
import { GATT_CHARACTERISTIC, GATT_SERVICE } from './shapes.ts';

export interface OfferedCharacteristic {
  /** Path of the program's own object. */
  readonly path: string;
  readonly uuid: string;
  readonly flags: readonly string[];
}

export interface OfferedService {
  readonly path: string;
  readonly uuid: string;
  readonly primary: boolean;
  readonly characteristics: readonly OfferedCharacteristic[];
}

export interface Application {
  readonly owner: string;
  readonly root: string;
  readonly services: readonly OfferedService[];
}

/** As in an ATT request: a server that has not answered by then has lost the link (Bluetooth Core, Vol 3, Part F, 3.3.3). */
const ANSWER_MS = 30_000;
const SERVICES_MAX = 32;
const CHARACTERISTICS_MAX = 64;

type Managed = Record<string, Record<string, Record<string, Variant>>>;

export async function readApplication(bus: Bus, owner: string, root: string): Promise<Application> {
  const call = { destination: owner, path: root, interface: OBJECT_MANAGER.name, member: 'GetManagedObjects' };
  const [managed] = (await bus.call(call)) as [Managed];
  const services: OfferedService[] = [];
  for (const [path, interfaces] of Object.entries(managed).sort(byPath)) {
    const service = interfaces[GATT_SERVICE.name];
    if (!service) continue;
    const characteristics = characteristicsOf(managed, path);
    const primary = service.Primary?.value !== false;
    services.push({ path, uuid: fullUuid(String(service.UUID?.value)), primary, characteristics });
  }
  if (services.length === 0 || services.length > SERVICES_MAX) throw refused('Failed', 'No object received');
  return { owner, root, services };
}

function characteristicsOf(managed: Managed, service: string): OfferedCharacteristic[] {
  const found: OfferedCharacteristic[] = [];
  for (const [path, interfaces] of Object.entries(managed).sort(byPath)) {
    const shown = interfaces[GATT_CHARACTERISTIC.name];
    if (shown?.Service?.value !== service) continue;
    found.push({ path, uuid: fullUuid(String(shown.UUID?.value)), flags: (shown.Flags?.value ?? []) as string[] });
  }
  if (found.length > CHARACTERISTICS_MAX) throw refused('Failed', 'Too many characteristics');
  return found;
}

function byPath([a]: [string, unknown], [b]: [string, unknown]): number {
  return a < b ? -1 : 1;
}

/** Who asks, as the service tells it to the program. */
export interface Asker {
  /** The central's Device1 as the peripheral's side sees it. */
  readonly device: string;
  readonly mtu: number;
}

export async function readFrom(bus: Bus, owner: string, path: string, asker: Asker, offset: number): Promise<Buffer> {
  const options = { ...optionsOf(asker), offset: new Variant('q', offset) };
  const call = { destination: owner, path, interface: GATT_CHARACTERISTIC.name, member: 'ReadValue' };
  const [value] = await asAttError('Read', bus.call({ ...call, signature: 'a{sv}', body: [options] }, ANSWER_MS));
  return Buffer.from(value as Uint8Array);
}

export async function writeTo(bus: Bus, owner: string, path: string, asker: Asker, value: Buffer): Promise<void> {
  const call = { destination: owner, path, interface: GATT_CHARACTERISTIC.name, member: 'WriteValue' };
  const body = [value, optionsOf(asker)];
  await asAttError('Write', bus.call({ ...call, signature: 'aya{sv}', body }, ANSWER_MS));
}

/** StartNotify, StopNotify, Confirm: told, not asked. */
export function tell(bus: Bus, owner: string, path: string, member: string): void {
  bus.tell({ destination: owner, path, interface: GATT_CHARACTERISTIC.name, member });
}

function optionsOf({ device, mtu }: Asker): Record<string, Variant> {
  return { device: new Variant('o', device), link: new Variant('s', 'LE'), mtu: new Variant('q', mtu) };
}

/** What a program throws becomes an ATT error on the air and another text at the other end. */
async function asAttError<T>(what: 'Read' | 'Write', answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (failure) {
    const name = failure instanceof DBusError ? failure.type.replace('org.bluez.Error.', '') : '';
    if (name === 'NotPermitted') throw refused('NotPermitted', `${what} not permitted`);
    if (name === 'InvalidValueLength') throw refused('InvalidArguments', 'Invalid Length');
    if (name === 'InvalidOffset') throw refused('InvalidArguments', 'Invalid Offset');
    if (name === 'NotSupported') throw refused('NotSupported');
    if (name === 'NotAuthorized') throw refused('NotAuthorized');
    throw refused('Failed', `Operation failed with ATT error: ${attErrorOf(name, failure)}`);
  }
}

/** An error of the application's own is 0x80..0x9f, given as text; 0xfe is "procedure already in progress", 0x0e "unlikely error". */
function attErrorOf(name: string, failure: unknown): string {
  if (name === 'InProgress') return '0xfe';
  if (name !== 'Failed') return '0x0e';
  return (failure instanceof DBusError ? /^0x[89][0-9a-f]$/i.exec(failure.text)?.[0] : undefined) ?? '0x80';
}

const BASE_UUID = '-0000-1000-8000-00805f9b34fb';

/** "180d" and "0x180D" are 0000180d-0000-1000-8000-00805f9b34fb. */
export function fullUuid(uuid: string): string {
  const short = uuid.toLowerCase().replace(/^0x/, '');
  return short.length <= 8 ? short.padStart(8, '0') + BASE_UUID : short;
}
