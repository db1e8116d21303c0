// Both suites, for tests that must hold whoever provides the primitives.

import { chacha20poly1305 } from '@noble/ciphers/chacha.js';
import { x25519 } from '@noble/curves/ed25519.js';
import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import type { CryptoSuite } from './crypto-suite.ts';
import { makeNobleSuite } from './noble-suite.ts';
import { nodeSuite } from './node-suite.ts';

export const nobleSuite = makeNobleSuite({
  x25519,
  chacha20poly1305,
  sha256,
  hmacSha256: (key, bytes) => hmac(sha256, key, bytes),
});
export const SUITES: readonly (readonly [string, CryptoSuite])[] = [
  ['node', nodeSuite],
  ['noble', nobleSuite],
];

/** RFC 7748 6.1 and the points of small order (all that give an all-zero result), as listed by D. J. Bernstein's ECDH page. */
export const LOW_ORDER: readonly string[] = [
  '0000000000000000000000000000000000000000000000000000000000000000',
  '0100000000000000000000000000000000000000000000000000000000000000',
  'e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800',
  '5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157',
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
];
