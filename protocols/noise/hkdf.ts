// HKDF as Noise defines it (rev 34, 4.3): two or three outputs of 32 bytes. It is RFC 5869 with the chaining key as salt and no info.

import { type CryptoSuite, concatBytes } from './crypto-suite.ts';

export function hkdf(suite: CryptoSuite, chainingKey: Uint8Array, material: Uint8Array, count: 2 | 3): Uint8Array[] {
  const temporary = suite.hmacSha256(chainingKey, material);
  const outputs: Uint8Array[] = [];
  let previous: Uint8Array = new Uint8Array(0);
  for (let index = 1; index <= count; index++) {
    previous = suite.hmacSha256(temporary, concatBytes(previous, Uint8Array.of(index)));
    outputs.push(previous);
  }
  return outputs;
}
