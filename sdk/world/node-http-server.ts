// Answers a few questions over HTTP: short, read-only, and never more than a few askers at a time.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { MaiboError } from '../errors.ts';

export interface HttpServerAnswer {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

export interface HttpServer {
  readonly url: string;
  close(): Promise<void>;
}

const HEADER_BYTES_MAX = 8 * 1024;
const HEADERS_MS = 5_000;
const REQUEST_MS = 10_000;
const KEEP_ALIVE_MS = 5_000;
const CONNECTIONS_MAX = 32;
const REQUESTS_PER_SOCKET_MAX = 1_000;

/** `answer`: null when there is nothing under this path. Errors: `link-open` when the address cannot be listened on. */
export async function openHttpServer(
  host: string,
  port: number,
  answer: (path: string) => Promise<HttpServerAnswer | null>,
): Promise<HttpServer> {
  const server = createServer(
    {
      maxHeaderSize: HEADER_BYTES_MAX,
      headersTimeout: HEADERS_MS,
      requestTimeout: REQUEST_MS,
      keepAliveTimeout: KEEP_ALIVE_MS,
    },
    (request, response) => void respond(request, response, answer),
  );
  server.maxConnections = CONNECTIONS_MAX;
  server.maxRequestsPerSocket = REQUESTS_PER_SOCKET_MAX;
  await new Promise<void>((resolve, reject) => {
    const onError = (cause: NodeJS.ErrnoException) => {
      const hint =
        cause.code === 'EADDRINUSE'
          ? 'another program listens there: choose another port'
          : 'is the address one of this machine?';
      reject(
        new MaiboError('link-open', `nothing can listen on ${host}:${port}`, { where: 'http.listen', hint, cause }),
      );
    };
    server.once('error', onError);
    server.listen(port, host, () => {
      server.off('error', onError);
      resolve();
    });
  });
  server.on('error', () => undefined); // of one connection: the next is not concerned
  const at = server.address() as AddressInfo;
  return {
    url: `http://${at.family === 'IPv6' ? `[${at.address}]` : at.address}:${at.port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function respond(
  request: IncomingMessage,
  response: ServerResponse,
  answer: (path: string) => Promise<HttpServerAnswer | null>,
): Promise<void> {
  request.on('error', () => undefined);
  response.on('error', () => undefined);
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    // What it sends with it is not read.
    end(response, { status: 405, type: 'text/plain', body: 'only GET\n' }, { allow: 'GET, HEAD', connection: 'close' });
    return;
  }
  const path = (request.url ?? '/').split('?')[0]!;
  const found = await answer(path).catch(() => ({ status: 500, type: 'text/plain', body: 'failed\n' }));
  end(response, found ?? { status: 404, type: 'text/plain', body: 'nothing here\n' }, {}, request.method === 'HEAD');
}

function end(
  response: ServerResponse,
  { status, type, body }: HttpServerAnswer,
  headers: Readonly<Record<string, string>>,
  isHead = false,
): void {
  response.writeHead(status, {
    ...headers,
    'content-type': type,
    'content-length': String(Buffer.byteLength(body)),
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
  });
  response.end(isHead ? undefined : body);
}
