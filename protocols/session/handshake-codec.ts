// The messages before a session is ready <-> bytes. hello, hello-ok, noise and failure travel in clear; sas and confirm are sealed.

import type { CborLimits } from '../cbor/cbor-value.ts';
import { readHandshake, writeHandshake } from '../generated/codec.gen.ts';
import type { Handshake as HandshakeMessage } from '../generated/types.gen.ts';
import { schemaCodec } from '../message/schema-codec.ts';
import type { Decoded } from '../wire-fault.ts';
import { CLEAR_BYTES_MAX } from './session-types.ts';

export type { Handshake as HandshakeMessage } from '../generated/types.gen.ts';

export const NONCE_BYTES = 8;
export const HINT_BYTES = 8;
/** No more items than bytes: what the schema allows, eight versions, many capabilities and extensions, must pass. */
const LIMITS: CborLimits = { bytesMax: CLEAR_BYTES_MAX, itemsMax: CLEAR_BYTES_MAX, depthMax: 2 };

const codec = schemaCodec<HandshakeMessage>('handshake', LIMITS, readHandshake, writeHandshake);

/** Throws TypeError on a message the schema does not allow. */
export function encodeHandshakeMessage(message: HandshakeMessage): Uint8Array {
  return codec.encode(message);
}

/** Never throws. */
export function decodeHandshakeMessage(bytes: Uint8Array): Decoded<HandshakeMessage> {
  return codec.decode(bytes);
}
