// The suite on node:crypto: what gateways, the simulator and tests run on.

import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createHmac,
  createPrivateKey,
  createPublicKey,
  diffieHellman,
  type KeyObject,
  timingSafeEqual,
} from 'node:crypto';
import { assertBytes, type CryptoSuite, KEY_BYTES, type KeyPair, NONCE_BYTES, TAG_BYTES } from './crypto-suite.ts';

const AEAD = 'chacha20-poly1305';
const AEAD_OPTIONS = { authTagLength: TAG_BYTES } as const;

export const nodeSuite: CryptoSuite = { name: 'node', keyPair, dh, seal, open, sha256, hmacSha256, isEqual };

/** Parsed secret keys live as long as their pair. */
const secretKeys = new WeakMap<KeyPair, KeyObject>();

function keyPair(secretKey: Uint8Array): KeyPair {
  assertBytes('secret key', secretKey, KEY_BYTES);
  const privateObject = privateKeyObject(secretKey);
  const { x } = privateObject.export({ format: 'jwk' });
  const pair = { publicKey: new Uint8Array(Buffer.from(x as string, 'base64url')), secretKey: secretKey.slice() };
  secretKeys.set(pair, privateObject);
  return pair;
}

function dh(own: KeyPair, publicKey: Uint8Array): Uint8Array | null {
  assertBytes('public key', publicKey, KEY_BYTES);
  const privateKey = secretKeys.get(own) ?? privateKeyObject(own.secretKey);
  try {
    return new Uint8Array(diffieHellman({ privateKey, publicKey: publicKeyObject(publicKey) }));
  } catch {
    return null; // the one way X25519 fails: OpenSSL refuses an all-zero result
  }
}

function seal(key: Uint8Array, nonce: Uint8Array, additional: Uint8Array, plain: Uint8Array): Uint8Array {
  assertBytes('nonce', nonce, NONCE_BYTES);
  const cipher = createCipheriv(AEAD, key, nonce, AEAD_OPTIONS);
  cipher.setAAD(additional, { plaintextLength: plain.length });
  const sealed = new Uint8Array(plain.length + TAG_BYTES);
  sealed.set(cipher.update(plain), 0);
  cipher.final(); // a stream cipher: nothing is left over
  sealed.set(cipher.getAuthTag(), plain.length);
  return sealed;
}

function open(key: Uint8Array, nonce: Uint8Array, additional: Uint8Array, sealed: Uint8Array): Uint8Array | null {
  assertBytes('nonce', nonce, NONCE_BYTES);
  const plainBytes = sealed.length - TAG_BYTES;
  if (plainBytes < 0) return null;
  const decipher = createDecipheriv(AEAD, key, nonce, AEAD_OPTIONS);
  decipher.setAAD(additional, { plaintextLength: plainBytes });
  decipher.setAuthTag(sealed.subarray(plainBytes));
  const plain = decipher.update(sealed.subarray(0, plainBytes));
  try {
    decipher.final();
  } catch {
    return null;
  }
  return new Uint8Array(plain);
}

function sha256(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(createHash('sha256').update(bytes).digest());
}

function hmacSha256(key: Uint8Array, bytes: Uint8Array): Uint8Array {
  return new Uint8Array(createHmac('sha256', key).update(bytes).digest());
}

function isEqual(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && timingSafeEqual(one, other);
}

/** One handshake uses a public key up to three times, a gateway knows tens; the bound keeps made-up keys from growing the cache. */
const KEY_CACHE_MAX = 64;
const publicKeys = new Map<string, KeyObject>();

function publicKeyObject(publicKey: Uint8Array): KeyObject {
  const x = toBase64url(publicKey);
  const known = publicKeys.get(x);
  if (known) return known;
  const made = createPublicKey({ key: { ...X25519, x }, format: 'jwk' });
  if (publicKeys.size >= KEY_CACHE_MAX) publicKeys.clear();
  publicKeys.set(x, made);
  return made;
}

// Keys go in and out as JWK (RFC 8037): OpenSSL 3.0 takes 0.6 ms to find out what a PKCS #8 key is, and 0.06 ms for this.
const X25519 = { kty: 'OKP', crv: 'X25519' } as const;
/** The JWK of a secret key must name a public one; Node works out its own from `d`. */
const ANY_PUBLIC = toBase64url(new Uint8Array(KEY_BYTES));

function privateKeyObject(secretKey: Uint8Array): KeyObject {
  return createPrivateKey({ key: { ...X25519, x: ANY_PUBLIC, d: toBase64url(secretKey) }, format: 'jwk' });
}

function toBase64url(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64url');
}
