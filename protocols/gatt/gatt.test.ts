// What the vectors and the round trips cannot show: conversions, what is refused to an encoder, and the registry.

import { describe, expect, test } from 'vitest';
import { fromHex, toHex } from '../inspect/hex.ts';
import { bloodPressureMeasurement, bloodPressureStatuses } from './blood-pressure.ts';
import { bodyCompositionMeasurement } from './body-composition.ts';
import { dateTimeOf, localIsoAfter } from './date-time.ts';
import { manufacturerName, systemId } from './device-information.ts';
import { glucoseMeasurement, glucoseSampleLocations, glucoseSampleTypes } from './glucose.ts';
import { glucoseMeasurementContext } from './glucose-context.ts';
import { bodySensorLocations, heartRateMeasurement, sensorContacts } from './heart-rate.ts';
import { sfloat, sfloatOf } from './med-float.ts';
import { plxFeatures } from './pulse-oximeter.ts';
import { plxFeatureNames } from './pulse-oximeter-status.ts';
import { racpOpCodes, racpOperators, recordAccessControlPoint } from './record-access.ts';
import { decodeCharacteristic, gattCharacteristics, gattServiceNames, gattUuid16, gattUuidText } from './registry.ts';
import { weightMeasurement } from './weight-scale.ts';

function valueFrom<Value>(decoded: { ok: true; value: Value } | { ok: false; fault: { detail: string } }): Value {
  if (!decoded.ok) throw new Error(decoded.fault.detail);
  return decoded.value;
}

describe('heart rate', () => {
  test('is built with what it needs and no more', () => {
    const bytes = heartRateMeasurement.encode({
      heartRate: 72,
      contact: sensorContacts.named('contact'),
      rrTicks: [853, 870],
    });
    expect(toHex(bytes)).toBe('164855036603');
    expect(toHex(heartRateMeasurement.encode({ heartRate: 300 }))).toBe('012c01');
  });

  test('of 0 is no heart rate', () => {
    expect(valueFrom(heartRateMeasurement.decode(fromHex('0400')))).toMatchObject({ heartRate: 0, heartRateBpm: null });
  });

  test('may announce intervals and have none', () => {
    expect(valueFrom(heartRateMeasurement.decode(fromHex('1048')))).toMatchObject({ rrTicks: [], rrMs: [] });
  });

  test('keeps flags and bytes of a later revision', () => {
    expect(valueFrom(heartRateMeasurement.decode(fromHex('e048aabb')))).toMatchObject({
      heartRateBpm: 72,
      reservedFlags: 0xe0,
      rest: fromHex('aabb'),
    });
  });
});

describe('units', () => {
  test('kilopascals become millimetres of mercury', () => {
    const bytes = bloodPressureMeasurement.encode({
      unit: 'kPa',
      systolic: sfloat(16),
      diastolic: sfloat(10.7),
      meanArterial: sfloat(null),
      status: bloodPressureStatuses.named('irregular-pulse'),
    });
    const pressure = valueFrom(bloodPressureMeasurement.decode(bytes));
    // 1 kPa is 7.50062 mmHg (NIST SP 811).
    expect(pressure.systolicMmHg).toBeCloseTo(120.01, 2);
    expect(pressure.diastolicMmHg).toBeCloseTo(80.257, 2);
    expect(pressure.meanArterialMmHg).toBeNull();
    expect(pressure.status).toEqual({ bits: 4, names: ['irregular-pulse'] });
  });

  test('glucose is exact in its own unit and converted in the other', () => {
    const sample = {
      concentration: sfloatOf(115, -5),
      type: glucoseSampleTypes.named('capillary-whole-blood'),
      location: glucoseSampleLocations.named('finger'),
    };
    const fields = { sequence: 1, baseTime: dateTimeOf(2024, 6, 20, 10, 30, 0), sample };
    const mass = valueFrom(glucoseMeasurement.decode(glucoseMeasurement.encode({ ...fields, unit: 'kg/L' })));
    expect(mass.mgPerDl).toBe(115);
    expect(mass.mmolPerL).toBeCloseTo(6.38, 2);
    const molar = { ...fields, unit: 'mol/L' as const, sample: { ...sample, concentration: sfloatOf(55, -4) } };
    const mol = valueFrom(glucoseMeasurement.decode(glucoseMeasurement.encode(molar)));
    expect(mol.mmolPerL).toBe(5.5);
    expect(mol.mgPerDl).toBeCloseTo(99.09, 2);
    const none = { ...fields, unit: 'kg/L' as const, sample: { ...sample, concentration: sfloat(null) } };
    expect(valueFrom(glucoseMeasurement.decode(glucoseMeasurement.encode(none)))).toMatchObject({
      mgPerDl: null,
      mmolPerL: null,
    });
  });

  test('an offset that over- or underruns leaves the time unknown', () => {
    const fields = { sequence: 1, baseTime: dateTimeOf(2024, 6, 20, 10, 30, 0), unit: 'kg/L' as const };
    const at = (timeOffsetMinutes: number) =>
      valueFrom(glucoseMeasurement.decode(glucoseMeasurement.encode({ ...fields, timeOffsetMinutes }))).localIso;
    expect(at(-631)).toBe('2024-06-19T23:59:00');
    expect(at(0x7fff)).toBeNull();
    expect(at(-0x8000)).toBeNull();
  });

  test('what a meter was told comes in grams, milligrams and millilitres', () => {
    const context = valueFrom(
      glucoseMeasurementContext.decode(fromHex('19010001 2dd0ffff00 0146a0'.replaceAll(' ', ''))),
    );
    expect(context).toMatchObject({
      carbohydrateG: 45,
      exercise: { durationS: 65535, intensityPercent: 0 },
      isExerciseOverrun: true,
      medicationMg: 70,
      medicationMl: null,
    });
    expect(valueFrom(glucoseMeasurementContext.decode(fromHex('3002000446d0')))).toMatchObject({
      medicationMg: null,
      medicationMl: 70,
    });
  });

  test('a failed mass in a body composition is missing, not 327 kg', () => {
    expect(valueFrom(bodyCompositionMeasurement.decode(fromHex('0004fa00ffff'))).weightKg).toBeNull();
  });
});

describe('date and time', () => {
  test('that do not exist have parts and no moment', () => {
    for (const [year, month, day, hours, minutes, seconds] of [
      [2023, 2, 29, 0, 0, 0],
      [2024, 13, 1, 0, 0, 0],
      [2024, 4, 31, 0, 0, 0],
      [1581, 1, 1, 0, 0, 0],
      [10_000, 1, 1, 0, 0, 0],
      [2024, 1, 1, 24, 0, 0],
      [2024, 1, 1, 0, 60, 0],
      [2024, 1, 1, 0, 0, 60],
    ] as const) {
      expect(dateTimeOf(year, month, day, hours, minutes, seconds)).toMatchObject({ year, hours, localIso: null });
    }
    expect(dateTimeOf(1900, 2, 29, 0, 0, 0).localIso).toBeNull();
    expect(dateTimeOf(2000, 2, 29, 0, 0, 0).localIso).toBe('2000-02-29T00:00:00');
  });

  test('end with the year 9999', () => {
    const last = dateTimeOf(9999, 12, 31, 23, 59, 0);
    expect(localIsoAfter(last, 0)).toBe('9999-12-31T23:59:00');
    expect(localIsoAfter(last, 1)).toBeNull();
    expect(localIsoAfter(dateTimeOf(0, 1, 1, 0, 0, 0), 1)).toBeNull();
  });
});

describe('texts and identifiers', () => {
  test('a text is trimmed for people and kept for the bytes', () => {
    const bytes = fromHex('efbbbf20416320004a');
    const value = valueFrom(manufacturerName.decode(bytes));
    expect(value.trimmed).toBe('Ac');
    expect(toHex(manufacturerName.encode(value))).toBe(toHex(bytes));
    expect(valueFrom(manufacturerName.decode(fromHex('0000'))).trimmed).toBeNull();
  });

  test('a system id is printed the way round IEEE prints it', () => {
    // The example of the Device Information Service: maker 0x123456, its own 0x9ABCDE.
    expect(valueFrom(systemId.decode(fromHex('debc9afeff563412')))).toEqual({
      eui64: '123456fffe9abcde',
      oui: '123456',
    });
  });
});

describe('an encoder refuses', () => {
  test.each<[string, () => unknown]>([
    ['a heart rate beyond two bytes', () => heartRateMeasurement.encode({ heartRate: 65_536 })],
    ['a fraction', () => heartRateMeasurement.encode({ heartRate: 71.5 })],
    ['a known flag as a reserved one', () => heartRateMeasurement.encode({ heartRate: 71, reservedFlags: 16 })],
    [
      'bytes behind intervals',
      () => heartRateMeasurement.encode({ heartRate: 71, rrTicks: [], rest: fromHex('0000') }),
    ],
    [
      'a contact code of three bits',
      () => heartRateMeasurement.encode({ heartRate: 71, contact: { code: 4, name: null } }),
    ],
    [
      'a sample type of five bits',
      () =>
        glucoseMeasurement.encode({
          sequence: 1,
          baseTime: dateTimeOf(0, 0, 0, 0, 0, 0),
          unit: 'kg/L',
          sample: { concentration: sfloat(1), type: { code: 16, name: null }, location: glucoseSampleLocations.of(0) },
        }),
    ],
    ['user 255 by number', () => weightMeasurement.encode({ system: 'SI', weightSteps: 1, userId: 255 })],
    [
      'status support without its feature',
      () =>
        plxFeatures.encode({
          features: plxFeatureNames.named('measurement-status'),
          measurementStatusSupport: null,
          sensorStatusSupport: null,
        }),
    ],
    [
      'bounds that the operator does not take',
      () =>
        recordAccessControlPoint.encode({
          opCode: racpOpCodes.named('report-records'),
          operator: racpOperators.named('at-most'),
          operand: { kind: 'sequence', atLeast: 1, atMost: null },
        }),
    ],
    ['a lone surrogate', () => manufacturerName.encode({ text: '\ud800' })],
    ['an EUI-64 of seven bytes', () => systemId.encode({ eui64: '00112233445566' })],
    ['a value over its limit', () => manufacturerName.encode({ text: 'x'.repeat(513) })],
    ['a name nobody knows', () => bodySensorLocations.named('nose' as 'chest')],
  ])('%s', (_, encode) => {
    expect(encode).toThrow(TypeError);
  });
});

describe('registry', () => {
  test('knows every service its characteristics live in', () => {
    const services = [...gattCharacteristics.values()].flatMap((one) => one.services);
    expect(new Set(services)).toEqual(new Set(gattServiceNames.keys()));
  });

  test('decodes by number', () => {
    expect(decodeCharacteristic(0x2a19, fromHex('55'))).toMatchObject({
      ok: true,
      value: { name: 'Battery Level', value: { percent: 85 } },
    });
    expect(decodeCharacteristic(0x2a19, fromHex(''))).toMatchObject({ ok: false, fault: { code: 'torn' } });
    expect(decodeCharacteristic(0x2a00, fromHex('55'))).toMatchObject({ ok: false, fault: { code: 'unknown-number' } });
  });

  test('reads 16-bit UUIDs in the forms bearers use', () => {
    expect(gattUuid16('2A37')).toBe(0x2a37);
    expect(gattUuid16('00002a37-0000-1000-8000-00805f9b34fb')).toBe(0x2a37);
    expect(gattUuidText(0x2a37)).toBe('00002a37-0000-1000-8000-00805f9b34fb');
    expect(gattUuid16(gattUuidText(0x000a))).toBe(0x000a);
    expect(gattUuid16('00002A3700001000800000805F9B34FB')).toBe(0x2a37);
    for (const text of ['6e400001-b5a3-f393-e0a9-e50e24dcca9e', '00012a37-0000-1000-8000-00805f9b34fb', '2a3', '']) {
      expect(gattUuid16(text)).toBeNull();
    }
  });
});
