// UTF-8 validity (RFC 3629: no overlong forms, no surrogates, nothing above U+10FFFF) without building the string.

/** Offset of the first byte that is not valid UTF-8 in bytes[from..to), or -1. */
export function utf8FaultAt(bytes: Uint8Array, from: number, to: number): number {
  let at = from;
  while (at < to) {
    if (bytes[at]! < 0x80) {
      at++;
      continue;
    }
    const size = sequenceSize(bytes, at, to);
    if (size === 0) return at;
    at += size;
  }
  return -1;
}

/** Bytes of the multi-byte sequence at `at`, or 0 when it is not one. */
function sequenceSize(bytes: Uint8Array, at: number, to: number): number {
  const lead = bytes[at]!;
  const size = lead < 0xc2 ? 0 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : lead < 0xf5 ? 4 : 0;
  if (size === 0 || at + size > to) return 0;
  const second = bytes[at + 1]!;
  // The second byte carries the rules the lead byte cannot: overlong (e0, f0), surrogates (ed), the ceiling (f4).
  const low = lead === 0xe0 ? 0xa0 : lead === 0xf0 ? 0x90 : 0x80;
  const high = lead === 0xed ? 0x9f : lead === 0xf4 ? 0x8f : 0xbf;
  if (second < low || second > high) return 0;
  for (let index = 2; index < size; index++) if ((bytes[at + index]! & 0xc0) !== 0x80) return 0;
  return size;
}

/** True when the string has no lone surrogate, that is, when it has a UTF-8 encoding at all. */
export function isWellFormed(text: string): boolean {
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    if (unit < 0xd800 || unit > 0xdfff) continue;
    const next = text.charCodeAt(index + 1);
    if (unit > 0xdbff || !(next >= 0xdc00 && next <= 0xdfff)) return false;
    index++;
  }
  return true;
}

/**
 * RFC 3629 6 asks protocols that are always UTF-8 to forbid U+FEFF in front. Here it would also make two byte strings
 * decode to one value: without its native addon cbor-x drops the mark from texts of 64 bytes or more.
 */
export function startsWithMark(bytes: Uint8Array, from: number, to: number): boolean {
  return to - from >= 3 && bytes[from] === 0xef && bytes[from + 1] === 0xbb && bytes[from + 2] === 0xbf;
}
