// From what a person typed to one device: a serial port by its path or a piece of its name, or a device on the air by address or name.
import { MaiboError } from '../errors.ts';
import type { Advertisement, Radio } from '../world/radio.ts';
import { titleOf, WAKE_HINTS } from './known-services.ts';
import type { Surroundings } from './surroundings.ts';
import { towardsDoctor } from './towards-doctor.ts';
import type { Voice } from './voice.ts';

export type Target =
  | { readonly kind: 'port'; readonly path: string }
  | { readonly kind: 'air'; readonly wanted: string };

const ADDRESS = /^[0-9a-f]{2}(:[0-9a-f]{2}){5}$/i;
const PORT = /^(\/|COM\d+$)/i;
const LISTEN_MS = 30_000;
/** Behind the first of a name: is there another? */
const NAMESAKE_MS = 2_000;

/** A piece of a port's name is enough: "usb" is the one USB port there is. Errors: `usage` when several have it. */
export async function targetOf(wanted: string, surroundings: Surroundings): Promise<Target> {
  if (PORT.test(wanted)) return { kind: 'port', path: wanted };
  if (ADDRESS.test(wanted)) return { kind: 'air', wanted: wanted.toUpperCase() };
  const ports = (await surroundings.listPorts()).filter(({ byId, path }) =>
    `${byId ?? ''} ${path}`.toLowerCase().includes(wanted.toLowerCase()),
  );
  if (ports.length === 0) return { kind: 'air', wanted };
  if (ports.length === 1) return { kind: 'port', path: ports[0]!.stablePath };
  const hint = `name one of ${ports.map(({ stablePath }) => stablePath).join(', ')}`;
  throw new MaiboError('usage', `${ports.length} serial ports are called "${wanted}"`, { hint });
}

/** Listens until it is heard. Errors: `link-timeout`, `usage` when two have the name, those of `Radio.scan`, the signal's reason. */
export async function hear(
  wanted: string,
  radio: Radio,
  { clock }: Surroundings,
  voice: Voice,
  signal: AbortSignal,
): Promise<Advertisement> {
  const stop = new AbortController();
  const onAbort = () => stop.abort();
  signal.addEventListener('abort', onAbort, { once: true });
  if (signal.aborted) onAbort();
  const fits = fitting(wanted);
  const found = new Map<string, Advertisement>();
  void clock.sleep(LISTEN_MS, stop.signal).then(() => stop.abort());
  voice.progress(`listening for ${wanted} …`);
  try {
    for await (const device of radio.scan({ signal: stop.signal })) {
      if (!fits(device)) continue;
      if (ADDRESS.test(wanted)) return device;
      found.set(device.address, device);
      if (found.size === 1) void clock.sleep(NAMESAKE_MS, stop.signal).then(() => stop.abort());
    }
  } catch (failure) {
    throw towardsDoctor(failure);
  } finally {
    stop.abort();
    signal.removeEventListener('abort', onAbort);
  }
  signal.throwIfAborted();
  return onlyOne(wanted, [...found.values()]);
}

function fitting(wanted: string): (device: Advertisement) => boolean {
  if (ADDRESS.test(wanted)) return ({ address }) => address.toUpperCase() === wanted.toUpperCase();
  return ({ name, services }) =>
    titleOf(services) !== null && (name?.toLowerCase().includes(wanted.toLowerCase()) ?? false);
}

function onlyOne(wanted: string, found: readonly Advertisement[]): Advertisement {
  if (found.length === 1) return found[0]!;
  if (found.length === 0) {
    const hint = `${WAKE_HINTS[0]}; \`maibo scan\` shows who is heard`;
    throw new MaiboError('link-timeout', `${wanted} was not heard for ${LISTEN_MS / 1000} s`, { hint });
  }
  const hint = `name one by its address: ${found.map(({ address }) => address).join(', ')}`;
  throw new MaiboError('usage', `${found.length} devices are called "${wanted}"`, { hint });
}
