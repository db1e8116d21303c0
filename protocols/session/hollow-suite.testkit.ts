// A suite without cryptography, some hundred times faster: for fuzzing what stands around the primitives. Nothing in it is secret or
// hard; it only tells equal from different inputs.

import type { CryptoSuite, KeyPair } from '../noise/crypto-suite.ts';

export const hollowSuite: CryptoSuite = {
  name: 'hollow',
  keyPair: (secretKey) => ({ publicKey: secretKey.slice(), secretKey: secretKey.slice() }),
  dh: (own: KeyPair, publicKey) => publicKey.map((byte, at) => byte ^ (own.secretKey[at] as number)),
  seal: (key, nonce, additional, plain) => {
    const sealed = new Uint8Array(plain.length + 16);
    sealed.set(plain);
    sealed.set(mix(key, nonce, additional, plain).subarray(0, 16), plain.length);
    return sealed;
  },
  open: (key, nonce, additional, sealed) => {
    if (sealed.length < 16) return null;
    const plain = sealed.slice(0, -16);
    return isEqual(mix(key, nonce, additional, plain).subarray(0, 16), sealed.subarray(-16)) ? plain : null;
  },
  sha256: (bytes) => mix(bytes),
  hmacSha256: (key, bytes) => mix(key, bytes),
  isEqual,
};

function isEqual(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((byte, at) => byte === other[at]);
}

/** Four lanes of FNV-1a over all parts and their lengths, spread over 32 bytes. */
function mix(...parts: readonly Uint8Array[]): Uint8Array {
  const lanes = Uint32Array.of(0x811c9dc5, 0x9e3779b9, 0x85ebca6b, 0xc2b2ae35);
  let turn = 0;
  const take = (byte: number) => {
    const lane = turn++ & 3;
    lanes[lane] = Math.imul((lanes[lane] as number) ^ byte ^ (lanes[(lane + 3) & 3] as number), 0x01000193);
  };
  for (const part of parts) {
    for (const byte of part) take(byte);
    take(part.length & 255);
  }
  for (let spread = 0; spread < 16; spread++) take(spread);
  const bytes = new Uint8Array(32);
  for (let at = 0; at < 32; at++) {
    take(at);
    bytes[at] = (lanes[at & 3] as number) >>> 11;
  }
  return bytes;
}
