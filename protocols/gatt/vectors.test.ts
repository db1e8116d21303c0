// Bytes and values from other people's standards and tools; each case names its origin (vectors/values.json).

import { describe, expect, test } from 'vitest';
import { fromHex, toHex } from '../inspect/hex.ts';
import { readVectors } from '../vectors/read-vectors.ts';
import { type AnyGattCharacteristic, gattCharacteristics } from './registry.ts';

const { cases, malformed } = readVectors('../gatt/vectors/values.json') as {
  cases: { uuid: string; origin: string; hex: string; value: object }[];
  malformed: { uuid: string; origin: string; hex: string; code: string; at: number }[];
};

function characteristicOf(uuid: string): AnyGattCharacteristic {
  const found = gattCharacteristics.get(Number.parseInt(uuid, 16));
  if (!found) throw new TypeError(`no characteristic ${uuid}`);
  return found;
}

describe.each(cases)('$uuid $hex ($origin)', ({ uuid, hex, value }) => {
  test('gives the value and comes back', () => {
    const decoded = characteristicOf(uuid).decode(fromHex(hex));
    if (!decoded.ok) throw new Error(decoded.fault.detail);
    expect(decoded.value).toMatchObject(value);
    expect(toHex(characteristicOf(uuid).encode(decoded.value as never))).toBe(hex);
  });
});

test.each(malformed)('$uuid "$hex" is refused as $code ($origin)', ({ uuid, hex, code, at }) => {
  expect(characteristicOf(uuid).decode(fromHex(hex))).toMatchObject({ ok: false, fault: { code, at } });
});

test('every characteristic has a vector but those that are one of a kind with another', () => {
  const covered = new Set(cases.map(({ uuid }) => Number.parseInt(uuid, 16)));
  const bare = [...gattCharacteristics.values()].filter(({ uuid }) => !covered.has(uuid)).map(({ name }) => name);
  // The other texts go through the same code as the manufacturer's name; the regulatory list is opaque.
  expect(bare).toEqual([
    'Model Number String',
    'Serial Number String',
    'Hardware Revision String',
    'Firmware Revision String',
    'Software Revision String',
    'IEEE 11073-20601 Regulatory Certification Data List',
  ]);
});
