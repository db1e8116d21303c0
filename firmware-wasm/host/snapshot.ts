// A snapshot is the instance's bytes behind a header that says whose they are. Bytes of another build are refused, however
// alike: an instance means something only to the module that wrote it.
//
//  0        4               8       40
//  | "MBSN" | instanceBytes | hash  | instance |
//  |  u32   |  u32          | 32 B  |          |   little-endian

import { CoreSnapshotError } from './core-errors.ts';
import type { CoreModule } from './core-module.ts';

const MARK = 0x4e53424d;
const HEADER_BYTES = 40;

/** Bytes of the snapshot of `instance`. */
export function sealSnapshot(module: CoreModule, instance: Uint8Array): Uint8Array {
  const snapshot = new Uint8Array(HEADER_BYTES + instance.length);
  const view = new DataView(snapshot.buffer);
  view.setUint32(0, MARK, true);
  view.setUint32(4, instance.length, true);
  for (let i = 0; i < 32; i++) snapshot[8 + i] = Number.parseInt(module.sha256.slice(2 * i, 2 * i + 2), 16);
  snapshot.set(instance, HEADER_BYTES);
  return snapshot;
}

/** The instance in `snapshot`, if it is one of `module` with `instanceBytes` bytes. */
export function openSnapshot(module: CoreModule, instanceBytes: number, snapshot: Uint8Array): Uint8Array {
  const view = new DataView(snapshot.buffer, snapshot.byteOffset, snapshot.byteLength);
  if (snapshot.length < HEADER_BYTES || view.getUint32(0, true) !== MARK) {
    throw new CoreSnapshotError('not-a-snapshot', `core ${module.name}: these bytes are not a snapshot`);
  }
  const hash = [...snapshot.subarray(8, HEADER_BYTES)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  if (hash !== module.sha256) {
    throw new CoreSnapshotError('other-core', `core ${module.name}: the snapshot is of a core with the hash ${hash}`);
  }
  if (view.getUint32(4, true) !== instanceBytes || snapshot.length !== HEADER_BYTES + instanceBytes) {
    throw new CoreSnapshotError('other-size', `core ${module.name}: the snapshot is of an instance of another size`);
  }
  return snapshot.subarray(HEADER_BYTES);
}
