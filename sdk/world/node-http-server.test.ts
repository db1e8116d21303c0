import { connect } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { type HttpServer, openHttpServer } from './node-http-server.ts';

let server: HttpServer | null = null;
afterEach(async () => {
  await server?.close();
  server = null;
});

async function serve(
  answer = async (path: string) => ({ status: 200, type: 'text/plain', body: `you asked ${path}` }),
) {
  server = await openHttpServer('127.0.0.1', 0, async (path) => (path === '/none' ? null : answer(path)));
  return server;
}

/** What comes back for bytes as they are, until the other side closes. */
function exchange(url: string, request: string): Promise<string> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve) => {
    let text = '';
    const socket = connect(Number(port), hostname, () => socket.write(request));
    socket.on('data', (chunk) => {
      text += chunk.toString();
    });
    socket.on('error', () => resolve(text));
    socket.on('close', () => resolve(text));
  });
}

describe('the HTTP server', () => {
  it('answers a path, without what follows the question mark', async () => {
    const { url } = await serve();
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    const response = await fetch(`${url}/metrics?x=1`);
    expect([response.status, await response.text()]).toEqual([200, 'you asked /metrics']);
    expect(response.headers.get('cache-control')).toBe('no-store');
  });

  it('gives 404 for what there is not, and 500 when the answer fails, without saying why', async () => {
    const { url } = await serve(async () => {
      throw new Error('a secret');
    });
    expect((await fetch(`${url}/none`)).status).toBe(404);
    const failed = await fetch(`${url}/metrics`);
    expect([failed.status, await failed.text()]).toEqual([500, 'failed\n']);
  });

  it('answers HEAD without a body, and nothing but GET and HEAD', async () => {
    const { url } = await serve();
    const head = await fetch(`${url}/metrics`, { method: 'HEAD' });
    expect([head.status, await head.text(), head.headers.get('content-length')]).toEqual([200, '', '18']);
    for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS']) {
      const refused = await fetch(`${url}/metrics`, { method, ...(method !== 'OPTIONS' && { body: 'x' }) });
      expect([refused.status, refused.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
    }
  });

  it('reads no header that is too long, and nothing that is no HTTP', async () => {
    const { url } = await serve();
    const long = await exchange(url, `GET / HTTP/1.1\r\nhost: x\r\nx: ${'y'.repeat(10_000)}\r\n\r\n`);
    expect(long).toMatch(/^HTTP\/1\.1 431 /);
    expect(await exchange(url, '\x16\x03\x01 no HTTP\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 /);
    expect((await fetch(`${url}/metrics`)).status).toBe(200);
  });

  it('takes no more connections than a few', async () => {
    const { url } = await serve();
    const { hostname, port } = new URL(url);
    const sockets = Array.from({ length: 40 }, () => connect(Number(port), hostname).on('error', () => undefined));
    // Some of them are shown the door.
    await Promise.race(sockets.map((socket) => new Promise((resolve) => socket.once('close', resolve))));
    for (const socket of sockets) socket.destroy();
  });

  it('says which address it could not have', async () => {
    const { url } = await serve();
    const port = Number(new URL(url).port);
    await expect(openHttpServer('127.0.0.1', port, async () => null)).rejects.toMatchObject({
      code: 'link-open',
      message: `nothing can listen on 127.0.0.1:${port}`,
      hint: 'another program listens there: choose another port',
    });
  });

  it('closes although somebody keeps a connection open', async () => {
    const { url } = await serve();
    const { hostname, port } = new URL(url);
    const socket = connect(Number(port), hostname);
    await new Promise((resolve) => socket.once('connect', resolve));
    await server?.close();
    server = null;
    await expect(fetch(url)).rejects.toThrow();
    socket.destroy();
  });
});
