import { expect, test } from 'vitest';
import { fromHex } from '../inspect/hex.ts';
import { crc32c } from './crc32c.ts';

// RFC 3720 B.4 prints the CRCs as the bytes on the wire (aa 36 91 8a); these are the same as numbers.
test.each([
  ['32 bytes of zeros', new Uint8Array(32), 0x8a9136aa],
  ['32 bytes of ones', new Uint8Array(32).fill(0xff), 0x62a8ab43],
  ['32 bytes going up', Uint8Array.from({ length: 32 }, (_, index) => index), 0x46dd794e],
  ['32 bytes going down', Uint8Array.from({ length: 32 }, (_, index) => 31 - index), 0x113fdb5c],
  [
    'an iSCSI read command',
    fromHex('01c00000000000000000000000000000140000000000040000000014000000182800000000000000' + '0200000000000000'),
    0xd9963a56,
  ],
])('RFC 3720 B.4: %s', (_, bytes, crc) => {
  expect(crc32c(bytes)).toBe(crc);
});

test('the check value of the CRC catalogue', () => {
  expect(crc32c(new TextEncoder().encode('123456789'))).toBe(0xe3069283);
});

test('a part gives the same as a copy of that part, at every alignment', () => {
  const bytes = Uint8Array.from({ length: 64 }, (_, index) => (index * 37) & 0xff);
  for (let from = 0; from < 10; from++) {
    for (let to = from; to <= 64; to++) {
      expect(crc32c(bytes, from, to)).toBe(bitwise(bytes.slice(from, to)));
    }
  }
});

/** The definition, one bit at a time. */
function bitwise(bytes: Uint8Array): number {
  let crc = -1;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1;
  }
  return ~crc >>> 0;
}
