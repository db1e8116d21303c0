// Weight Scale Service.

import { type Appended, characteristic, GATT_VALUE_BYTES_MAX, reservedBits, type Unclaimed } from './characteristic.ts';
import { type Bits, bitNames, type Coded, flag } from './coded.ts';
import type { DateTime, DateTimeFields } from './date-time.ts';
import {
  type HeightResolution,
  heightResolutions,
  kgOf,
  type MassResolution,
  type MeasurementSystem,
  massResolutions,
  metresOf,
  UNSUCCESSFUL,
} from './mass-and-height.ts';
import { readUserId, type UserId, writeUserId } from './user-id.ts';

const WEIGHT_SCALE_SERVICE = 0x181d;
const IMPERIAL = 1;
const TIME_STAMP = 2;
const USER_ID = 4;
const BMI_AND_HEIGHT = 8;
const KNOWN_FLAGS = 0xf;
const MASS_SHIFT = 3;
const HEIGHT_SHIFT = 7;

export interface WeightMeasurementFields extends Unclaimed {
  readonly system: MeasurementSystem;
  /** 5 g or 0.01 lb each; 65535 for a weighing that failed. */
  readonly weightSteps: number;
  readonly timeStamp?: DateTimeFields | null;
  readonly userId?: UserId | null;
  /** Body mass index in 0.1 kg/m2, height in 1 mm or 0.1 in. */
  readonly body?: { readonly bmiTenths: number; readonly heightSteps: number } | null;
}

export interface WeightMeasurement extends Required<WeightMeasurementFields> {
  readonly timeStamp: DateTime | null;
  /** Null when the weighing failed. */
  readonly weightKg: number | null;
  readonly bmi: number | null;
  readonly heightM: number | null;
}

export const weightMeasurement = characteristic<WeightMeasurement, WeightMeasurementFields>({
  uuid: 0x2a9d,
  name: 'Weight Measurement',
  services: [WEIGHT_SCALE_SERVICE],
  bytesMax: GATT_VALUE_BYTES_MAX,
  read(reader) {
    const flags = reader.u8('flags');
    const system = flags & IMPERIAL ? 'imperial' : 'SI';
    const weightSteps = reader.u16('weight');
    const timeStamp = flags & TIME_STAMP ? reader.dateTime('time stamp') : null;
    const userId = flags & USER_ID ? readUserId(reader) : null;
    const body = flags & BMI_AND_HEIGHT ? { bmiTenths: reader.u16('BMI'), heightSteps: reader.u16('height') } : null;
    return {
      system,
      weightSteps,
      weightKg: weightSteps === UNSUCCESSFUL ? null : kgOf(weightSteps, system),
      timeStamp,
      userId,
      body,
      bmi: body && body.bmiTenths / 10,
      heightM: body && metresOf(body.heightSteps, system),
      reservedFlags: flags & ~KNOWN_FLAGS,
      rest: reader.rest(),
    };
  },
  write(fields, writer) {
    const { system, weightSteps, timeStamp = null, userId = null, body = null, rest } = fields;
    const flags =
      flag(IMPERIAL, system === 'imperial') |
      flag(TIME_STAMP, timeStamp !== null) |
      flag(USER_ID, userId !== null) |
      flag(BMI_AND_HEIGHT, body !== null);
    writer.u8(flags | reservedBits(fields, KNOWN_FLAGS), 'flags');
    writer.u16(weightSteps, 'weight');
    if (timeStamp) writer.dateTime(timeStamp);
    if (userId !== null) writeUserId(userId, writer);
    if (body) {
      writer.u16(body.bmiTenths, 'BMI');
      writer.u16(body.heightSteps, 'height');
    }
    if (rest) writer.raw(rest);
  },
});

export const weightScaleFeatures = bitNames({ 0: 'time-stamp', 1: 'multiple-users', 2: 'bmi' });
export type WeightScaleFeatureName = 'time-stamp' | 'multiple-users' | 'bmi';

export interface WeightScaleFeatureFields extends Appended {
  /** All 32 bits, the resolutions among them. */
  readonly features: Bits<WeightScaleFeatureName>;
}

export interface WeightScaleFeature extends Required<WeightScaleFeatureFields> {
  readonly massResolution: Coded<MassResolution>;
  readonly heightResolution: Coded<HeightResolution>;
}

export const weightScaleFeature = characteristic<WeightScaleFeature, WeightScaleFeatureFields>({
  uuid: 0x2a9e,
  name: 'Weight Scale Feature',
  services: [WEIGHT_SCALE_SERVICE],
  bytesMax: GATT_VALUE_BYTES_MAX,
  read(reader) {
    const bits = reader.u32('features');
    return {
      features: weightScaleFeatures.of(bits),
      massResolution: massResolutions.of((bits >> MASS_SHIFT) & 0xf),
      heightResolution: heightResolutions.of((bits >> HEIGHT_SHIFT) & 7),
      rest: reader.rest(),
    };
  },
  write({ features, rest }, writer) {
    writer.u32(features.bits, 'features');
    if (rest) writer.raw(rest);
  },
});
