// The guest's own controllers, as bluetoothd shows them: switched on and off, and counted.
import { Variant } from '@jellybrick/dbus-next';
import type { Bus } from '../dbus/bus.ts';
import { pause, within } from '../timing.ts';

const ADAPTER = 'org.bluez.Adapter1';
const PROPERTIES = 'org.freedesktop.DBus.Properties';
const THERE_MS = 30_000;
const LOOK_MS = 100;

/** Resolves when bluetoothd shows the adapter. */
export async function adapterThere(bus: Bus, adapter: string): Promise<void> {
  const look = async () => {
    while (
      !(await isPowered(bus, adapter).then(
        () => true,
        () => false,
      ))
    )
      await pause(LOOK_MS);
  };
  await within(THERE_MS, look(), () => new Error(`bluetoothd shows no ${adapter}`));
}

export async function isPowered(bus: Bus, adapter: string): Promise<boolean> {
  const [value] = await ask(bus, adapter, 'Get', 'ss', [ADAPTER, 'Powered']);
  return (value as Variant<boolean>).value;
}

/** What is connected to it is gone at once, as when a device is carried away. */
export async function setPowered(bus: Bus, adapter: string, isOn: boolean): Promise<void> {
  await ask(bus, adapter, 'Set', 'ssv', [ADAPTER, 'Powered', new Variant('b', isOn)]);
}

/** So that a peer may pair with it. */
export async function setPairable(bus: Bus, adapter: string): Promise<void> {
  await ask(bus, adapter, 'Set', 'ssv', [ADAPTER, 'Pairable', new Variant('b', true)]);
}

function ask(bus: Bus, adapter: string, member: string, signature: string, body: readonly unknown[]) {
  const path = `/org/bluez/${adapter}`;
  return bus.call({ destination: 'org.bluez', path, interface: PROPERTIES, member, signature, body });
}
