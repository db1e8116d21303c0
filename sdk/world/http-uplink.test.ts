import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { createHttpUplink } from './http-uplink.ts';

const servers: Server[] = [];

afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

/** A server that answers every request alike. */
async function serve(
  status: number,
  body: string | Uint8Array = 'body',
  headers: Record<string, string> = {},
): Promise<string> {
  const server = createServer((request, response) => {
    request.resume();
    request.on('end', () => response.writeHead(status, headers).end(body));
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const put = (url: string, signal?: AbortSignal) => createHttpUplink(url).putSegment('00', Uint8Array.of(1), signal);

describe('the HTTP uplink', () => {
  it('gives the receipt for 201 and 200', async () => {
    const receipt = new Uint8Array(Buffer.from('body'));
    expect(await put(await serve(201))).toEqual({ outcome: 'stored', receipt });
    expect(await put(await serve(200))).toEqual({ outcome: 'known', receipt });
  });

  it('tells conflict, missing predecessor and refusal apart', async () => {
    expect(await put(await serve(409))).toMatchObject({ outcome: 'conflict' });
    expect(await put(await serve(412))).toMatchObject({ outcome: 'predecessor-missing' });
    expect(await put(await serve(400))).toEqual({ outcome: 'refused', detail: '400 body' });
  });

  it('takes 5xx, a redirect, an endless answer and silence as platform-unreachable', async () => {
    const gone = await serve(200);
    servers.splice(0).forEach((server) => void server.close());
    const urls = [
      await serve(503),
      await serve(302, '', { location: 'http://127.0.0.1:1/' }),
      await serve(200, new Uint8Array(100_000)),
      gone,
    ];
    for (const url of urls) await expect(put(url)).rejects.toMatchObject({ code: 'platform-unreachable' });
  });

  it('takes an abort as platform-unreachable', async () => {
    await expect(put(await serve(200), AbortSignal.abort())).rejects.toMatchObject({ code: 'platform-unreachable' });
  });
});
