// One entry of a device's log <-> its bytes. The bytes are what is chained, stored and proved; nobody encodes them again.
import type { CborLimits } from '../cbor/cbor-value.ts';
import { readItem, writeItem } from '../generated/codec.gen.ts';
import type { Item } from '../generated/types.gen.ts';
import { schemaCodec } from '../message/schema-codec.ts';
import type { Decoded } from '../wire-fault.ts';

export const ITEM_BYTES_MAX = 4_352;
export const ITEM_LIMITS: CborLimits = { bytesMax: ITEM_BYTES_MAX, itemsMax: 16, depthMax: 2 };

const codec = schemaCodec<Item>('item', ITEM_LIMITS, readItem, writeItem);

/** Throws TypeError on an item the schema does not allow. */
export function encodeItem(item: Item): Uint8Array {
  return codec.encode(item);
}

/** Never throws. */
export function decodeItem(bytes: Uint8Array): Decoded<Item> {
  return codec.decode(bytes);
}
