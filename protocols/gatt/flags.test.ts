// One flag, one field, so many bytes: the field tables of the GATT Specification Supplement and of the Pulse Oximeter
// Service. Encoder and decoder could agree on exchanged flags; they cannot agree with this table then.

import { describe, expect, test } from 'vitest';
import { decodeCharacteristic } from './registry.ts';

interface FlagTable {
  readonly uuid: number;
  readonly name: string;
  /** Bytes without any optional field, flags included. */
  readonly baseBytes: number;
  readonly flagBytes: 1 | 2;
  readonly fields: readonly (readonly [mask: number, field: string, bytes: number])[];
}

const CUFF_FIELDS = [
  [0x02, 'timeStamp', 7],
  [0x04, 'pulseRateBpm', 2],
  [0x08, 'userId', 1],
  [0x10, 'status', 2],
] as const;

const TABLES: readonly FlagTable[] = [
  {
    uuid: 0x2a37,
    name: 'heart rate',
    baseBytes: 2,
    flagBytes: 1,
    fields: [
      [0x08, 'energyExpendedKJ', 2],
      [0x10, 'rrTicks', 2],
    ],
  },
  { uuid: 0x2a35, name: 'blood pressure', baseBytes: 7, flagBytes: 1, fields: CUFF_FIELDS },
  { uuid: 0x2a36, name: 'cuff pressure', baseBytes: 7, flagBytes: 1, fields: CUFF_FIELDS },
  {
    uuid: 0x2a5e,
    name: 'spot check',
    baseBytes: 5,
    flagBytes: 1,
    fields: [
      [0x01, 'timeStamp', 7],
      [0x02, 'measurementStatus', 2],
      [0x04, 'sensorStatus', 3],
      [0x08, 'pulseAmplitudePercent', 2],
    ],
  },
  {
    uuid: 0x2a5f,
    name: 'continuous oximetry',
    baseBytes: 5,
    flagBytes: 1,
    fields: [
      [0x01, 'fast', 4],
      [0x02, 'slow', 4],
      [0x04, 'measurementStatus', 2],
      [0x08, 'sensorStatus', 3],
      [0x10, 'pulseAmplitudePercent', 2],
    ],
  },
  {
    uuid: 0x2a18,
    name: 'glucose',
    baseBytes: 10,
    flagBytes: 1,
    fields: [
      [0x01, 'timeOffsetMinutes', 2],
      [0x02, 'sample', 3],
      [0x08, 'status', 2],
    ],
  },
  {
    uuid: 0x2a34,
    name: 'glucose context',
    baseBytes: 3,
    flagBytes: 1,
    fields: [
      [0x01, 'carbohydrate', 3],
      [0x02, 'meal', 1],
      [0x04, 'testerHealth', 1],
      [0x08, 'exercise', 3],
      [0x10, 'medication', 3],
      [0x40, 'hba1cPercent', 2],
      [0x80, 'extendedFlags', 1],
    ],
  },
  {
    uuid: 0x2a1c,
    name: 'temperature',
    baseBytes: 5,
    flagBytes: 1,
    fields: [
      [0x02, 'timeStamp', 7],
      [0x04, 'place', 1],
    ],
  },
  {
    uuid: 0x2a9d,
    name: 'weight',
    baseBytes: 3,
    flagBytes: 1,
    fields: [
      [0x02, 'timeStamp', 7],
      [0x04, 'userId', 1],
      [0x08, 'body', 4],
    ],
  },
  {
    uuid: 0x2a9c,
    name: 'body composition',
    baseBytes: 4,
    flagBytes: 2,
    fields: [
      [0x0002, 'timeStamp', 7],
      [0x0004, 'userId', 1],
      [0x0008, 'basalMetabolismKJ', 2],
      [0x0010, 'muscleTenthPercent', 2],
      [0x0020, 'muscleMassSteps', 2],
      [0x0040, 'fatFreeMassSteps', 2],
      [0x0080, 'softLeanMassSteps', 2],
      [0x0100, 'bodyWaterMassSteps', 2],
      [0x0200, 'impedanceTenthOhm', 2],
      [0x0400, 'weightSteps', 2],
      [0x0800, 'heightSteps', 2],
    ],
  },
];

function fieldsOf(uuid: number, bytes: Uint8Array): Record<string, unknown> {
  const decoded = decodeCharacteristic(uuid, bytes);
  if (!decoded.ok) throw new Error(decoded.fault.detail);
  return decoded.value.value as Record<string, unknown>;
}

describe.each(TABLES)('$name', ({ uuid, baseBytes, flagBytes, fields }) => {
  test.each(fields)('flag %i alone brings %s of %i bytes', (mask, field, size) => {
    const bytes = new Uint8Array(baseBytes + size);
    bytes[0] = mask & 0xff;
    if (flagBytes === 2) bytes[1] = mask >> 8;
    const value = fieldsOf(uuid, bytes);
    const present = fields.filter(([, name]) => value[name] !== null).map(([, name]) => name);
    expect(present).toEqual([field]);
    expect(value.rest).toEqual(new Uint8Array());
    expect(decodeCharacteristic(uuid, bytes.subarray(0, -1)).ok).toBe(false);
  });

  test('without flags has none of them', () => {
    const value = fieldsOf(uuid, new Uint8Array(baseBytes));
    expect(fields.filter(([, name]) => value[name] !== null)).toEqual([]);
  });
});

test('flags without a field of their own', () => {
  const first = (uuid: number, flags: number, size: number) =>
    fieldsOf(uuid, Uint8Array.of(flags, ...Array(size).fill(0)));
  expect(first(0x2a37, 0x01, 2)).toMatchObject({ isWide: true });
  expect(first(0x2a37, 0x02, 1)).toMatchObject({ contact: { code: 1, name: 'unsupported' } });
  expect(first(0x2a35, 0x01, 6)).toMatchObject({ unit: 'kPa' });
  expect(first(0x2a5e, 0x10, 4)).toMatchObject({ isClockUnset: true });
  expect(first(0x2a18, 0x04, 9)).toMatchObject({ unit: 'mol/L', hasContext: false });
  expect(first(0x2a18, 0x10, 9)).toMatchObject({ unit: 'kg/L', hasContext: true });
  expect(first(0x2a34, 0x20, 2)).toMatchObject({ medicationUnit: 'L' });
  expect(first(0x2a1c, 0x01, 4)).toMatchObject({ unit: 'F' });
  expect(first(0x2a9d, 0x01, 2)).toMatchObject({ system: 'imperial' });
  expect(fieldsOf(0x2a9c, Uint8Array.of(0x01, 0x10, 0, 0))).toMatchObject({ system: 'imperial', isMultiPacket: true });
});
