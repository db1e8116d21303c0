// What the encoders of scales, battery, device information and time may be given, made field by field.

import * as fc from 'fast-check';
import {
  bits,
  clock,
  code,
  orNull,
  reserved,
  rest,
  type Sample,
  sample,
  system,
  u8,
  u16,
  u32,
  userId,
} from './arbitraries.testkit.ts';
import { batteryLevel } from './battery.ts';
import { bodyCompositionFeature, bodyCompositionFeatures, bodyCompositionMeasurement } from './body-composition.ts';
import {
  currentTime,
  dateTime,
  daysOfWeek,
  localTimeInformation,
  referenceTimeInformation,
  timeAdjustReasons,
  timeSources,
} from './current-time.ts';
import {
  firmwareRevision,
  hardwareRevision,
  manufacturerName,
  modelNumber,
  pnpId,
  regulatoryCertification,
  serialNumber,
  softwareRevision,
  systemId,
  vendorIdSources,
} from './device-information.ts';
import { weightMeasurement, weightScaleFeature, weightScaleFeatures } from './weight-scale.ts';

const amounts = {
  basalMetabolismKJ: orNull(u16),
  muscleTenthPercent: orNull(u16),
  muscleMassSteps: orNull(u16),
  fatFreeMassSteps: orNull(u16),
  softLeanMassSteps: orNull(u16),
  bodyWaterMassSteps: orNull(u16),
  impedanceTenthOhm: orNull(u16),
  weightSteps: orNull(u16),
  heightSteps: orNull(u16),
};

const text = fc.string({ unit: 'grapheme', maxLength: 30 }).map((chars) => ({ text: chars }));

export const deviceSamples: readonly Sample[] = [
  sample(
    weightMeasurement,
    fc.record({
      system,
      weightSteps: u16,
      timeStamp: orNull(clock),
      userId: orNull(userId),
      body: orNull(fc.record({ bmiTenths: u16, heightSteps: u16 })),
      reservedFlags: reserved(4),
      rest,
    }),
  ),
  sample(weightScaleFeature, fc.record({ features: bits(weightScaleFeatures, 32), rest })),
  sample(
    bodyCompositionMeasurement,
    fc.record({
      system,
      bodyFatTenthPercent: u16,
      timeStamp: orNull(clock),
      userId: orNull(userId),
      isMultiPacket: fc.boolean(),
      ...amounts,
      reservedFlags: reserved(13, 16),
      rest,
    }),
  ),
  sample(bodyCompositionFeature, fc.record({ features: bits(bodyCompositionFeatures, 32), rest })),
  sample(batteryLevel, fc.record({ level: u8 })),
  ...[manufacturerName, modelNumber, serialNumber, hardwareRevision, firmwareRevision, softwareRevision].map((one) =>
    sample(one, text),
  ),
  sample(
    systemId,
    fc.tuple(u32, u32).map((words) => ({ eui64: words.map((one) => one.toString(16).padStart(8, '0')).join('') })),
  ),
  sample(pnpId, fc.record({ source: code(vendorIdSources), vendor: u16, product: u16, version: u16 })),
  sample(regulatoryCertification, fc.record({ bytes: fc.uint8Array({ maxLength: 60 }) })),
  sample(
    currentTime,
    fc.record({
      dateTime: clock,
      dayOfWeek: code(daysOfWeek),
      fractions256: u8,
      adjustReason: bits(timeAdjustReasons, 8),
    }),
  ),
  sample(localTimeInformation, fc.record({ zoneQuarters: fc.integer({ min: -128, max: 127 }), dstQuarters: u8 })),
  sample(
    referenceTimeInformation,
    fc.record({ source: code(timeSources), accuracyEighths: u8, daysSinceUpdate: u8, hoursSinceUpdate: u8 }),
  ),
  sample(dateTime, clock),
];
