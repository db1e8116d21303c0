// What the Bluetooth service of this machine answers, for `maibo doctor`: on a connection of its own, closed again at once.

import { BusError, isBusError } from '../link/bluez/bluez-error.ts';
import { ADAPTER, BLUEZ, BUS, BUS_PATH, OBJECT_MANAGER } from '../link/bluez/bluez-names.ts';
import { type BusCall, BusClient } from '../link/bluez/bus-client.ts';
import { openWire } from '../link/bluez/bus-wire.ts';
import type { AdapterFacts, BluezFacts } from './machine.ts';
import { systemClock } from './node-clock.ts';

const SYSTEM_BUS = 'unix:path=/run/dbus/system_bus_socket';
const ANSWER_MS = 5_000;
const NO_SERVICE = [
  'org.freedesktop.DBus.Error.ServiceUnknown',
  'org.freedesktop.DBus.Error.NameHasNoOwner',
  'org.freedesktop.DBus.Error.Spawn.ChildExited',
  'org.freedesktop.DBus.Error.Spawn.ServiceNotFound',
];

const GET_OBJECTS: BusCall = { destination: BLUEZ, path: '/', interface: OBJECT_MANAGER, member: 'GetManagedObjects' };
const GET_RULES: BusCall = {
  destination: BUS,
  path: BUS_PATH,
  interface: 'org.freedesktop.DBus.Debug.Stats',
  member: 'GetAllMatchRules',
};

export async function askBluez(): Promise<BluezFacts> {
  const address = process.env.DBUS_SYSTEM_BUS_ADDRESS ?? SYSTEM_BUS;
  const bus = await BusClient.open(openWire, address, systemClock, AbortSignal.timeout(ANSWER_MS)).catch(() => null);
  if (bus === null) return { answer: 'no-bus' };
  try {
    const [objects] = await bus.call(GET_OBJECTS, { deadlineMs: ANSWER_MS });
    return { answer: 'ok', adapters: adaptersOf(objects), matchRulesMax: await mostRules(bus) };
  } catch (failure) {
    if (isBusError(failure, 'org.freedesktop.DBus.Error.AccessDenied')) return { answer: 'denied' };
    return { answer: isBusError(failure, ...NO_SERVICE) ? 'absent' : 'silent' };
  } finally {
    bus.close();
  }
}

type Objects = Record<string, Record<string, Record<string, { readonly value: unknown } | undefined>>>;

function adaptersOf(objects: unknown): AdapterFacts[] {
  return Object.entries((objects ?? {}) as Objects).flatMap(([path, interfaces]) => {
    const adapter = interfaces[ADAPTER];
    if (adapter === undefined) return [];
    return [{ name: path.slice(path.lastIndexOf('/') + 1), isPowered: adapter.Powered?.value === true }];
  });
}

/** Mostly only root may ask this. */
async function mostRules(bus: BusClient): Promise<number | null> {
  try {
    const [rules] = await bus.call(GET_RULES, { deadlineMs: ANSWER_MS });
    const counts = Object.values((rules ?? {}) as Record<string, unknown[]>).map((list) => list.length);
    return Math.max(0, ...counts);
  } catch (failure) {
    if (failure instanceof BusError) return null;
    throw failure;
  }
}
