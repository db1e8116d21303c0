// For every characteristic: what is decoded encodes to the same bytes, what is encoded decodes to the same fields,
// and no bytes make a decoder throw.

import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fromHex, toHex } from '../inspect/hex.ts';
import { readVectors } from '../vectors/read-vectors.ts';
import { GATT_VALUE_BYTES_MAX } from './characteristic.ts';
import { deviceSamples } from './device-samples.testkit.ts';
import { glucoseSamples } from './glucose-samples.testkit.ts';
import { gattCharacteristics } from './registry.ts';
import { vitalSamples } from './vital-samples.testkit.ts';

const samples = [...vitalSamples, ...glucoseSamples, ...deviceSamples];

const vectors = (readVectors('../gatt/vectors/values.json').cases as { hex: string }[]).map(({ hex }) => fromHex(hex));

/** Bytes of every length near a limit, and vectors with single bytes set and stretches cut out. */
function hostileBytes(bytesMax: number): fc.Arbitrary<Uint8Array> {
  const edited = fc
    .tuple(fc.constantFrom(...vectors), fc.array(fc.tuple(fc.nat(40), fc.nat(255)), { maxLength: 4 }), fc.nat(40))
    .map(([vector, edits, cut]) => {
      const bytes = vector.slice();
      for (const [at, byte] of edits) if (at < bytes.length) bytes[at] = byte;
      return cut < bytes.length ? Uint8Array.from([...bytes.subarray(0, cut), ...bytes.subarray(cut + 1)]) : bytes;
    });
  return fc.oneof(
    edited,
    fc.uint8Array({ maxLength: 40 }),
    fc.uint8Array({ minLength: bytesMax - 1, maxLength: bytesMax + 1, size: 'max' }),
  );
}

test('the samples cover the registry', () => {
  const covered = samples.map(({ characteristic }) => characteristic.uuid).sort((a, b) => a - b);
  expect(covered).toEqual([...gattCharacteristics.keys()].sort((a, b) => a - b));
});

describe.each(samples)('$name', ({ characteristic, fields }) => {
  test('decoded and encoded are the same bytes, or there is a fault within them', () => {
    let good = 0;
    fc.assert(
      fc.property(hostileBytes(characteristic.bytesMax), (bytes) => {
        const decoded = characteristic.decode(bytes);
        if (decoded.ok) {
          good++;
          expect(toHex(characteristic.encode(decoded.value as never))).toBe(toHex(bytes));
        } else {
          expect(decoded.fault.at).toBeGreaterThanOrEqual(0);
          expect(decoded.fault.at).toBeLessThanOrEqual(bytes.length);
        }
      }),
      { numRuns: 400 },
    );
    // Otherwise the property would hold for a decoder that refuses everything.
    expect(good).toBeGreaterThan(0);
  });

  test('encoded and decoded are the same fields', () => {
    fc.assert(
      fc.property(fields, (given) => {
        const bytes = characteristic.encode(given as never);
        const decoded = characteristic.decode(bytes);
        if (!decoded.ok) throw new Error(decoded.fault.detail);
        expect(decoded.value).toMatchObject(given);
        expect(toHex(characteristic.encode(decoded.value as never))).toBe(toHex(bytes));
      }),
      { numRuns: 200 },
    );
  });

  test('over its limit it is too long', () => {
    const bytes = new Uint8Array(characteristic.bytesMax + 1);
    expect(characteristic.bytesMax).toBeLessThanOrEqual(GATT_VALUE_BYTES_MAX);
    expect(characteristic.decode(bytes)).toMatchObject({ ok: false, fault: { code: 'too-long' } });
  });

  test('keeps nothing of the buffer it was read from', () => {
    fc.assert(
      fc.property(fields, (given) => {
        const bytes = characteristic.encode(given as never);
        const buffer = Buffer.from(bytes);
        const decoded = characteristic.decode(buffer);
        buffer.fill(0xaa);
        if (decoded.ok) expect(toHex(characteristic.encode(decoded.value as never))).toBe(toHex(bytes));
      }),
      { numRuns: 20 },
    );
  });
});

/** Those whose fields are announced by flags and whose encoding without `rest` may therefore not be cut anywhere. */
const ANNOUNCED = [
  'Blood Pressure Measurement',
  'Intermediate Cuff Pressure',
  'PLX Spot-Check Measurement',
  'PLX Continuous Measurement',
  'PLX Features',
  'Glucose Measurement',
  'Glucose Measurement Context',
  'Temperature Measurement',
  'Weight Measurement',
  'Body Composition Measurement',
  'Current Time',
];

describe.each(samples.filter(({ name }) => ANNOUNCED.includes(name)))(
  '$name cut short',
  ({ characteristic, fields }) => {
    test('is torn, wherever it is cut', () => {
      fc.assert(
        fc.property(fields, fc.nat(), (given, place) => {
          const whole = characteristic.encode({ ...given, rest: new Uint8Array() } as never);
          const cut = whole.subarray(0, place % whole.length);
          expect(characteristic.decode(cut)).toMatchObject({ ok: false, fault: { code: 'torn' } });
        }),
        { numRuns: 200 },
      );
    });
  },
);
