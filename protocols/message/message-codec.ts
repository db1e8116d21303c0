// Message <-> the bytes of one frame payload (SPEC.md, "Messages").

import { MESSAGE_LIMITS } from '../cbor/cbor-value.ts';
import { readMessage, writeMessage } from '../generated/codec.gen.ts';
import type { Message } from '../generated/types.gen.ts';
import type { Decoded } from '../wire-fault.ts';
import { schemaCodec } from './schema-codec.ts';

const codec = schemaCodec<Message>('message', MESSAGE_LIMITS, readMessage, writeMessage);

/** At most 16,383 bytes. Throws TypeError on a message the schema does not allow. */
export function encodeMessage(message: Message): Uint8Array {
  return codec.encode(message);
}

/**
 * Never throws. A number or a critical extension this version does not know is `unknown-number`: answer it with failure 2. Other extensions
 * are passed over and are not in the value: encoded again it is the message of this version, not the bytes that came.
 */
export function decodeMessage(bytes: Uint8Array): Decoded<Message> {
  return codec.decode(bytes);
}
