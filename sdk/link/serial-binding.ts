// The platform's serial binding; on Linux with its faults cured: a hung-up tty reads 0 bytes for ever, and bindings-cpp 13 reads on for
// ever; and see serial-watch.ts.
import { read } from 'node:fs';
import { createRequire } from 'node:module';
import { promisify } from 'node:util';
import { autoDetect, type LinuxPortBinding, type SetOptions } from '@serialport/bindings-cpp';
import { watchLine } from './serial-watch.ts';

export interface PortSettings {
  readonly path: string;
  readonly baudRate: number;
  readonly lock: boolean;
  readonly hupcl: boolean;
}

/** An open port, as @serialport/stream wants it. */
export interface OpenPort {
  readonly isOpen: boolean;
  read(buffer: Buffer, offset: number, length: number): Promise<{ buffer: Buffer; bytesRead: number }>;
  write(buffer: Buffer): Promise<void>;
  set(lines: SetOptions): Promise<void>;
  drain(): Promise<void>;
  flush(): Promise<void>;
  close(): Promise<void>;
}

export interface SerialBinding {
  open(settings: PortSettings): Promise<OpenPort>;
}

/** For one opening of one port: `onHangUp` is called at most once. */
export type SerialBindingFor = (onHangUp: (cause: unknown) => void) => SerialBinding;

export const systemSerialBinding: SerialBindingFor = (onHangUp) => ({
  async open(settings) {
    const port = await autoDetect().open({ ...settings });
    if (process.platform !== 'linux') return port;
    const linuxPort = port as LinuxPortBinding;
    watchLine(linuxPort.poller, onHangUp);
    const unixRead = loadUnixRead();
    linuxPort.read = (buffer, offset, length) =>
      unixRead({ binding: linuxPort, buffer, offset, length, fsReadAsync: guardedRead });
    return linuxPort;
  },
});

type Reading = { bytesRead: number; buffer: Buffer };
type FsRead = (fd: number, buffer: Buffer, offset: number, length: number, position: null) => Promise<Reading>;
type UnixRead = (options: {
  binding: LinuxPortBinding;
  buffer: Buffer;
  offset: number;
  length: number;
  fsReadAsync: FsRead;
}) => Promise<Reading>;

/** The package's own read, which takes the system call as an argument. It is not at its door. */
export function loadUnixRead(): UnixRead {
  return createRequire(import.meta.url)('@serialport/bindings-cpp/dist/unix-read.js').unixRead as UnixRead;
}

const readAsync = promisify(read) as FsRead;

/** A tty that is there never reads 0 bytes (VMIN is 1). ENXIO is what the package takes for an unplugged device. */
export const guardedRead: FsRead = async (...args) => {
  const result = await readAsync(...args);
  if (result.bytesRead === 0) throw Object.assign(new Error('serial line hung up'), { code: 'ENXIO' });
  return result;
};
