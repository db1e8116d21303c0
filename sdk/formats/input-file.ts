// Bytes of an input file in chunks. The size is taken once, when the recording is opened: what is appended later is not
// read (so that every channel ends at the same sample), and a file that became shorter is an error with its byte.

import { type FileHandle, open, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { MaiboError } from '../errors.ts';
import { CHUNK_BYTES } from './limits.ts';

export interface InputFile {
  readonly path: string;
  /** The name without its folders, for messages. */
  readonly label: string;
  readonly sizeBytes: number;
}

export async function findInputFile(path: string): Promise<InputFile> {
  const label = basename(path);
  if (path.includes('\0')) throw new MaiboError('input-missing', 'a file name cannot hold a zero byte');
  const found = await stat(path).catch((thrown) => {
    throw inputError(thrown, label);
  });
  if (found.isDirectory()) {
    throw new MaiboError('input-format', 'this is a folder; a file was expected', { where: label });
  }
  if (!found.isFile()) {
    throw new MaiboError('input-format', 'this is a pipe or device; a regular file was expected', { where: label });
  }
  return { path, label, sizeBytes: found.size };
}

export async function inputFileExists(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isFile(),
    () => false,
  );
}

export interface ChunkRange {
  readonly fromByte?: number;
  readonly byteCount?: number;
  readonly chunkBytes?: number;
}

/** Consecutive chunks of `chunkBytes`, the last one shorter. A chunk is valid until the next one is asked for. */
export async function* readChunks(file: InputFile, range: ChunkRange = {}): AsyncGenerator<Uint8Array> {
  let position = range.fromByte ?? 0;
  const end = position + (range.byteCount ?? file.sizeBytes - position);
  if (position >= end) return;
  const buffer = new Uint8Array(Math.min(range.chunkBytes ?? CHUNK_BYTES, end - position));
  const handle = await openHandle(file);
  try {
    while (position < end) {
      const size = Math.min(buffer.length, end - position);
      await readFully(handle, file, buffer, size, position);
      position += size;
      yield buffer.subarray(0, size);
    }
  } finally {
    await handle.close();
  }
}

/** The first bytes of a file, fewer when it is shorter. */
export async function readHead(file: InputFile, byteCount: number): Promise<Uint8Array> {
  const size = Math.min(byteCount, file.sizeBytes);
  for await (const chunk of readChunks(file, { byteCount: size, chunkBytes: byteCount })) return chunk.slice();
  return new Uint8Array(0);
}

export function isGzip(head: Uint8Array): boolean {
  return head[0] === 0x1f && head[1] === 0x8b;
}

/** As `readChunks`, but inflated. Memory stays at a few chunks whatever the ratio. */
export async function* readInflated(file: InputFile): AsyncGenerator<Uint8Array> {
  const gunzip = createGunzip({ chunkSize: CHUNK_BYTES });
  // The chunks are copied: the stream keeps them while the reader's buffer is filled again.
  pipeline(copyChunks(file), gunzip, () => {});
  try {
    for await (const chunk of gunzip) yield chunk as Uint8Array;
  } catch (thrown) {
    throw inputError(thrown, file.label);
  } finally {
    gunzip.destroy();
  }
}

/** What a file system or zlib call threw, in our words. */
export function inputError(thrown: unknown, label: string): MaiboError {
  if (thrown instanceof MaiboError) return thrown;
  const code = (thrown as NodeJS.ErrnoException | null)?.code ?? '';
  const details = { where: label, cause: thrown };
  if (code === 'Z_BUF_ERROR') return new MaiboError('input-format', 'the gzip data ends too early', details);
  if (code.startsWith('Z_')) return new MaiboError('input-format', 'the gzip data is damaged', details);
  if (code === 'EISDIR') return new MaiboError('input-format', 'this is a folder; a file was expected', details);
  if (code === 'ENOENT' || code === 'ENOTDIR') return new MaiboError('input-missing', 'no such file', details);
  if (code === 'EACCES' || code === 'EPERM') {
    return new MaiboError('input-missing', 'the file may not be read by this user', details);
  }
  return new MaiboError('input-missing', `the file cannot be read (${code || String(thrown)})`, details);
}

async function* copyChunks(file: InputFile): AsyncGenerator<Uint8Array> {
  for await (const chunk of readChunks(file)) yield chunk.slice();
}

async function openHandle(file: InputFile): Promise<FileHandle> {
  return open(file.path, 'r').catch((thrown) => {
    throw inputError(thrown, file.label);
  });
}

async function readFully(handle: FileHandle, file: InputFile, into: Uint8Array, size: number, position: number) {
  let taken = 0;
  while (taken < size) {
    const { bytesRead } = await handle.read(into, taken, size - taken, position + taken).catch((thrown) => {
      throw inputError(thrown, file.label);
    });
    if (bytesRead === 0) throw shrunk(file, position + taken);
    taken += bytesRead;
  }
}

function shrunk(file: InputFile, atByte: number): MaiboError {
  return new MaiboError('input-format', `the file became shorter while it was read (${file.sizeBytes} bytes before)`, {
    where: `${file.label}, byte ${atByte}`,
  });
}
