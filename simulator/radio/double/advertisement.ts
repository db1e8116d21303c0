// What a program announces through LEAdvertisingManager1, read once from its object.
import type { Variant } from '@jellybrick/dbus-next';
import type { Bus } from '../dbus/bus.ts';
import { PROPERTIES } from '../dbus/introspection.ts';
import { fullUuid } from './application.ts';
import { refused } from './bluez-error.ts';

export interface Advertised {
  readonly name: string | null;
  readonly services: readonly string[];
}

export async function readAdvertisement(bus: Bus, owner: string, path: string): Promise<Advertised> {
  const body = ['org.bluez.LEAdvertisement1'];
  const call = { destination: owner, path, interface: PROPERTIES.name, member: 'GetAll', signature: 's', body };
  const [properties] = (await bus.call(call)) as [Record<string, Variant>];
  if (properties.Type?.value !== 'peripheral') throw refused('Failed', 'Failed to parse advertisement.');
  const name = properties.LocalName?.value;
  const services = (properties.ServiceUUIDs?.value ?? []) as string[];
  return { name: typeof name === 'string' ? name : null, services: services.map(fullUuid) };
}
