// A kernel pty pair: the master end is the virtual device's UART, the slave end a serial port like any other. Node cannot open one by
// itself; four calls of libc through `koffi` (prebuilt, no compiler) can.
import { createRequire } from 'node:module';
import { ReadStream } from 'node:tty';
import { ByteQueue, type Link, MaiboError } from '@maibo/sdk';

const O_RDWR = 0o2;
const O_NOCTTY = 0o400;
const PATH_BYTES = 128;

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
  return master === null ? null : { link: linkOf(master.fd), slavePath: master.slavePath };
}

type Libc = Record<'open' | 'grant' | 'unlock', (value: number) => number> & {
  name: (fd: number, into: Buffer, size: number) => number;
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
    };
  } catch {
    return null;
  }
}

function openMaster(): { fd: number; slavePath: string } | null {
  const libc = loadLibc();
  if (libc === null) return null;
  const fd = libc.open(O_RDWR | O_NOCTTY);
  const path = Buffer.alloc(PATH_BYTES);
  if (fd < 0 || libc.grant(fd) !== 0 || libc.unlock(fd) !== 0 || libc.name(fd, path, PATH_BYTES) !== 0) return null;
  return { fd, slavePath: path.toString('latin1').split('\0')[0] as string };
}

function linkOf(fd: number): Link {
  // A ReadStream on a pty master is a duplex socket; libuv keeps the descriptor as it is.
  const stream = new ReadStream(fd);
  const queue = new ByteQueue({ onPressure: (full) => void (full ? stream.pause() : stream.resume()) });
  stream.on('data', (chunk: Buffer) => queue.push(new Uint8Array(chunk)));
  // When the host closes its end the kernel says EIO: the line is unplugged.
  stream.on('error', (cause) => queue.end(new MaiboError('link-lost', 'the host closed the line', { cause })));
  stream.on('close', () => queue.end());
  return {
    name: 'pty master',
    carries: 'bytes',
    packetBytesMax: null,
    chunks: queue,
    write: (bytes) =>
      new Promise((resolve, reject) => {
        const done = (cause?: Error | null) =>
          cause ? reject(new MaiboError('link-lost', 'the host closed the line', { cause })) : resolve();
        stream.write(bytes, done);
      }),
    close: async () => {
      queue.end();
      stream.destroy();
    },
  };
}
