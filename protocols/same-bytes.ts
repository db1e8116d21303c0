// Equality of bytes, for names and hashes. Not for secrets: it stops at the first difference.

export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, index) => byte === b[index]);
}
