// The primitives of Noise_*_25519_ChaChaPoly_SHA256, and nothing else. Everything above this interface is the same whoever provides
// them: node:crypto (node-suite.ts) or the noble libraries in a browser (noble-suite.ts).

export const KEY_BYTES = 32;
export const HASH_BYTES = 32;
export const TAG_BYTES = 16;
/** RFC 8439: the nonce of ChaCha20-Poly1305. */
export const NONCE_BYTES = 12;

/** An X25519 key pair. Made by a suite, used with that suite only. */
export interface KeyPair {
  readonly publicKey: Uint8Array;
  readonly secretKey: Uint8Array;
}

/** All calls are synchronous. Keys, nonces and hashes of the wrong length are our bug: TypeError. */
export interface CryptoSuite {
  readonly name: string;

  /** The X25519 key pair of 32 random bytes (RFC 7748 5; clamping happens in use). */
  keyPair(secretKey: Uint8Array): KeyPair;

  /** X25519. Null when the result is all zero: the other side sent a point of low order, and the secret would be known to all. */
  dh(own: KeyPair, publicKey: Uint8Array): Uint8Array | null;

  /** ChaCha20-Poly1305 (RFC 8439): ciphertext, then the 16-byte tag. */
  seal(key: Uint8Array, nonce: Uint8Array, additional: Uint8Array, plain: Uint8Array): Uint8Array;

  /** What was sealed; null when key, nonce, additional data or any byte differs. */
  open(key: Uint8Array, nonce: Uint8Array, additional: Uint8Array, sealed: Uint8Array): Uint8Array | null;

  sha256(bytes: Uint8Array): Uint8Array;
  hmacSha256(key: Uint8Array, bytes: Uint8Array): Uint8Array;

  /** In a time that depends on the lengths only. */
  isEqual(one: Uint8Array, other: Uint8Array): boolean;
}

export function assertBytes(what: string, bytes: Uint8Array, count: number): void {
  if (bytes.length !== count) throw new TypeError(`${what} of ${bytes.length} bytes, expected ${count}`);
}

export function concatBytes(...parts: readonly Uint8Array[]): Uint8Array {
  let size = 0;
  for (const part of parts) size += part.length;
  const whole = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
