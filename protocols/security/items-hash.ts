// The hash that binds a segment's items to its signed header.

import { createHash } from 'node:crypto';

/**
 * SHA-256 over each item's length (uint32 little endian) and bytes. The lengths make the cut between two items part of
 * the hash: ["ab","c"] and ["a","bc"] differ.
 */
export function itemsHash(items: readonly Uint8Array[]): Uint8Array {
  const hash = createHash('sha256');
  const size = new DataView(new ArrayBuffer(4));
  for (const item of items) {
    size.setUint32(0, item.length, true);
    hash.update(new Uint8Array(size.buffer)).update(item);
  }
  return new Uint8Array(hash.digest());
}

export function sha256(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(createHash('sha256').update(bytes).digest());
}
