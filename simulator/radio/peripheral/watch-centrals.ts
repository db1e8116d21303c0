// Who is connected to an adapter of ours, as the Bluetooth service shows it: a Device1 per central.
import type { Variant } from '@jellybrick/dbus-next';
import type { Bus } from '../dbus/bus.ts';

const DEVICE = 'org.bluez.Device1';

/** Gives the paths of those that are there, kept up to date. */
export async function watchCentrals(
  bus: Bus,
  adapter: string,
  onCentral: (central: string, isConnected: boolean) => void,
): Promise<ReadonlySet<string>> {
  const connected = new Set<string>();
  const note = (path: string, isConnected: boolean) => {
    if (!path.startsWith(`${adapter}/`) || isConnected === connected.has(path)) return;
    if (isConnected) connected.add(path);
    else connected.delete(path);
    onCentral(path, isConnected);
  };
  bus.onSignal(({ path, member, body }) => {
    if (member === 'PropertiesChanged' && body[0] === DEVICE) {
      const change = (body[1] as Record<string, Variant>).Connected;
      if (change) note(path, change.value === true);
    } else if (member === 'InterfacesAdded') {
      const [added, interfaces] = body as [string, Record<string, Record<string, Variant>>];
      if (interfaces[DEVICE]?.Connected?.value === true) note(added, true);
    } else if (member === 'InterfacesRemoved' && (body[1] as string[]).includes(DEVICE)) note(String(body[0]), false);
  });
  const from = "type='signal',sender='org.bluez'";
  await bus.addMatch(`${from},interface='org.freedesktop.DBus.ObjectManager'`);
  await bus.addMatch(`${from},member='PropertiesChanged',arg0='${DEVICE}',path_namespace='${adapter}'`);
  return connected;
}
