// A serial port as a Link: @serialport/stream over the package's own prebuilt binding.
//
// A new stream object per open (one that hung up in mid-write never works again), a `data` listener for the whole life of the
// port (without one an unplug goes unnoticed), and a guarded read (bindings-cpp 13 spins when a hung-up tty reads 0 bytes).

import { read } from 'node:fs';
import { createRequire } from 'node:module';
import { promisify } from 'node:util';
import { autoDetect } from '@serialport/bindings-cpp';
import { SerialPortStream } from '@serialport/stream';
import { MaiboError } from '../errors.ts';
import type { Link } from '../world/world.ts';
import { ByteQueue } from './byte-queue.ts';

export interface SerialOptions {
  readonly path: string;
  readonly baudRate?: number;
}

const BAUD_RATE_DEFAULT = 115_200;
const CLOSE_DEADLINE_MS = 1_000;

type Port = SerialPortStream;

/** Opens the port exclusively. Errors: `link-open` with the system's reason. */
export async function openSerialLink(options: SerialOptions): Promise<Link> {
  const port = await openPort(options);
  const queue = new ByteQueue({ onPressure: (full) => (full ? port.pause() : port.resume()) });
  const lost = (cause?: unknown) =>
    queue.end(new MaiboError('link-lost', 'the serial line hung up', { where: options.path, cause }));
  let closing = false;
  port.on('data', (chunk: Buffer) => queue.push(new Uint8Array(chunk)));
  port.on('error', lost);
  port.on('close', (cause: unknown) => (closing ? queue.end() : lost(cause)));

  return {
    name: `serial ${options.path}`,
    carries: 'bytes',
    packetBytesMax: null,
    chunks: queue,
    write: (bytes) => writeTo(port, bytes, options.path),
    close: async () => {
      closing = true;
      queue.end();
      await closePort(port);
    },
  };
}

function openPort(options: SerialOptions): Promise<Port> {
  return new Promise((resolve, reject) => {
    const settings = { binding: guardedBinding, path: options.path, baudRate: options.baudRate ?? BAUD_RATE_DEFAULT };
    const port: Port = new SerialPortStream(settings as never, (cause) => {
      if (cause === null) return resolve(port);
      const hint = 'is the device plugged in, and may this user read and write it?';
      reject(new MaiboError('link-open', 'the serial port cannot be opened', { where: options.path, hint, cause }));
    });
  });
}

// A write on a port that hung up neither fails nor returns, and is sent after the next open: ask before every write.
function writeTo(port: Port, bytes: Uint8Array, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const lost = (cause?: unknown) =>
      reject(new MaiboError('link-lost', 'the serial line is closed', { where: path, cause }));
    if (!port.isOpen) return lost();
    const onClose = () => lost();
    port.once('close', onClose);
    port.write(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length), undefined, (cause) => {
      port.off('close', onClose);
      if (cause) lost(cause);
      else resolve();
    });
  });
}

function closePort(port: Port): Promise<void> {
  return new Promise((resolve) => {
    if (!port.isOpen) return resolve();
    const timer = setTimeout(resolve, CLOSE_DEADLINE_MS);
    port.close(() => {
      clearTimeout(timer);
      resolve();
    });
  });
}

interface BindingPort {
  read(buffer: Buffer, offset: number, length: number): Promise<{ buffer: Buffer; bytesRead: number }>;
}
type UnixRead = (options: {
  binding: BindingPort;
  buffer: Buffer;
  offset: number;
  length: number;
  fsReadAsync: typeof guardedRead;
}) => Promise<{ buffer: Buffer; bytesRead: number }>;

const readAsync = promisify(read);

async function guardedRead(...args: Parameters<typeof readAsync>): Promise<{ bytesRead: number; buffer: Buffer }> {
  const result = await readAsync(...args);
  if (result.bytesRead === 0) throw Object.assign(new Error('serial line hung up'), { code: 'ENXIO' });
  return result as { bytesRead: number; buffer: Buffer };
}

const binding = autoDetect();

/** The platform's binding; on Linux a read of 0 bytes is a hang-up instead of a reason to read again for ever. */
const guardedBinding = {
  list: () => binding.list(),
  async open(settings: Parameters<typeof binding.open>[0]) {
    const port = await binding.open(settings as never);
    if (process.platform !== 'linux') return port;
    const { unixRead } = createRequire(import.meta.url)('@serialport/bindings-cpp/dist/unix-read.js') as {
      unixRead: UnixRead;
    };
    const guarded = port as unknown as BindingPort;
    guarded.read = (buffer, offset, length) =>
      unixRead({ binding: guarded, buffer, offset, length, fsReadAsync: guardedRead });
    return port;
  },
};
