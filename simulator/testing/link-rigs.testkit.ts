// The bearers that need no radio, as rigs of the link contract.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  createMemoryWire,
  type Link,
  listenSocketLinks,
  MaiboError,
  openSerialLink,
  openSocketLink,
  type SocketLinks,
  systemClock,
} from '@maibo/sdk';
import { openPty, type Pty } from '../device/pty.ts';
import type { LinkAbility, LinkRig } from './link-rig.ts';
import { processCounts } from './process-counts.ts';

type Measured = NonNullable<LinkRig['measured']>;

abstract class Rig implements LinkRig {
  abstract readonly name: string;
  readonly carries: Link['carries'] = 'bytes';
  readonly can: readonly LinkAbility[] = ['unplug', 'back-pressure'];
  readonly measured: Measured;

  constructor(measured: Measured) {
    this.measured = measured;
  }

  abstract open(signal?: AbortSignal): Promise<Link>;
  abstract device(): Promise<Link>;
  abstract unplug(): Promise<void>;
  abstract plug(): Promise<void>;
  abstract close(): Promise<void>;

  counts(): Promise<Record<string, number>> {
    return processCounts();
  }
}

export class MemoryRig extends Rig {
  readonly name: string;
  override readonly carries: Link['carries'];
  override readonly can = ['unplug'] as const;
  readonly #packetBytesMax: number | null;
  #wire: ReturnType<typeof createMemoryWire> | null = null;
  #isPlugged = true;

  constructor(packetBytesMax: number | null, measured: Measured) {
    super(measured);
    this.#packetBytesMax = packetBytesMax;
    this.carries = packetBytesMax === null ? 'bytes' : 'packets';
    this.name = packetBytesMax === null ? 'memory, bytes' : `memory, packets of ${packetBytesMax}`;
  }

  async open(signal?: AbortSignal): Promise<Link> {
    signal?.throwIfAborted();
    if (!this.#isPlugged) throw new MaiboError('link-open', 'unplugged');
    this.#wire = createMemoryWire(this.#packetBytesMax);
    return this.#wire.ends[0];
  }

  async device(): Promise<Link> {
    return this.#wire!.ends[1];
  }

  async unplug(): Promise<void> {
    this.#isPlugged = false;
    this.#wire?.unplug();
  }

  async plug(): Promise<void> {
    this.#isPlugged = true;
  }

  async close(): Promise<void> {
    this.#wire?.unplug();
  }
}

/** Made when first asked for: a rig that no case uses leaves none behind. */
class TemporaryFolder {
  #path: string | null = null;

  file(name: string): string {
    this.#path ??= mkdtempSync(join(tmpdir(), 'maibo-link-'));
    return join(this.#path, name);
  }

  remove(): void {
    if (this.#path !== null) rmSync(this.#path, { recursive: true });
    this.#path = null;
  }
}

/** The serial bearer on the simulator's own pty. A device is plugged in anew for each opening: a pty ends with its host. */
export class PtyRig extends Rig {
  readonly name = 'serial port, pty';
  readonly #folder = new TemporaryFolder();
  #pty: Pty | null = null;
  #isUsed = false;
  #isPlugged = true;

  async open(signal?: AbortSignal): Promise<Link> {
    if (this.#isPlugged && (this.#pty === null || this.#isUsed)) await this.plug();
    this.#isUsed = this.#isPlugged;
    return openSerialLink({ path: this.#folder.file('tty'), ...(signal && { signal }) });
  }

  async device(): Promise<Link> {
    return this.#pty!.link;
  }

  async unplug(): Promise<void> {
    this.#isPlugged = false;
    rmSync(this.#folder.file('tty'), { force: true });
    await this.#pty?.link.close();
    this.#pty = null;
  }

  async plug(): Promise<void> {
    await this.unplug();
    this.#isPlugged = true;
    this.#isUsed = false;
    this.#pty = openPty();
    symlinkSync(this.#pty!.slavePath, this.#folder.file('tty'));
  }

  async close(): Promise<void> {
    await this.unplug();
    this.#folder.remove();
  }
}

export function isSocatThere(): boolean {
  return spawnSync('socat', ['-V'], { stdio: 'ignore' }).status === 0;
}

/** The serial bearer on a pty of socat; the device sits behind a unix socket. SIGKILL is the plug. */
export class SocatRig extends Rig {
  readonly name = 'serial port, socat';
  readonly #folder = new TemporaryFolder();
  #listening: SocketLinks | null = null;
  #devices: AsyncIterator<Link> | null = null;
  #child: ChildProcess | null = null;
  #device: Link | null = null;
  #isUsed = false;
  #isPlugged = true;

  async open(signal?: AbortSignal): Promise<Link> {
    if (this.#isPlugged && (this.#child === null || this.#isUsed)) await this.plug();
    this.#isUsed = this.#isPlugged;
    return openSerialLink({ path: this.#folder.file('tty'), ...(signal && { signal }) });
  }

  async device(): Promise<Link> {
    return this.#device!;
  }

  async unplug(): Promise<void> {
    this.#isPlugged = false;
    const child = this.#child;
    this.#child = null;
    if (child !== null && child.exitCode === null && child.signalCode === null) {
      const gone = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGKILL');
      await gone;
    }
    rmSync(this.#folder.file('tty'), { force: true });
  }

  async plug(): Promise<void> {
    await this.unplug();
    await this.#device?.close();
    this.#listening ??= await listenSocketLinks(this.#folder.file('device'));
    this.#devices ??= this.#listening[Symbol.asyncIterator]();
    const { address } = this.#listening;
    const arguments_ = [
      '-b',
      '65536',
      '-t',
      '0.01',
      `pty,raw,echo=0,link=${this.#folder.file('tty')}`,
      `UNIX-CONNECT:${address}`,
    ];
    this.#child = spawn('socat', arguments_, { stdio: 'ignore' });
    this.#device = (await this.#devices.next()).value as Link;
    while (!existsSync(this.#folder.file('tty'))) await systemClock.sleep(1);
    this.#isPlugged = true;
    this.#isUsed = false;
  }

  async close(): Promise<void> {
    await this.unplug();
    await this.#device?.close();
    await this.#listening?.close();
    this.#folder.remove();
  }
}

/** The socket bearer at both ends, with a cable between them that can be cut. */
export class SocketRig extends Rig {
  readonly name: string;
  readonly #folder = new TemporaryFolder();
  readonly #kind: 'unix' | 'tcp';
  #devices: SocketLinks | null = null;
  #arriving: AsyncIterator<Link> | null = null;
  #cable: Cable | null = null;
  #address = '';

  constructor(kind: 'unix' | 'tcp', measured: Measured) {
    super(measured);
    this.#kind = kind;
    this.name = `${kind} socket`;
  }

  async open(signal?: AbortSignal): Promise<Link> {
    if (this.#address === '') await this.plug();
    return openSocketLink(this.#address, signal && { signal });
  }

  async device(): Promise<Link> {
    return (await this.#arriving!.next()).value as Link;
  }

  async unplug(): Promise<void> {
    await this.#cable?.cut();
    this.#cable = null;
  }

  async plug(): Promise<void> {
    if (this.#devices === null) {
      this.#devices = await listenSocketLinks(this.#folder.file('device'));
      this.#arriving = this.#devices[Symbol.asyncIterator]();
    }
    await this.unplug();
    this.#cable = new Cable(this.#devices.address);
    this.#address = await this.#cable.listen(this.#kind === 'unix' ? this.#folder.file('host') : null);
  }

  async close(): Promise<void> {
    await this.unplug();
    await this.#devices?.close();
    this.#folder.remove();
  }
}

/** Passes on what connects here, until it is cut. */
class Cable {
  readonly #to: string;
  readonly #server: Server;
  readonly #ends = new Set<Socket>();

  constructor(to: string) {
    this.#to = to;
    this.#server = createServer({ allowHalfOpen: true }, (near) => this.#join(near));
  }

  listen(path: string | null): Promise<string> {
    return new Promise((resolve) => {
      if (path !== null) this.#server.listen(path, () => resolve(path));
      else
        this.#server.listen(0, '127.0.0.1', () =>
          resolve(`127.0.0.1:${(this.#server.address() as { port: number }).port}`),
        );
    });
  }

  async cut(): Promise<void> {
    for (const end of this.#ends) end.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #join(near: Socket): void {
    const far = connect({ path: this.#to, allowHalfOpen: true });
    near.setNoDelay(true);
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      this.#ends.add(from);
      from.on('error', () => undefined);
      from.on('close', () => {
        this.#ends.delete(from);
        to.destroy();
      });
      from.pipe(to);
    }
  }
}
