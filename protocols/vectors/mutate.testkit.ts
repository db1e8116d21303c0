// Small edits to good bytes, for tests that feed decoders with what is nearly right.

const EDITS_MAX = 4;

/** One to four edits: a byte or a bit set, a stretch cut out, doubled or exchanged, a length changed, or the end lost. */
export function mutate(original: Uint8Array, random: () => number): Uint8Array {
  let bytes = original;
  for (let edits = 1 + Math.floor(random() * EDITS_MAX); edits > 0; edits--) bytes = edit(bytes, random);
  return bytes;
}

function edit(original: Uint8Array, random: () => number): Uint8Array {
  const { length } = original;
  const at = Math.floor(random() * length);
  const end = Math.min(length, at + 1 + Math.floor(random() * 8));
  const kind = Math.floor(random() * 8);
  if (kind === 0) return join(original.subarray(0, at), original.subarray(end));
  if (kind === 1) return join(original.subarray(0, end), original.subarray(at));
  if (kind === 2) return original.slice(0, at);
  if (kind === 3) return join(original.subarray(at, end), original.subarray(0, at), original.subarray(end));
  const bytes = original.slice();
  if (length === 0) return Uint8Array.of(Math.floor(random() * 256));
  if (kind === 4) bytes[at]! ^= 1 << Math.floor(random() * 8);
  else if (kind === 5) bytes[at] = Math.floor(random() * 256);
  // Lengths and counts stand in the low bits of a head.
  else bytes[at] = (bytes[at]! & 0xe0) | Math.floor(random() * 32);
  return bytes;
}

function join(...parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
