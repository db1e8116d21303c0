// The order of map keys on the wire: bytewise by their encodings (RFC 8949 4.2.1). For our keys that means
// integers 0,1,2.. then -1,-2,.. then texts, shorter first, equal lengths by their UTF-8 bytes.

import { BareObject } from './bare-object.ts';
import type { CborMap, CborObject, CborValue } from './cbor-value.ts';

type Key = number | string;

/** Entries of a plain object or Map in wire order. Throws on other objects and on keys that are no key. */
export function sortedEntries(value: CborObject | CborMap): [Key, CborValue][] {
  const entries: [Key, CborValue][] = value instanceof Map ? [...value] : plainEntries(value as CborObject);
  for (const [key] of entries) {
    if (typeof key !== 'string' && !Number.isSafeInteger(key)) throw new TypeError(`CBOR map key ${String(key)}`);
  }
  return entries.sort((a, b) => compareKeys(a[0], b[0]));
}

function plainEntries(value: CborObject): [Key, CborValue][] {
  const prototype = Object.getPrototypeOf(value);
  // A Date or a class instance here is a mistake; its fields must not slip onto the wire.
  if (prototype !== null && prototype !== Object.prototype && prototype !== BareObject.prototype) {
    throw new TypeError(`CBOR cannot carry ${prototype?.constructor?.name ?? 'this object'}`);
  }
  return Object.entries(value);
}

export function compareKeys(a: Key, b: Key): number {
  if (typeof a === 'number' && typeof b === 'number') return a < 0 === b < 0 ? Math.abs(a) - Math.abs(b) : b - a;
  if (typeof a === 'number') return -1;
  if (typeof b === 'number') return 1;
  return compareTexts(a, b);
}

function compareTexts(a: string, b: string): number {
  if (isAscii(a) && isAscii(b)) return a.length - b.length || (a < b ? -1 : a > b ? 1 : 0);
  const left = utf8.encode(a);
  const right = utf8.encode(b);
  if (left.length !== right.length) return left.length - right.length;
  for (let index = 0; index < left.length; index++) {
    if (left[index] !== right[index]) return left[index]! - right[index]!;
  }
  return 0;
}

const utf8 = new TextEncoder();

function isAscii(text: string): boolean {
  for (let index = 0; index < text.length; index++) if (text.charCodeAt(index) > 0x7f) return false;
  return true;
}
