import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { fromHex, toHex } from '../inspect/hex.ts';
import { cobsBytesMax, decodeCobs, encodeCobs } from './cobs.ts';

const encode = (bytes: Uint8Array) => {
  const into = new Uint8Array(cobsBytesMax(bytes.length));
  return into.subarray(0, encodeCobs(bytes, into, 0));
};
const decode = (bytes: Uint8Array) => {
  const into = new Uint8Array(bytes.length);
  const size = decodeCobs(bytes, 0, bytes.length, into);
  return size < 0 ? null : into.subarray(0, size);
};
const run = (from: number, to: number) => toHex(Uint8Array.from({ length: to - from + 1 }, (_, index) => from + index));

// The worked examples of the Wikipedia article "Consistent Overhead Byte Stuffing" (without the closing 00).
test.each([
  ['00', '0101'],
  ['0000', '010101'],
  ['001100', '01021101'],
  ['11220033', '0311220233'],
  ['11223344', '0511223344'],
  ['11000000', '0211010101'],
  [run(1, 254), `ff${run(1, 254)}`],
  [`00${run(1, 254)}`, `01ff${run(1, 254)}`],
  [run(1, 255), `ff${run(1, 254)}02ff`],
  [`${run(2, 255)}00`, `ff${run(2, 255)}0101`],
  [`${run(3, 255)}0001`, `fe${run(3, 255)}0201`],
])('%s <-> %s', (data, encoded) => {
  expect(toHex(encode(fromHex(data)))).toBe(encoded);
  expect(toHex(decode(fromHex(encoded))!)).toBe(data);
});

const bytes = fc.oneof(
  fc.uint8Array({ maxLength: 2000, size: 'max' }),
  fc.array(fc.constantFrom(0, 1, 255), { maxLength: 1200, size: 'max' }).map((list) => Uint8Array.from(list)),
  fc.tuple(fc.nat(600), fc.nat(600)).map(([ones, zeros]) => new Uint8Array(ones + zeros).fill(7, 0, ones)),
);

test('decode(encode(x)) is x, without a zero and within the bound', () => {
  fc.assert(
    fc.property(bytes, (data) => {
      const encoded = encode(data);
      expect(encoded.includes(0)).toBe(false);
      expect(encoded.length).toBeLessThanOrEqual(cobsBytesMax(data.length));
      expect(toHex(decode(encoded)!)).toBe(toHex(data));
    }),
  );
});

test('a group that is cut short or a zero inside is refused', () => {
  expect(decode(fromHex('0511'))).toBeNull();
  expect(decode(fromHex('02110003'))).toBeNull();
});
