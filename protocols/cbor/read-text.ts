// UTF-8 to string. Nearly all our text is a handful of ASCII letters, for which a call into TextDecoder costs more than the letters.

import { utf8FaultAt } from './utf8.ts';

/** Beyond this TextDecoder is quicker. */
const SHORT_BYTES_MAX = 64;
const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });

/** The text in bytes[from..to), or the offset of the first byte that is not valid UTF-8. */
export function readText(bytes: Uint8Array, from: number, to: number): string | number {
  let at = from;
  while (at < to && bytes[at]! < 0x80) at++;
  if (at === to && to - from <= SHORT_BYTES_MAX) return readAscii(bytes, from, to);
  const wrong = utf8FaultAt(bytes, at, to);
  return wrong < 0 ? utf8.decode(bytes.subarray(from, to)) : wrong;
}

function readAscii(bytes: Uint8Array, from: number, to: number): string {
  const { fromCharCode } = String;
  let text = '';
  let at = from;
  for (; at + 4 <= to; at += 4) text += fromCharCode(bytes[at]!, bytes[at + 1]!, bytes[at + 2]!, bytes[at + 3]!);
  for (; at < to; at++) text += fromCharCode(bytes[at]!);
  return text;
}

/** Names of members come again and again: the last of each kind is kept and only compared. A power of two. */
const NAMES_MAX = 256;
const NAME_BYTES_MAX = 32;
const names = new Array<string>(NAMES_MAX).fill('');

/** As `readText`, for the keys of maps. */
export function readName(bytes: Uint8Array, from: number, to: number): string | number {
  const size = to - from;
  if (size === 0 || size > NAME_BYTES_MAX) return readText(bytes, from, to);
  const slot = (bytes[from]! * 7 + bytes[from + (size >> 1)]! * 5 + bytes[to - 1]! * 3 + size * 31) & (NAMES_MAX - 1);
  const name = names[slot]!;
  if (isAt(name, bytes, from, size)) return name;
  const text = readText(bytes, from, to);
  // As many letters as bytes: all of them ASCII, so that letters and bytes can be compared.
  if (typeof text === 'string' && text.length === size) names[slot] = text;
  return text;
}

function isAt(name: string, bytes: Uint8Array, from: number, size: number): boolean {
  if (name.length !== size) return false;
  for (let index = 0; index < size; index++) if (name.charCodeAt(index) !== bytes[from + index]) return false;
  return true;
}
