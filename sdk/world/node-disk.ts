// Room on a disk, and what a store takes of it.
import { statfsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

export interface DiskRoom {
  /** What this user may still write. */
  readonly freeBytes: number;
  /** The store and its side files. */
  readonly storeBytes: number;
}

/** Null when the disk cannot be asked. */
export function readDiskRoom(storePath: string): DiskRoom | null {
  try {
    const { bavail, bsize } = statfsSync(dirname(storePath));
    const storeBytes = ['', '-wal', '-shm'].reduce((sum, side) => sum + sizeOf(storePath + side), 0);
    return { freeBytes: bavail * bsize, storeBytes };
  } catch {
    return null;
  }
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}
