// What values are made of, for tests: integers, codes, bits, decimal floats, clocks; and a characteristic with its fields.

import * as fc from 'fast-check';
import type { GattCharacteristic } from './characteristic.ts';
import type { BitTable, CodeTable } from './coded.ts';
import { dateTimeOf } from './date-time.ts';
import { floatOf, sfloatOf } from './med-float.ts';

export const u8 = fc.integer({ min: 0, max: 0xff });
export const u16 = fc.integer({ min: 0, max: 0xffff });
export const u32 = fc.integer({ min: 0, max: 0xffff_ffff });
export const orNull = <T>(one: fc.Arbitrary<T>) => fc.option(one, { nil: null });
export const code = <Name extends string>(table: CodeTable<Name>, max = 0xff) =>
  fc.integer({ min: 0, max }).map((number) => table.of(number));
export const bits = <Name extends string>(table: BitTable<Name>, size: number) =>
  fc.integer({ min: 0, max: 2 ** size - 1 }).map((number) => table.of(number));
export const sfloat = fc
  .tuple(fc.integer({ min: -2048, max: 2047 }), fc.integer({ min: -8, max: 7 }))
  .map(([mantissa, exponent]) => sfloatOf(mantissa, exponent));
export const float = fc
  .tuple(fc.integer({ min: -0x80_0000, max: 0x7f_ffff }), fc.integer({ min: -128, max: 127 }))
  .map(([mantissa, exponent]) => floatOf(mantissa, exponent));
export const clock = fc.tuple(u16, u8, u8, u8, u8, u8).map((parts) => dateTimeOf(...parts));
export const userId = fc.oneof(fc.integer({ min: 0, max: 254 }), fc.constant('unknown' as const));
export const rest = fc.uint8Array({ maxLength: 12 });
export const system = fc.constantFrom('SI' as const, 'imperial' as const);
/** Flag bytes whose low `known` bits have a meaning. */
export const reserved = (known: number, size = 8) =>
  fc.integer({ min: 0, max: 2 ** (size - known) - 1 }).map((high) => high * 2 ** known);

export interface Sample {
  readonly name: string;
  readonly characteristic: GattCharacteristic<object, never>;
  readonly fields: fc.Arbitrary<object>;
}

export function sample<Value extends object, Fields extends object>(
  characteristic: GattCharacteristic<Value, Fields>,
  fields: fc.Arbitrary<Fields>,
): Sample {
  return { name: characteristic.name, characteristic, fields };
}
