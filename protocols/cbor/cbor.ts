// The strict deterministic profile over cbor-x: one value, one encoding (SPEC.md, "CBOR").
// cbor-x does the byte work; what it would do differently is settled before (encode) or refused before (decode).

import { Encoder } from 'cbor-x';
import { type Decoded, decoded } from '../wire-fault.ts';
import { CBOR_DEPTH_MAX, type CborLimits, type CborValue, MESSAGE_LIMITS } from './cbor-value.ts';
import { sortedEntries } from './key-order.ts';
import { scan } from './scan.ts';
import { isWellFormed } from './utf8.ts';

// int64AsNumber: the scan lets only safe integers through, so Number is exact, with and without the native addon.
// copyBuffers: a byte string must not keep, or change with, the receive buffer.
const OPTIONS = {
  useRecords: false,
  mapsAsObjects: false,
  variableMapSize: true,
  tagUint8Array: false,
  copyBuffers: true,
  int64AsNumber: true,
} as const;
const engine = new Encoder(OPTIONS);

/** The one encoding of `value`. Throws TypeError on anything outside the profile: that is our bug, not the peer's. */
export function encodeCbor(value: CborValue): Uint8Array {
  // A copy, because cbor-x returns a window into its own buffer.
  return new Uint8Array(engine.encode(prepare(value, 0)));
}

/** The value of `bytes`, which must be exactly one item of the profile within `limits`. */
export function decodeCbor(bytes: Uint8Array, limits: CborLimits = MESSAGE_LIMITS): Decoded<CborValue> {
  const fault = scan(bytes, limits);
  if (fault) return { ok: false, fault };
  // A plain view: cbor-x pins a DataView on its input and copies byte strings as the class of its input (Buffer).
  return decoded(restore(engine.decode(new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength))));
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

/** cbor-x gives every map as a Map; maps with text keys only become objects without a prototype. */
function restore(value: unknown): CborValue {
  if (Array.isArray(value)) {
    for (let index = 0; index < value.length; index++) value[index] = restore(value[index]);
    return value;
  }
  if (!(value instanceof Map)) return value as CborValue;
  let isText = true;
  for (const [key, member] of value) {
    value.set(key, restore(member));
    if (typeof key !== 'string') isText = false;
  }
  if (!isText) return value;
  const object: Record<string, CborValue> = Object.create(null);
  for (const [key, member] of value) object[key] = member;
  return object;
}
