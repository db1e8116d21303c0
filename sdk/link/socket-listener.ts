// The device's side of sockets: each connection that comes in is a Link.
import { type AddressInfo, createServer, type Server } from 'node:net';
import { MaiboError } from '../errors.ts';
import type { Link } from '../world/world.ts';
import { settles, within } from './deadline.ts';
import { formatSocketAddress, isPrivateAddress, parseSocketAddress, type SocketAddress } from './socket-address.ts';
import { SOCKET_DEADLINES, SocketLink } from './socket-link.ts';

export interface ListenOptions {
  /** True: others than this machine may connect. Default: only a loopback address or a path is taken. */
  readonly isPublic?: boolean;
}

export interface SocketLinks extends AsyncIterable<Link>, AsyncDisposable {
  /** Where to connect: with the port the system chose when 0 was asked for. */
  readonly address: string;
  /** Links that were handed out stay. */
  close(): Promise<void>;
}

/** Connections nobody has taken yet; more are turned away. */
const WAITING_MAX = 16;

/** `at` as in `openSocketLink`. Errors: `link-open` with the system's reason, `usage`. */
export async function listenSocketLinks(at: string, options: ListenOptions = {}): Promise<SocketLinks> {
  const address = parseSocketAddress(at);
  if (!isPrivateAddress(address) && options.isPublic !== true)
    throw new MaiboError('usage', `${at} can be reached from other machines`, {
      hint: 'name 127.0.0.1, or say isPublic if that is meant',
    });
  const server = createServer();
  const listening = new Promise<void>((resolve, reject) => {
    server.once('listening', resolve);
    server.once('error', reject);
    server.listen(address);
  });
  try {
    await within(listening, { ms: SOCKET_DEADLINES.openMs }, () => new Error('the system did not answer'));
  } catch (cause) {
    server.close();
    throw new MaiboError('link-open', 'nobody can connect there', { where: at, cause });
  }
  return new Listener(server, addressOf(server, address));
}

function addressOf(server: Server, asked: SocketAddress): string {
  if ('path' in asked) return asked.path;
  const { address, port } = server.address() as AddressInfo;
  return formatSocketAddress({ host: address, port });
}

class Listener implements SocketLinks {
  readonly address: string;
  readonly #server: Server;
  #waiting: Link[] = [];
  #isClosed = false;
  #wake: (() => void) | null = null;

  constructor(server: Server, address: string) {
    this.address = address;
    this.#server = server;
    // An accept that fails (no descriptor left) fails for that one connection.
    server.on('error', () => undefined);
    server.on('connection', (socket) => {
      if (this.#isClosed || this.#waiting.length >= WAITING_MAX) return void socket.destroy();
      this.#waiting.push(new SocketLink(socket, `socket on ${address}`));
      this.#wake?.();
    });
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Link> {
    for (;;) {
      const link = this.#waiting.shift();
      if (link !== undefined) {
        yield link;
        continue;
      }
      if (this.#isClosed) return;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
      this.#wake = null;
    }
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#wake?.();
    // The server counts as closed when its last connection is; it takes no more from now on, and the path is gone.
    this.#server.close();
    const untaken = this.#waiting.splice(0).map((link) => link.close());
    await settles(Promise.all(untaken), SOCKET_DEADLINES.closeMs);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
