// The strict deterministic profile: one value, one encoding (SPEC.md, "CBOR"). cbor-x writes, after `prepare` has settled what it would
// do differently; `StrictReader` reads. NOTES.md says why not cbor-x there too.

import { Encoder } from 'cbor-x';
import { type Decoded, decoded, refused } from '../wire-fault.ts';
import { CBOR_DEPTH_MAX, type CborLimits, type CborValue, MESSAGE_LIMITS } from './cbor-value.ts';
import { sortedEntries } from './key-order.ts';
import { StrictReader } from './strict-reader.ts';
import { isWellFormed } from './utf8.ts';

const engine = new Encoder({ useRecords: false, mapsAsObjects: false, variableMapSize: true, tagUint8Array: false });

/** The one encoding of `value`. Throws TypeError on anything outside the profile: that is our bug, not the peer's. */
export function encodeCbor(value: CborValue): Uint8Array {
  // A copy, because cbor-x returns a window into its own buffer.
  return new Uint8Array(engine.encode(prepare(value, 0)));
}

/** The value of `bytes`, which must be exactly one item of the profile within `limits`. */
export function decodeCbor(bytes: Uint8Array, limits: CborLimits = MESSAGE_LIMITS): Decoded<CborValue> {
  if (bytes.length > limits.bytesMax) {
    return refused('over-budget', 0, `${bytes.length} bytes, at most ${limits.bytesMax}`);
  }
  const reader = new StrictReader(bytes, limits);
  const value = reader.item(0);
  if (value !== undefined && reader.at < bytes.length) {
    reader.refuse('bad-shape', reader.at, `${bytes.length - reader.at} bytes after the end of the item`);
  }
  return reader.fault === null ? decoded(value as CborValue) : { ok: false, fault: reader.fault };
}

/** The same value in the words cbor-x writes deterministically: sorted Maps, BigInt where it would fall back to floats. */
function prepare(value: CborValue, depth: number): unknown {
  switch (typeof value) {
    case 'number':
      return prepareNumber(value);
    case 'string':
      if (!isWellFormed(value)) throw new TypeError('CBOR text with a lone surrogate');
      if (value.startsWith('\ufeff')) throw new TypeError('CBOR text that starts with a byte order mark');
      return value;
    case 'boolean':
      return value;
    case 'object':
      if (value === null || value instanceof Uint8Array) return value;
      return prepareContainer(value, depth + 1);
    default:
      throw new TypeError(`CBOR cannot carry ${typeof value}`);
  }
}

function prepareNumber(value: number): number | bigint {
  if (!Number.isFinite(value)) throw new TypeError(`CBOR cannot carry ${value}`);
  if (!Number.isSafeInteger(value)) return value;
  return value > 0xffff_ffff || value < -0x1_0000_0000 ? BigInt(value) : value;
}

function prepareContainer(
  value: Exclude<CborValue, null | boolean | number | string | Uint8Array>,
  depth: number,
): unknown {
  if (depth > CBOR_DEPTH_MAX) throw new TypeError(`CBOR deeper than ${CBOR_DEPTH_MAX}`);
  if (Array.isArray(value)) {
    const items = new Array<unknown>(value.length);
    for (let index = 0; index < value.length; index++) items[index] = prepare(value[index], depth);
    return items;
  }
  const map = new Map<unknown, unknown>();
  for (const [key, member] of sortedEntries(value as Exclude<typeof value, readonly CborValue[]>)) {
    map.set(prepare(key, depth), prepare(member, depth));
  }
  return map;
}
