// What sockets add to the link contract, which the simulator holds them against: addresses, who may connect, deadlines.
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { Link } from '../world/world.ts';
import { formatSocketAddress, isPrivateAddress, parseSocketAddress } from './socket-address.ts';
import { openSocketLink, SocketLink } from './socket-link.ts';
import { listenSocketLinks } from './socket-listener.ts';

const folder = mkdtempSync(join(tmpdir(), 'maibo-socket-'));
afterAll(() => rmSync(folder, { recursive: true }));
const inFolder = (name: string) => join(folder, name);

describe('the address of a socket', () => {
  it.each([
    ['localhost:80', { host: 'localhost', port: 80 }, true],
    ['127.0.0.1:0', { host: '127.0.0.1', port: 0 }, true],
    ['[::1]:65535', { host: '::1', port: 65_535 }, true],
    ['0.0.0.0:9', { host: '0.0.0.0', port: 9 }, false],
    ['127.0.0.1.example.org:9', { host: '127.0.0.1.example.org', port: 9 }, false],
    ['box.local:9', { host: 'box.local', port: 9 }, false],
    ['/run/a', { path: '/run/a' }, true],
    ['./a:1', { path: './a:1' }, true],
  ])('%s', (text, address, isPrivate) => {
    expect(parseSocketAddress(text)).toEqual(address);
    expect(formatSocketAddress(parseSocketAddress(text))).toBe(text);
    expect(isPrivateAddress(parseSocketAddress(text))).toBe(isPrivate);
  });

  it.each(['', 'host', 'host:', ':80', 'host:65536', 'host:x', 'host:123456'])('is not "%s"', (text) => {
    expect(() => parseSocketAddress(text)).toThrow(expect.objectContaining({ code: 'usage' }));
  });
});

describe('connecting', () => {
  it('says link-open and where when nobody listens', async () => {
    const opening = openSocketLink(inFolder('nobody'));
    await expect(opening).rejects.toMatchObject({ code: 'link-open', where: inFolder('nobody') });
  });

  it('gives up when told to', async () => {
    const opening = openSocketLink(inFolder('nobody'), { signal: AbortSignal.abort(new Error('enough')) });
    await expect(opening).rejects.toThrow('enough');
  });
});

describe('listening', () => {
  it('refuses what others can reach, unless that is meant', async () => {
    await expect(listenSocketLinks('0.0.0.0:0')).rejects.toMatchObject({ code: 'usage' });
    await expect(listenSocketLinks('example.org:0')).rejects.toMatchObject({ code: 'usage' });
  });

  it('gives each connection as a link, and its own address', async () => {
    for (const at of ['127.0.0.1:0', inFolder('each')]) {
      const links = await listenSocketLinks(at);
      expect(links.address).not.toMatch(/:0$/);
      const arriving = links[Symbol.asyncIterator]();
      for (const said of [1, 2]) {
        const host = await openSocketLink(links.address);
        const device = (await arriving.next()).value as Link;
        await host.write(Uint8Array.of(said));
        const heard = await device.chunks[Symbol.asyncIterator]().next();
        expect(heard.value).toEqual(Uint8Array.of(said));
        await host.close();
        await device.close();
      }
      await links.close();
      await links.close();
      expect((await arriving.next()).done).toBe(true);
      await expect(openSocketLink(links.address)).rejects.toMatchObject({ code: 'link-open' });
    }
    expect(existsSync(inFolder('each'))).toBe(false);
  });

  it('says link-open when the place is taken', async () => {
    const links = await listenSocketLinks(inFolder('taken'));
    await expect(listenSocketLinks(inFolder('taken'))).rejects.toMatchObject({ code: 'link-open' });
    await links.close();
  });

  it('turns away whom nobody takes, and lets go of all of them at the end', async () => {
    await using links = await listenSocketLinks(inFolder('crowd'));
    const hosts = await Promise.all(Array.from({ length: 20 }, () => openSocketLink(links.address)));
    const ends = hosts.map((host) => {
      let isOver = false;
      host.chunks[Symbol.asyncIterator]()
        .next()
        .catch(() => {
          isOver = true;
        });
      return () => isOver;
    });
    await expect.poll(() => ends.filter((isOver) => isOver()).length).toBe(4);
    await links.close();
    await expect.poll(() => ends.filter((isOver) => isOver()).length).toBe(20);
    await Promise.all(hosts.map((host) => host.close()));
  });
});

describe('the deadline of a write', () => {
  it('ends the link when the other end takes nothing', async () => {
    const taken: Socket[] = [];
    const server = createServer({ pauseOnConnect: true }, (socket) => taken.push(socket));
    await new Promise<void>((resolve) => server.listen(inFolder('deaf'), resolve));
    const { connect } = await import('node:net');
    const socket = connect(inFolder('deaf'));
    await new Promise((resolve) => socket.once('connect', resolve));
    const link = new SocketLink(socket, 'deaf', { openMs: 1_000, writeMs: 50, closeMs: 50 });
    await expect(link.write(new Uint8Array(8 * 1024 * 1024))).rejects.toMatchObject({ code: 'link-lost' });
    await expect(link.write(Uint8Array.of(1))).rejects.toMatchObject({ code: 'link-lost' });
    await link.close();
    for (const other of taken) other.destroy();
    await new Promise((resolve) => server.close(resolve));
  });

  it('ends a close that waits for it', async () => {
    const taken: Socket[] = [];
    const server = createServer({ pauseOnConnect: true }, (socket) => taken.push(socket));
    await new Promise<void>((resolve) => server.listen(inFolder('mute'), resolve));
    const link = await openSocketLink(inFolder('mute'));
    const writing = link.write(new Uint8Array(8 * 1024 * 1024));
    await Promise.all([link.close(), expect(writing).rejects.toMatchObject({ code: 'link-lost' })]);
    for (const other of taken) other.destroy();
    await new Promise((resolve) => server.close(resolve));
  });
});
