// What the encoders of heart rate, blood pressure, oximetry and temperature may be given, made field by field.

import * as fc from 'fast-check';
import {
  bits,
  clock,
  code,
  float,
  orNull,
  reserved,
  rest,
  type Sample,
  sample,
  sfloat,
  u8,
  u16,
  userId,
} from './arbitraries.testkit.ts';
import {
  bloodPressureFeature,
  bloodPressureFeatures,
  bloodPressureMeasurement,
  bloodPressureStatuses,
  intermediateCuffPressure,
} from './blood-pressure.ts';
import {
  bodySensorLocation,
  bodySensorLocations,
  heartRateCommands,
  heartRateControlPoint,
  heartRateMeasurement,
  sensorContacts,
} from './heart-rate.ts';
import { plxContinuousMeasurement, plxFeatures, plxSpotCheckMeasurement } from './pulse-oximeter.ts';
import { plxFeatureNames, plxMeasurementStatuses, plxSensorStatuses } from './pulse-oximeter-status.ts';
import {
  intermediateTemperature,
  measurementInterval,
  temperatureMeasurement,
  temperatureType,
  temperatureTypes,
} from './thermometer.ts';

const cuff = {
  unit: fc.constantFrom('mmHg' as const, 'kPa' as const),
  timeStamp: orNull(clock),
  pulseRateBpm: orNull(sfloat),
  userId: orNull(userId),
  status: orNull(bits(bloodPressureStatuses, 16)),
  reservedFlags: reserved(5),
  rest,
};

const pair = { spo2Percent: sfloat, pulseRateBpm: sfloat };
const plxStatus = {
  measurementStatus: orNull(bits(plxMeasurementStatuses, 16)),
  sensorStatus: orNull(bits(plxSensorStatuses, 24)),
  pulseAmplitudePercent: orNull(sfloat),
  reservedFlags: reserved(5),
  rest,
};

const heartRate = fc
  .record({
    heartRate: u8,
    isWide: fc.boolean(),
    contact: code(sensorContacts, 3),
    energyExpendedKJ: orNull(u16),
    rrTicks: orNull(fc.array(u16, { maxLength: 9 })),
    reservedFlags: reserved(5),
    rest,
  })
  // Nothing can stand behind intervals, and only two bytes hold more than 255.
  .map((fields) => ({ ...fields, rest: fields.rrTicks ? new Uint8Array() : fields.rest }));

const plxFeature = fc
  .record({
    features: bits(plxFeatureNames, 16),
    measurementStatusSupport: bits(plxMeasurementStatuses, 16),
    sensorStatusSupport: bits(plxSensorStatuses, 24),
    rest,
  })
  .map((fields) => ({
    ...fields,
    measurementStatusSupport: fields.features.bits & 1 ? fields.measurementStatusSupport : null,
    sensorStatusSupport: fields.features.bits & 2 ? fields.sensorStatusSupport : null,
  }));

const temperature = fc.record({
  temperature: float,
  unit: fc.constantFrom('C' as const, 'F' as const),
  timeStamp: orNull(clock),
  place: orNull(code(temperatureTypes)),
  reservedFlags: reserved(3),
  rest,
});

export const vitalSamples: readonly Sample[] = [
  sample(heartRateMeasurement, heartRate),
  sample(bodySensorLocation, code(bodySensorLocations)),
  sample(heartRateControlPoint, code(heartRateCommands)),
  sample(bloodPressureMeasurement, fc.record({ systolic: sfloat, diastolic: sfloat, meanArterial: sfloat, ...cuff })),
  sample(intermediateCuffPressure, fc.record({ cuffPressure: sfloat, unused: fc.tuple(sfloat, sfloat), ...cuff })),
  sample(bloodPressureFeature, fc.record({ features: bits(bloodPressureFeatures, 16), rest })),
  sample(
    plxSpotCheckMeasurement,
    fc.record({ ...pair, timeStamp: orNull(clock), isClockUnset: fc.boolean(), ...plxStatus }),
  ),
  sample(
    plxContinuousMeasurement,
    fc.record({ ...pair, fast: orNull(fc.record(pair)), slow: orNull(fc.record(pair)), ...plxStatus }),
  ),
  sample(plxFeatures, plxFeature),
  sample(temperatureMeasurement, temperature),
  sample(intermediateTemperature, temperature),
  sample(temperatureType, code(temperatureTypes)),
  sample(measurementInterval, fc.record({ intervalS: orNull(fc.integer({ min: 1, max: 0xffff })) })),
];
