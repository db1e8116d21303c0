// How devices are named: a lasting id for records and stores, and a hint on the air that tells strangers nothing.

import { type CryptoSuite, concatBytes } from '../noise/crypto-suite.ts';
import { HINT_BYTES } from './handshake-codec.ts';

const DEVICE_ID_BYTES = 16;
const HINT_LABEL = new TextEncoder().encode('maibo hint');

/** The first 16 bytes of the SHA-256 of the device's static public key. Never sent in clear. */
export function deviceIdOf(suite: CryptoSuite, devicePublicKey: Uint8Array): Uint8Array {
  return suite.sha256(devicePublicKey).slice(0, DEVICE_ID_BYTES);
}

/**
 * What a device says in hello-ok: who knows its public key recognises it, everybody else sees eight random bytes that never come
 * again, because host nonce and device salt are fresh each time.
 */
export function hintOf(
  suite: CryptoSuite,
  devicePublicKey: Uint8Array,
  nonce: Uint8Array,
  salt: Uint8Array,
): Uint8Array {
  return suite.hmacSha256(devicePublicKey, concatBytes(HINT_LABEL, nonce, salt)).slice(0, HINT_BYTES);
}
