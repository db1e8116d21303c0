// A kernel pty pair: the master end is the virtual device's UART, the slave end a serial port like any other. Node cannot open one by
// itself; a few calls of libc through `koffi` (prebuilt, no compiler) can.
import { writeSync } from 'node:fs';
import { createRequire } from 'node:module';
import { ReadStream } from 'node:tty';
import { ByteQueue, type Link, MaiboError, systemClock } from '@maibo/sdk';

const O_RDWR = 0o2;
const O_NOCTTY = 0o400;
const O_NONBLOCK = 0o4000;
/** Else every child process keeps the line open, and nobody ever sees it unplugged. */
const O_CLOEXEC = 0o2000000;
const PATH_BYTES = 128;
/** More than struct termios takes on any platform. */
const TERMIOS_BYTES = 256;
/** Between looks whether the host has made room. */
const FULL_MS = 1;

export interface Pty {
  /** The device's end. */
  readonly link: Link;
  /** Path of the host's end, e.g. /dev/pts/4. */
  readonly slavePath: string;
}

/** Null where the platform has no ptys, or they cannot be opened. */
export function openPty(): Pty | null {
  if (process.platform !== 'linux') return null;
  const master = openMaster();
  return master === null ? null : { link: new MasterLink(master.fd), slavePath: master.slavePath };
}

type Libc = Record<'open' | 'grant' | 'unlock', (value: number) => number> & {
  name: (fd: number, into: Buffer, size: number) => number;
  getModes: (fd: number, into: Buffer) => number;
  makeRaw: (modes: Buffer) => void;
  setModes: (fd: number, when: number, modes: Buffer) => number;
};

function loadLibc(): Libc | null {
  try {
    const koffi = createRequire(import.meta.url)('koffi') as typeof import('koffi');
    const libc = koffi.load(null);
    return {
      open: libc.func('int posix_openpt(int)') as Libc['open'],
      grant: libc.func('int grantpt(int)') as Libc['grant'],
      unlock: libc.func('int unlockpt(int)') as Libc['unlock'],
      name: libc.func('int ptsname_r(int, void*, size_t)') as Libc['name'],
      getModes: libc.func('int tcgetattr(int, void*)') as Libc['getModes'],
      makeRaw: libc.func('void cfmakeraw(void*)') as Libc['makeRaw'],
      setModes: libc.func('int tcsetattr(int, int, void*)') as Libc['setModes'],
    };
  } catch {
    return null;
  }
}

function openMaster(): { fd: number; slavePath: string } | null {
  const libc = loadLibc();
  if (libc === null) return null;
  const fd = libc.open(O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
  const path = Buffer.alloc(PATH_BYTES);
  if (fd < 0 || libc.grant(fd) !== 0 || libc.unlock(fd) !== 0 || libc.name(fd, path, PATH_BYTES) !== 0) return null;
  // Until the host makes it raw, the kernel would send the device's own bytes back to it, as it does for a person who types.
  const modes = Buffer.alloc(TERMIOS_BYTES);
  if (libc.getModes(fd, modes) !== 0) return null;
  libc.makeRaw(modes);
  if (libc.setModes(fd, 0, modes) !== 0) return null;
  return { fd, slavePath: path.toString('latin1').split('\0')[0] as string };
}

class MasterLink implements Link {
  readonly name = 'pty master';
  readonly carries = 'bytes';
  readonly packetBytesMax = null;
  readonly #fd: number;
  readonly #stream: ReadStream;
  readonly #queue: ByteQueue;
  #over: MaiboError | null = null;
  #writing: Promise<void> = Promise.resolve();

  constructor(fd: number) {
    this.#fd = fd;
    // libuv keeps the descriptor as it is, and reads it well. Its writes would stop the whole process while the host does not read.
    const stream = new ReadStream(fd);
    this.#stream = stream;
    this.#queue = new ByteQueue({ onPressure: (full) => void (full ? stream.pause() : stream.resume()) });
    stream.on('data', (chunk: Buffer) => this.#queue.push(new Uint8Array(chunk)));
    // When the host closes its end the kernel says EIO: the line is unplugged.
    stream.on('error', (cause) => this.#end(lost(cause)));
    stream.on('close', () => this.#end(lost()));
  }

  get chunks(): AsyncIterable<Uint8Array> {
    return this.#queue;
  }

  write(bytes: Uint8Array): Promise<void> {
    const writing = this.#writing.then(() => this.#write(bytes));
    this.#writing = writing.catch(() => undefined);
    return writing;
  }

  async close(): Promise<void> {
    this.#over ??= lost();
    this.#queue.end();
    this.#stream.destroy();
  }

  async #write(bytes: Uint8Array): Promise<void> {
    for (let at = 0; at < bytes.length; ) {
      if (this.#over !== null) throw this.#over;
      const count = this.#writeSome(bytes.subarray(at));
      at += count;
      if (count === 0) await systemClock.sleep(FULL_MS);
    }
  }

  #writeSome(bytes: Uint8Array): number {
    try {
      return writeSync(this.#fd, bytes);
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code === 'EAGAIN') return 0;
      throw lost(cause);
    }
  }

  #end(failure: MaiboError): void {
    this.#over ??= failure;
    this.#queue.end(failure);
  }
}

function lost(cause?: unknown): MaiboError {
  return new MaiboError('link-lost', 'the host closed the line', { cause });
}
