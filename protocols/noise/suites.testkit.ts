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
