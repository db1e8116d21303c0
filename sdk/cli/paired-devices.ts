// The devices that this folder's key was paired with: blocks as in gateway.toml, so that they can be copied there.
import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'smol-toml';
import { MaiboError } from '../errors.ts';
import { fromHex } from '../evidence/record-types.ts';

const FILE = 'devices.toml';
const KEY = /^[0-9a-f]{64}$/;

export interface PairedDevice {
  readonly key: string;
  readonly name: string;
  /** On the air; null: it came over a wire. */
  readonly address: string | null;
}

/** What goes into gateway.toml. */
export function deviceBlock({ key, name, address }: PairedDevice): string {
  const where = address === null ? 'bearer = "serial"\n' : `address = "${address}"\n`;
  return `[[device]]\nkey = "${key}"\nname = "${name}"\n${where}`;
}

export function keepPaired(folder: string, device: PairedDevice): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const path = join(folder, FILE);
  const known = existsSync(path) ? readFileSync(path, 'utf8') : '';
  if (!known.includes(device.key)) appendFileSync(path, `${deviceBlock(device)}\n`, { mode: 0o600 });
}

/** Public keys of all of them. Errors: `config-bad`. */
export function pairedKeys(folder: string): Uint8Array[] {
  const path = join(folder, FILE);
  if (!existsSync(path)) return [];
  try {
    const { device = [] } = parse(readFileSync(path, 'utf8')) as { device?: { key?: unknown }[] };
    return device.map(({ key }) => {
      if (typeof key !== 'string' || !KEY.test(key)) throw new Error('a key of 64 hexadecimal digits is missing');
      return fromHex(key);
    });
  } catch (cause) {
    throw new MaiboError('config-bad', 'the list of paired devices cannot be read', { where: path, cause });
  }
}
