// Values from the vectors of protocols/gatt (origins are named there) through to the numbers of a record.
import { gatt } from '@maibo/protocols';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromHex } from '../evidence/record-types.ts';
import { readVital } from './vital-reading.ts';

/** Notification of a real cuff that showed Err (blood-pressure-monitor-fl issue 80). */
const DEVICE_ERR = '16ff07ff07ff07e80706170e230aff070000';

const read = (uuid: number, hex: string) => readVital(uuid, fromHex(hex));

describe('a blood pressure', () => {
  it('is in mmHg whatever the cuff writes, with what the cuff says of itself', () => {
    // nordic-android
    expect(read(0x2a35, '1e8a00580078000000041114293b3c00012700')).toEqual({
      result: 'blood-pressure',
      values: {
        ...{ systolicMmHg: 138, diastolicMmHg: 88, meanMmHg: 120, pulseRatePerMin: 60 },
        ...{ deviceUnit: 'mmHg', userNumber: 1, deviceTime: null },
      },
      flags: ['body-movement', 'cuff-too-loose', 'irregular-pulse', 'improper-position', 'device-clock-unset'],
      coverage: 1,
    });
    // nordic-android: 18.9, 11.0 and 15.9 kPa; 1 kPa is 7.50062 mmHg (NIST SP 811)
    const kilopascal = read(0x2a35, '15bdf00b009ff03c001200');
    expect(kilopascal?.values).toMatchObject({ deviceUnit: 'kPa', deviceTime: null, pulseRatePerMin: 60 });
    expect(kilopascal?.values.systolicMmHg).toBeCloseTo(141.76, 2);
    expect(kilopascal?.values.diastolicMmHg).toBeCloseTo(82.51, 2);
  });

  it('that failed has no numbers and says so: the cuff of the device log showed Err', () => {
    const failed = read(0x2a35, DEVICE_ERR);
    expect(failed).toMatchObject({ coverage: 0, flags: ['no-value'] });
    expect(failed?.values).toMatchObject({ systolicMmHg: null, diastolicMmHg: null, meanMmHg: null });
    expect(failed?.values.deviceTime).toMatch(/^20\d\d-/);
  });

  it('without a pulse rate is whole, and one nobody can have is kept and called so', () => {
    const encode = (mmHg: number) => {
      const [systolic, diastolic, meanArterial] = [gatt.sfloat(mmHg), gatt.sfloat(80), gatt.sfloat(93)];
      return gatt.bloodPressureMeasurement.encode({ unit: 'mmHg', systolic, diastolic, meanArterial });
    };
    expect(readVital(0x2a35, encode(120))).toMatchObject({ coverage: 1, flags: [], values: { pulseRatePerMin: null } });
    expect(readVital(0x2a35, encode(999))).toMatchObject({ flags: ['implausible'], values: { systolicMmHg: 999 } });
    expect(readVital(0x2a35, encode(-4))).toMatchObject({ flags: ['implausible'], values: { systolicMmHg: -4 } });
    expect(readVital(0x2a35, encode(Number.POSITIVE_INFINITY))).toMatchObject({
      flags: ['above-range'],
      values: { systolicMmHg: null },
    });
  });
});

describe('an oximeter', () => {
  const pair = { spo2Percent: gatt.sfloat(97), pulseRateBpm: gatt.sfloat(61) };

  it('gives saturation and pulse, and the other averagings beside them', () => {
    const value = gatt.plxContinuousMeasurement.encode({
      ...pair,
      fast: { spo2Percent: gatt.sfloat(96), pulseRateBpm: gatt.sfloat(64) },
      pulseAmplitudePercent: gatt.sfloat(2.5),
      sensorStatus: gatt.plxSensorStatuses.named('low-perfusion'),
    });
    expect(readVital(0x2a5f, value)).toEqual({
      result: 'oxygen-saturation',
      values: {
        ...{ spo2Percent: 97, pulseRatePerMin: 61, pulseAmplitudePercent: 2.5 },
        ...{ fastSpo2Percent: 96, fastPulseRatePerMin: 64, deviceTime: null },
      },
      flags: ['low-perfusion'],
      coverage: 1,
    });
  });

  it('without a finger gives nulls, and its reason', () => {
    const value = gatt.plxSpotCheckMeasurement.encode({
      ...{ spo2Percent: gatt.sfloat(null), pulseRateBpm: gatt.sfloat(null), isClockUnset: true },
      sensorStatus: gatt.plxSensorStatuses.named('sensor-unconnected-to-user'),
    });
    expect(readVital(0x2a5e, value)).toMatchObject({
      values: { spo2Percent: null, pulseRatePerMin: null },
      flags: ['no-value', 'spot-check', 'device-clock-unset', 'sensor-unconnected-to-user'],
      coverage: 0,
    });
  });

  it('with every status there is still fits a record', () => {
    const value = gatt.plxContinuousMeasurement.encode({
      ...pair,
      measurementStatus: gatt.plxMeasurementStatuses.of(0xffff),
      sensorStatus: gatt.plxSensorStatuses.of(0xffffff),
    });
    const flags = readVital(0x2a5f, value)?.flags;
    expect(flags).toHaveLength(16);
    expect(flags?.at(-1)).toBe('and-more');
  });
});

describe('a glucose meter', () => {
  const baseTime = gatt.dateTimeOf(2024, 2, 29, 23, 59, 59);

  it('gives both clinical units and the time it showed', () => {
    const value = gatt.glucoseMeasurement.encode({
      ...{ sequence: 7, baseTime, timeOffsetMinutes: 1, unit: 'kg/L', hasContext: true },
      sample: {
        concentration: gatt.sfloatOf(100, -5),
        type: gatt.glucoseSampleTypes.named('capillary-whole-blood'),
        location: gatt.glucoseSampleLocations.named('finger'),
      },
      status: gatt.glucoseStatuses.named('battery-low'),
    });
    const reading = readVital(0x2a18, value);
    expect(reading).toMatchObject({
      values: {
        glucoseMgPerDl: 100,
        sequence: 7,
        deviceTime: '2024-03-01T00:00:59',
        sampleType: 'capillary-whole-blood',
      },
      flags: ['battery-low', 'context-follows'],
      coverage: 1,
    });
    // 100 mg/dL of a molar mass of 180.156 g/mol
    expect(reading?.values.glucoseMmolPerL).toBeCloseTo(5.551, 3);
  });

  it("without a sample says so, and control solution is nobody's blood", () => {
    const bare = gatt.glucoseMeasurement.encode({ sequence: 8, baseTime, unit: 'mol/L' });
    expect(readVital(0x2a18, bare)).toMatchObject({
      values: { glucoseMgPerDl: null },
      flags: ['no-value'],
      coverage: 0,
    });
    const control = gatt.glucoseMeasurement.encode({
      ...{ sequence: 9, baseTime, unit: 'mol/L' },
      sample: {
        concentration: gatt.sfloatOf(55, -4),
        type: gatt.glucoseSampleTypes.named('control-solution'),
        location: gatt.glucoseSampleLocations.named('control-solution'),
      },
    });
    expect(readVital(0x2a18, control)).toMatchObject({ values: { glucoseMmolPerL: 5.5 }, flags: ['control-solution'] });
  });

  it('tells a context as a result of its own, with the number of its measurement', () => {
    const context = gatt.glucoseMeasurementContext.encode({ sequence: 7, meal: gatt.glucoseMeals.named('fasting') });
    expect(readVital(0x2a34, context)).toMatchObject({
      result: 'glucose',
      values: { sequence: 7, meal: 'fasting', carbohydrateG: null },
      flags: ['context'],
    });
  });
});

describe('thermometers and scales', () => {
  it('give degrees Celsius and kilograms, whatever they count in', () => {
    const fahrenheit = gatt.temperatureMeasurement.encode({ temperature: gatt.floatOf(986, -1), unit: 'F' });
    expect(readVital(0x2a1c, fahrenheit)?.values.temperatureC).toBeCloseTo(37, 9);
    const pounds = gatt.weightMeasurement.encode({ system: 'imperial', weightSteps: 15_000, userId: 3 });
    expect(readVital(0x2a9d, pounds)).toMatchObject({ values: { deviceUnit: 'imperial', userNumber: 3 }, flags: [] });
    expect(readVital(0x2a9d, pounds)?.values.weightKg).toBeCloseTo(68.04, 2);
  });

  it('say that a weighing failed, and that a body composition comes in parts', () => {
    const failed = gatt.weightMeasurement.encode({ system: 'SI', weightSteps: 0xffff });
    expect(readVital(0x2a9d, failed)).toMatchObject({ values: { weightKg: null }, flags: ['no-value'], coverage: 0 });
    const part = gatt.bodyCompositionMeasurement.encode({
      ...{ system: 'SI', bodyFatTenthPercent: 231, muscleMassSteps: 9_000, isMultiPacket: true },
    });
    expect(readVital(0x2a9c, part)).toMatchObject({
      values: { fatPercent: 23.1, muscleKg: 45, waterKg: null },
      flags: ['part-of-several'],
    });
  });
});

describe('what is no measurement', () => {
  it('gives no reading: a cuff that inflates, another characteristic, torn bytes', () => {
    expect(read(0x2a36, '00780000000000')).toBeNull();
    expect(read(0x2a19, '64')).toBeNull();
    expect(read(0x2a35, '1e8a00')).toBeNull();
  });

  it('never throws, and what it gives always fits a record', () => {
    const uuid = fc.constantFrom(0x2a35, 0x2a5e, 0x2a5f, 0x2a18, 0x2a34, 0x2a1c, 0x2a9d, 0x2a9c, 0x2a36, 0);
    fc.assert(
      fc.property(uuid, fc.uint8Array({ maxLength: 40 }), (number, bytes) => {
        const reading = readVital(number, bytes);
        if (reading === null) return;
        expect(reading.flags.length).toBeLessThanOrEqual(16);
        for (const value of Object.values(reading.values)) {
          if (typeof value === 'number') expect(Number.isFinite(value)).toBe(true);
          else if (value !== null) expect(Buffer.byteLength(String(value))).toBeLessThanOrEqual(64);
        }
      }),
      { numRuns: 2_000 },
    );
  });
});
