// "host:port", "[::1]:port", or the path of a unix socket: what has a "/" in it.
import { isIPv4 } from 'node:net';
import { MaiboError } from '../errors.ts';

export type SocketAddress = { readonly path: string } | { readonly host: string; readonly port: number };

const PORT_MAX = 65_535;

export function parseSocketAddress(text: string): SocketAddress {
  if (text.includes('/')) return { path: text };
  const [, host = '', portText = ''] = /^(.+):(\d{1,5})$/.exec(text) ?? [];
  const port = Number(portText);
  if (host === '' || port > PORT_MAX)
    throw new MaiboError('usage', `"${text}" is no address of a socket`, { hint: 'host:port, or a path with a "/"' });
  return { host: host.replace(/^\[(.*)\]$/, '$1'), port };
}

export function formatSocketAddress(address: SocketAddress): string {
  if ('path' in address) return address.path;
  const { host, port } = address;
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}

/** Nobody outside of this machine can reach it. */
export function isPrivateAddress(address: SocketAddress): boolean {
  if ('path' in address) return true;
  const { host } = address;
  return host === 'localhost' || host === '::1' || (isIPv4(host) && host.startsWith('127.'));
}
