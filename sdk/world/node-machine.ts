// This machine, as `maibo doctor` looks at it: files, programs and the bus, each look with an end of its own.
import { execFile } from 'node:child_process';
import {
  accessSync,
  closeSync,
  constants,
  fsyncSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  type Stats,
  statfsSync,
  statSync,
  writeSync,
} from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { MaiboError } from '../errors.ts';
import type { FileFacts, Machine, Ran, StoreFacts } from './machine.ts';
import { askBluez } from './node-bluez-facts.ts';
import { openStoreFile } from './node-store.ts';

const PROGRAM_MS = 5_000;
const OUTPUT_BYTES_MAX = 256 * 1024;
const TEXT_BYTES_MAX = 1024 * 1024;
const DURABLE_WRITES = 5;
const WRITE_BYTES = 4_096;

export const nodeMachine: Machine = {
  platform: process.platform,
  nodeVersion: process.versions.node,
  get userName() {
    return seen(() => userInfo().username) ?? '$USER';
  },
  get nowUtcMs() {
    return Date.now();
  },
  readText,
  readBytes: (path, bytesMax) =>
    seen(() => (statSync(path).size > bytesMax ? null : new Uint8Array(readFileSync(path)))),
  list: (folder) => seen(() => readdirSync(folder)),
  facts,
  run,
  bluez: askBluez,
  freeBytes: (folder) =>
    seen(() => {
      const { bavail, bsize } = statfsSync(folder);
      return bavail * bsize;
    }),
  durableWritesMs: (folder) => seen(() => timeDurableWrites(folder)),
  store,
};

/** What the system refuses is not seen. */
function seen<T>(look: () => T): T | null {
  try {
    return look();
  } catch (failure) {
    if ((failure as NodeJS.ErrnoException).syscall === undefined) throw failure;
    return null;
  }
}

function readText(path: string): string | null {
  return seen(() => {
    const { size } = statSync(path);
    return size > TEXT_BYTES_MAX ? null : readFileSync(path, 'utf8');
  });
}

function facts(path: string): FileFacts | null {
  return seen(() => {
    const stats = statSync(path);
    const isUsable = seen(() => accessSync(path, constants.R_OK | constants.W_OK) ?? true) ?? false;
    return { kind: kindOf(stats), mode: stats.mode & 0o7777, group: groupName(stats.gid), isUsable };
  });
}

function kindOf(stats: Stats): FileFacts['kind'] {
  if (stats.isDirectory()) return 'folder';
  if (stats.isFile()) return 'file';
  return stats.isCharacterDevice() ? 'device' : 'other';
}

function groupName(gid: number): string {
  const line = (readText('/etc/group') ?? '').split('\n').find((entry) => entry.split(':')[2] === String(gid));
  return line?.split(':')[0] ?? String(gid);
}

/** Never through a shell. */
function run(program: string, ...args: readonly string[]): Promise<Ran | null> {
  const env = { ...process.env, LC_ALL: 'C' };
  const options = { timeout: PROGRAM_MS, killSignal: 'SIGKILL', maxBuffer: OUTPUT_BYTES_MAX, env } as const;
  return new Promise((resolve) => {
    execFile(program, [...args], options, (failure, stdout, stderr) => {
      const code = failure === null ? 0 : failure.code;
      if (typeof code === 'string') return resolve(null); // ENOENT: there is no such program
      resolve({ code: code ?? null, text: `${stdout}${stderr}` });
    });
  });
}

/** As a commit does it: write, then wait for the disk. */
function timeDurableWrites(folder: string): number[] {
  const path = join(folder, `.maibo-doctor-${process.pid}`);
  const file = openSync(path, 'wx', 0o600);
  try {
    const bytes = Buffer.alloc(WRITE_BYTES, 1);
    return Array.from({ length: DURABLE_WRITES }, () => {
      const startMs = performance.now();
      writeSync(file, bytes);
      fsyncSync(file);
      return performance.now() - startMs;
    });
  } finally {
    closeSync(file);
    rmSync(path, { force: true });
  }
}

function store(path: string): StoreFacts | null {
  const changes = [path, `${path}-wal`].map((file) => seen(() => statSync(file).mtimeMs));
  if (changes[0] === null) return null;
  const changedUtcMs = Math.max(...changes.map((changed) => changed ?? 0));
  try {
    const file = openStoreFile(path, { readOnly: true });
    try {
      return { failure: null, detail: '', streamCount: file.store.streams().length, changedUtcMs };
    } finally {
      file.close();
    }
  } catch (failure) {
    if (!(failure instanceof MaiboError)) throw failure;
    // A store that was made and holds nothing yet is a good one.
    const isEmpty = failure.code === 'input-empty';
    return { failure: isEmpty ? null : failure.code, detail: failure.message, streamCount: 0, changedUtcMs };
  }
}
