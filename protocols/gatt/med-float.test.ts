import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readVectors } from '../vectors/read-vectors.ts';
import {
  decodeFloat,
  decodeSfloat,
  encodeFloat,
  encodeSfloat,
  float,
  floatOf,
  type MedFloat,
  sfloat,
  sfloatOf,
  shiftedValue,
} from './med-float.ts';

interface Pattern {
  readonly origin: string;
  readonly bits: string;
  readonly value: number | null;
  readonly special?: string;
}

const vectors = readVectors('../gatt/vectors/med-floats.json') as {
  sfloat: Pattern[];
  float: Pattern[];
  built: { origin: string; format: 'sfloat' | 'float'; from: number; value: number }[];
};

describe('vectors', () => {
  test.each(vectors.sfloat)('SFLOAT 0x$bits is $value $special ($origin)', ({ bits, value, special = null }) => {
    expect(decodeSfloat(Number.parseInt(bits, 16))).toMatchObject({ value, special });
  });

  test.each(vectors.float)('FLOAT 0x$bits is $value $special ($origin)', ({ bits, value, special = null }) => {
    expect(decodeFloat(Number.parseInt(bits, 16))).toMatchObject({ value, special });
  });

  test.each(vectors.built)('the nearest $format to $from is $value ($origin)', ({ format, from, value }) => {
    expect((format === 'sfloat' ? sfloat : float)(from).value).toBe(value);
  });
});

/** Powers up to 10^22 are exact doubles, so one product or quotient is rounded once: another way to the same number. */
function viaPower({ mantissa, exponent }: MedFloat): number {
  return exponent < 0 ? mantissa / 10 ** -exponent : mantissa * 10 ** exponent;
}

describe('every SFLOAT', () => {
  const all = Array.from({ length: 0x1_0000 }, (_, bits) => ({ bits, value: decodeSfloat(bits) }));

  test('comes back bit for bit', () => {
    expect(all.filter(({ bits, value }) => encodeSfloat(value) !== bits)).toEqual([]);
  });

  test('is a number rounded once, or one of the five special values', () => {
    const special = all.filter(({ value }) => value.special !== null);
    expect(special.map(({ bits }) => bits)).toEqual([0x7fe, 0x7ff, 0x800, 0x801, 0x802]);
    expect(special.filter(({ value }) => value.value !== null)).toEqual([]);
    const numbers = all.filter(({ value }) => value.special === null);
    expect(numbers.filter(({ value }) => value.value !== viaPower(value))).toEqual([]);
  });

  test('is found again from its number', () => {
    const plain = all.filter(({ value }) => Math.abs(value.mantissa) <= 2045);
    expect(plain.filter(({ value }) => sfloat(value.value).value !== value.value)).toEqual([]);
  });
});

describe('every FLOAT', () => {
  test('comes back bit for bit', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 0xffff_ffff }), (bits) => {
        expect(encodeFloat(decodeFloat(bits))).toBe(bits);
      }),
      { numRuns: 5000 },
    );
  });

  test('is a number rounded once', () => {
    const parts = [fc.integer({ min: -0x7f_fffd, max: 0x7f_fffd }), fc.integer({ min: -22, max: 22 })] as const;
    fc.assert(
      fc.property(...parts, (mantissa, exponent) => {
        const value = floatOf(mantissa, exponent);
        expect(value.value).toBe(viaPower(value));
        expect(float(value.value).value).toBe(value.value);
      }),
      { numRuns: 5000 },
    );
  });

  test('reaches its ends', () => {
    expect(floatOf(8_388_605, 127).value).toBe(8.388605e133);
    expect(floatOf(1, -128).value).toBe(1e-128);
  });
});

describe('the nearest one', () => {
  test('is never further off than half a step of three digits', () => {
    const magnitude = fc.double({ min: 1e-5, max: 2e10, noNaN: true });
    fc.assert(
      fc.property(magnitude, fc.boolean(), (size, isNegative) => {
        const value = isNegative ? -size : size;
        const near = sfloat(value);
        expect(Math.abs(near.value! - value)).toBeLessThanOrEqual(0.5 * 10 ** near.exponent * (1 + 1e-9));
        expect(Math.abs(near.value! - value)).toBeLessThanOrEqual(Math.abs(value) / 409);
      }),
      { numRuns: 2000 },
    );
  });

  test('keeps whole numbers whole', () => {
    expect(sfloat(120)).toEqual({ mantissa: 120, exponent: 0, value: 120, special: null });
    expect(sfloat(0)).toEqual({ mantissa: 0, exponent: 0, value: 0, special: null });
    expect(sfloat(-0)).toEqual(sfloat(0));
    expect(encodeSfloat(sfloat(0.036))).toBe(0xd024);
  });

  test('is NaN for null and an infinity beyond the range', () => {
    expect(encodeSfloat(sfloat(null))).toBe(0x07ff);
    expect(encodeFloat(float(null))).toBe(0x007f_ffff);
    expect(sfloat(20_450_000_000).value).toBe(20_450_000_000);
    expect(sfloat(20_460_000_000).special).toBe('positive-infinity');
    expect(sfloat(Number.NEGATIVE_INFINITY).special).toBe('negative-infinity');
    expect(sfloat(4e-9).value).toBe(0);
    expect(sfloat(6e-9).value).toBe(1e-8);
    expect(float(1e200).special).toBe('positive-infinity');
    expect(float(1e-200).value).toBe(0);
  });
});

test('special mantissas with another exponent are numbers', () => {
  expect(decodeSfloat(0xf7ff)).toEqual({ mantissa: 2047, exponent: -1, value: 204.7, special: null });
  expect(decodeFloat(0xff80_0000)).toMatchObject({ mantissa: -8_388_608, value: -838_860.8, special: null });
});

test('a MedFloat whose value was changed alone is not encoded', () => {
  expect(() => encodeSfloat({ ...sfloat(120), value: 130 })).toThrow(TypeError);
  expect(() => encodeFloat({ ...float(null), value: 37 })).toThrow(TypeError);
  expect(() => sfloatOf(2048, 0)).toThrow(TypeError);
  expect(() => sfloatOf(1.5, 0)).toThrow(TypeError);
  expect(() => sfloatOf(1, 8)).toThrow(TypeError);
  expect(() => sfloat(Number.NaN)).toThrow(TypeError);
});

test('a shift by a power of ten adds no error', () => {
  expect(shiftedValue(sfloatOf(115, -5), 5)).toBe(115);
  expect(shiftedValue(sfloatOf(55, -4), 3)).toBe(5.5);
  expect(shiftedValue(sfloat(null), 3)).toBeNull();
});
