// Edits that know nothing of the bytes: what radios, disks and careless programs do to them.

import type { Random } from './random.ts';

const STRETCH_MAX = 16;

export function editBytes(original: Uint8Array, random: Random, other: Uint8Array): Uint8Array {
  const { length } = original;
  const at = random.below(length + 1);
  const end = Math.min(length, at + 1 + random.below(STRETCH_MAX));
  switch (random.below(8)) {
    case 0:
      return original.slice(0, at);
    case 1:
      return joined(original.subarray(0, at), original.subarray(end));
    case 2:
      return joined(original.subarray(0, end), original.subarray(at));
    case 3:
      return joined(original.subarray(0, at), other.subarray(random.below(other.length + 1)));
    case 4:
      return joined(original.subarray(0, at), random.bytes(1 + random.below(4)), original.subarray(at));
    default:
      return withByte(original, at, random);
  }
}

function withByte(original: Uint8Array, at: number, random: Random): Uint8Array {
  const bytes = original.slice();
  if (at >= bytes.length) return bytes;
  const kind = random.below(3);
  if (kind === 0) bytes[at]! ^= 1 << random.below(8);
  else bytes[at] = kind === 1 ? random.below(256) : random.pick(EDGES);
  return bytes;
}

/** Where counts, signs and heads of CBOR change their meaning. */
const EDGES = [
  0, 1, 0x17, 0x18, 0x1b, 0x1f, 0x3b, 0x40, 0x5f, 0x7f, 0x80, 0x9f, 0xbf, 0xd8, 0xf4, 0xf6, 0xfb, 0xfe, 0xff,
];

export function joined(...parts: readonly Uint8Array[]): Uint8Array {
  let size = 0;
  for (const part of parts) size += part.length;
  const bytes = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
