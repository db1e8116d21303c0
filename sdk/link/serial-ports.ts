// Which serial ports are there, by the names that udev gives them and that stay when the device is plugged in again.
import { readdir, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { autoDetect } from '@serialport/bindings-cpp';
import { MaiboError } from '../errors.ts';
import { settles } from './deadline.ts';

export interface SerialPortInfo {
  /** "/dev/ttyUSB0": another one after the next plugging in. */
  readonly path: string;
  /** "usb-FTDI_FT232R_USB_UART_A5XK3RJT-if00-port0"; null for a port without. Two devices of one maker without serial numbers share it. */
  readonly byId: string | null;
  /** The socket it is plugged into: "pci-0000:00:14.0-usb-0:1:1.0-port0". */
  readonly byPath: string | null;
  /** The name to open it by: the full path by id, else by socket, else `path`. */
  readonly stablePath: string;
  /** USB ids as four hex digits, and names; null when unknown. */
  readonly vendorId: string | null;
  readonly productId: string | null;
  readonly manufacturer: string | null;
  readonly serialNumber: string | null;
}

/** Where udev keeps its names. */
export const SERIAL_FOLDER = '/dev/serial';
/** udevadm, which knows vendors, is asked no longer than this. */
const LIST_DEADLINE_MS = 3_000;
const BY_FOLDERS = ['by-id', 'by-path'] as const;

interface Name {
  readonly folder: (typeof BY_FOLDERS)[number];
  readonly name: string;
  readonly link: string;
  readonly path: string;
}

/** Serial ports with a device behind them; an empty list where there is none. Never throws. */
export async function listSerialPorts(folder = SERIAL_FOLDER): Promise<SerialPortInfo[]> {
  const [names, described] = await Promise.all([readNames(folder), describePorts()]);
  const usb = described.filter((port) => port.vendorId !== undefined).map((port) => port.path);
  const paths = [...new Set([...names.map((name) => name.path), ...usb])].sort();
  return paths.map((path) => {
    const ofPort = (kind: Name['folder']) => names.find((name) => name.folder === kind && name.path === path) ?? null;
    const byId = ofPort('by-id');
    const byPath = ofPort('by-path');
    const known = described.find((port) => port.path === path);
    return {
      path,
      byId: byId?.name ?? null,
      byPath: byPath?.name ?? null,
      stablePath: byId?.link ?? byPath?.link ?? path,
      vendorId: known?.vendorId?.toLowerCase() ?? null,
      productId: known?.productId?.toLowerCase() ?? null,
      manufacturer: known?.manufacturer ?? null,
      serialNumber: known?.serialNumber ?? null,
    };
  });
}

/**
 * The one port whose name by id or by socket fits: contains the text, in any case, or matches the expression. Errors: `input-missing` when none
 * does, `link-open` when several do; the hint lists what is there.
 */
export async function findSerialPort(match: string | RegExp, folder = SERIAL_FOLDER): Promise<string> {
  const names = await readNames(folder);
  const found = names.filter(({ name }) => fits(name, match));
  const paths = new Set(found.map(({ path }) => path));
  if (paths.size === 1) return found[0]!.link;
  const shown = found.length > 0 ? found : names;
  const hint = shown.length === 0 ? 'no serial device is plugged in' : `there is ${shown.map(describe).join(', ')}`;
  const wanted = typeof match === 'string' ? `"${match}"` : String(match);
  if (paths.size === 0)
    throw new MaiboError('input-missing', `no serial port is called ${wanted}`, { where: folder, hint });
  throw new MaiboError('link-open', `${paths.size} serial ports are called ${wanted}`, { where: folder, hint });
}

function fits(name: string, match: string | RegExp): boolean {
  // search, unlike test, forgets where the last match of a /g ended.
  return typeof match === 'string' ? name.toLowerCase().includes(match.toLowerCase()) : name.search(match) >= 0;
}

function describe({ name, path }: Name): string {
  return `${name} (${path})`;
}

/** By id first. */
async function readNames(folder: string): Promise<Name[]> {
  const lists = await Promise.all(
    BY_FOLDERS.map(async (kind) => {
      const names = await readdir(join(folder, kind)).catch(() => []);
      const links = names.sort().map((name) => ({ folder: kind, name, link: join(folder, kind, name) }));
      return Promise.all(links.map(async (link) => ({ ...link, path: await realpath(link.link).catch(() => null) })));
    }),
  );
  return lists.flat().filter((name): name is Name => name.path !== null);
}

type Described = Awaited<ReturnType<ReturnType<typeof autoDetect>['list']>>;

async function describePorts(): Promise<Described> {
  let found: Described = [];
  const listing = autoDetect()
    .list()
    .then((ports) => {
      found = ports;
    });
  await settles(listing, LIST_DEADLINE_MS);
  return found;
}
