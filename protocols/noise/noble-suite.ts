// The suite for places without node:crypto (a browser). The caller hands in the functions of @noble/curves, @noble/ciphers and
// @noble/hashes (2.x), so that nobody who runs on Node needs them installed:
//
//   import { x25519 } from '@noble/curves/ed25519.js';
//   import { chacha20poly1305 } from '@noble/ciphers/chacha.js';
//   import { sha256 } from '@noble/hashes/sha2.js';
//   import { hmac } from '@noble/hashes/hmac.js';
//   const hmacSha256 = (key, bytes) => hmac(sha256, key, bytes);
//   const suite = makeNobleSuite({ x25519, chacha20poly1305, sha256, hmacSha256 });

import { assertBytes, type CryptoSuite, KEY_BYTES, type KeyPair, NONCE_BYTES, TAG_BYTES } from './crypto-suite.ts';

/** The functions as the noble libraries export them; `hmacSha256` is `hmac` with `sha256` filled in. */
export interface NobleFunctions {
  readonly x25519: {
    getPublicKey(secretKey: Uint8Array): Uint8Array;
    getSharedSecret(secretKey: Uint8Array, publicKey: Uint8Array): Uint8Array;
  };
  chacha20poly1305(
    key: Uint8Array,
    nonce: Uint8Array,
    additional: Uint8Array,
  ): { encrypt(plain: Uint8Array): Uint8Array; decrypt(sealed: Uint8Array): Uint8Array };
  sha256(bytes: Uint8Array): Uint8Array;
  hmacSha256(key: Uint8Array, bytes: Uint8Array): Uint8Array;
}

export function makeNobleSuite(noble: NobleFunctions): CryptoSuite {
  return {
    name: 'noble',
    keyPair: (secretKey) => {
      assertBytes('secret key', secretKey, KEY_BYTES);
      return { publicKey: noble.x25519.getPublicKey(secretKey), secretKey: secretKey.slice() };
    },
    dh: (own: KeyPair, publicKey) => {
      assertBytes('public key', publicKey, KEY_BYTES);
      // noble refuses an all-zero result, and nothing else of this length, by throwing.
      return nullIfThrown(() => noble.x25519.getSharedSecret(own.secretKey, publicKey));
    },
    seal: (key, nonce, additional, plain) => {
      assertBytes('nonce', nonce, NONCE_BYTES);
      return noble.chacha20poly1305(key, nonce, additional).encrypt(plain);
    },
    open: (key, nonce, additional, sealed) => {
      assertBytes('nonce', nonce, NONCE_BYTES);
      if (sealed.length < TAG_BYTES) return null;
      const cipher = noble.chacha20poly1305(key, nonce, additional);
      return nullIfThrown(() => cipher.decrypt(sealed));
    },
    sha256: (bytes) => noble.sha256(bytes),
    hmacSha256: (key, bytes) => noble.hmacSha256(key, bytes),
    isEqual,
  };
}

function nullIfThrown(make: () => Uint8Array): Uint8Array | null {
  try {
    return make();
  } catch {
    return null;
  }
}

function isEqual(one: Uint8Array, other: Uint8Array): boolean {
  if (one.length !== other.length) return false;
  let difference = 0;
  for (let index = 0; index < one.length; index++) difference |= (one[index] as number) ^ (other[index] as number);
  return difference === 0;
}
