// Pulse Oximeter Service: one reading (spot check), a running one (continuous), and what the oximeter supports.

import { type Appended, characteristic, GATT_VALUE_BYTES_MAX, reservedBits, type Unclaimed } from './characteristic.ts';
import { type Bits, flag } from './coded.ts';
import type { DateTime, DateTimeFields } from './date-time.ts';
import type { MedFloat } from './med-float.ts';
import {
  type PlxFeatureName,
  type PlxMeasurementStatus,
  type PlxSensorStatus,
  plxFeatureNames,
  plxMeasurementStatuses,
  plxSensorStatuses,
} from './pulse-oximeter-status.ts';
import type { ValueReader } from './value-reader.ts';
import type { ValueWriter } from './value-writer.ts';

const PULSE_OXIMETER_SERVICE = 0x1822;

/** Saturation and pulse rate of one averaging; a finger that is not there gives NaN, which is value null. */
export interface OximetryPair {
  readonly spo2Percent: MedFloat;
  readonly pulseRateBpm: MedFloat;
}

interface StatusFields extends Unclaimed {
  readonly measurementStatus?: Bits<PlxMeasurementStatus> | null;
  readonly sensorStatus?: Bits<PlxSensorStatus> | null;
  /** Pulsatile over non-pulsatile signal, in percent. */
  readonly pulseAmplitudePercent?: MedFloat | null;
}

/** Flag bits of the three fields both measurements share; they stand at different places. */
interface StatusMasks {
  readonly measurement: number;
  readonly sensor: number;
  readonly amplitude: number;
}

const SPOT_TIME_STAMP = 1;
const SPOT_STATUS: StatusMasks = { measurement: 2, sensor: 4, amplitude: 8 };
const SPOT_CLOCK_NOT_SET = 16;
const CONTINUOUS_FAST = 1;
const CONTINUOUS_SLOW = 2;
const CONTINUOUS_STATUS: StatusMasks = { measurement: 4, sensor: 8, amplitude: 16 };
const KNOWN_FLAGS = 0x1f;

export interface PlxSpotCheckFields extends OximetryPair, StatusFields {
  readonly timeStamp?: DateTimeFields | null;
  /** The device says of its own clock that nobody has set it. */
  readonly isClockUnset?: boolean;
}

export interface PlxSpotCheck extends Required<PlxSpotCheckFields> {
  readonly timeStamp: DateTime | null;
}

export const plxSpotCheckMeasurement = characteristic<PlxSpotCheck, PlxSpotCheckFields>({
  uuid: 0x2a5e,
  name: 'PLX Spot-Check Measurement',
  services: [PULSE_OXIMETER_SERVICE],
  bytesMax: GATT_VALUE_BYTES_MAX,
  read(reader) {
    const flags = reader.u8('flags');
    return {
      ...readPair(reader),
      timeStamp: flags & SPOT_TIME_STAMP ? reader.dateTime('time stamp') : null,
      isClockUnset: (flags & SPOT_CLOCK_NOT_SET) !== 0,
      ...readStatus(flags, SPOT_STATUS, reader),
    };
  },
  write(fields, writer) {
    const { timeStamp = null, isClockUnset = false } = fields;
    const own = flag(SPOT_TIME_STAMP, timeStamp !== null) | flag(SPOT_CLOCK_NOT_SET, isClockUnset);
    writer.u8(own | statusFlags(fields, SPOT_STATUS), 'flags');
    writePair(fields, writer);
    if (timeStamp) writer.dateTime(timeStamp);
    writeStatus(fields, writer);
  },
});

export interface PlxContinuousFields extends OximetryPair, StatusFields {
  /** Short averaging, for a quick look. */
  readonly fast?: OximetryPair | null;
  /** Long averaging, against motion. */
  readonly slow?: OximetryPair | null;
}

export type PlxContinuous = Required<PlxContinuousFields>;

export const plxContinuousMeasurement = characteristic<PlxContinuous, PlxContinuousFields>({
  uuid: 0x2a5f,
  name: 'PLX Continuous Measurement',
  services: [PULSE_OXIMETER_SERVICE],
  bytesMax: GATT_VALUE_BYTES_MAX,
  read(reader) {
    const flags = reader.u8('flags');
    return {
      ...readPair(reader),
      fast: flags & CONTINUOUS_FAST ? readPair(reader) : null,
      slow: flags & CONTINUOUS_SLOW ? readPair(reader) : null,
      ...readStatus(flags, CONTINUOUS_STATUS, reader),
    };
  },
  write(fields, writer) {
    const { fast = null, slow = null } = fields;
    const own = flag(CONTINUOUS_FAST, fast !== null) | flag(CONTINUOUS_SLOW, slow !== null);
    writer.u8(own | statusFlags(fields, CONTINUOUS_STATUS), 'flags');
    writePair(fields, writer);
    if (fast) writePair(fast, writer);
    if (slow) writePair(slow, writer);
    writeStatus(fields, writer);
  },
});

export interface PlxFeaturesFields extends Appended {
  readonly features: Bits<PlxFeatureName>;
  /** Which status bits the device ever sets; present exactly when `features` names the status. */
  readonly measurementStatusSupport: Bits<PlxMeasurementStatus> | null;
  readonly sensorStatusSupport: Bits<PlxSensorStatus> | null;
}

const FEATURE_MEASUREMENT_STATUS = 1;
const FEATURE_SENSOR_STATUS = 2;

export const plxFeatures = characteristic<Required<PlxFeaturesFields>, PlxFeaturesFields>({
  uuid: 0x2a60,
  name: 'PLX Features',
  services: [PULSE_OXIMETER_SERVICE],
  bytesMax: GATT_VALUE_BYTES_MAX,
  read(reader) {
    const features = plxFeatureNames.of(reader.u16('features'));
    const hasMeasurement = (features.bits & FEATURE_MEASUREMENT_STATUS) !== 0;
    const hasSensor = (features.bits & FEATURE_SENSOR_STATUS) !== 0;
    return {
      features,
      measurementStatusSupport: hasMeasurement ? plxMeasurementStatuses.of(reader.u16('measurement status')) : null,
      sensorStatusSupport: hasSensor ? plxSensorStatuses.of(reader.u24('sensor status')) : null,
      rest: reader.rest(),
    };
  },
  write({ features, measurementStatusSupport, sensorStatusSupport, rest }, writer) {
    const named =
      flag(FEATURE_MEASUREMENT_STATUS, measurementStatusSupport !== null) |
      flag(FEATURE_SENSOR_STATUS, sensorStatusSupport !== null);
    if ((features.bits & (FEATURE_MEASUREMENT_STATUS | FEATURE_SENSOR_STATUS)) !== named)
      throw new TypeError('status support fields and feature bits 0 and 1 contradict each other');
    writer.u16(features.bits, 'features');
    if (measurementStatusSupport) writer.u16(measurementStatusSupport.bits, 'measurement status');
    if (sensorStatusSupport) writer.u24(sensorStatusSupport.bits, 'sensor status');
    if (rest) writer.raw(rest);
  },
});

function readPair(reader: ValueReader): OximetryPair {
  return { spo2Percent: reader.sfloat('SpO2'), pulseRateBpm: reader.sfloat('pulse rate') };
}

function writePair({ spo2Percent, pulseRateBpm }: OximetryPair, writer: ValueWriter): void {
  writer.sfloat(spo2Percent);
  writer.sfloat(pulseRateBpm);
}

function readStatus(flags: number, masks: StatusMasks, reader: ValueReader): Required<StatusFields> {
  return {
    measurementStatus: flags & masks.measurement ? plxMeasurementStatuses.of(reader.u16('measurement status')) : null,
    sensorStatus: flags & masks.sensor ? plxSensorStatuses.of(reader.u24('sensor status')) : null,
    pulseAmplitudePercent: flags & masks.amplitude ? reader.sfloat('pulse amplitude index') : null,
    reservedFlags: flags & ~KNOWN_FLAGS,
    rest: reader.rest(),
  };
}

function statusFlags(fields: StatusFields, masks: StatusMasks): number {
  return (
    flag(masks.measurement, fields.measurementStatus != null) |
    flag(masks.sensor, fields.sensorStatus != null) |
    flag(masks.amplitude, fields.pulseAmplitudePercent != null) |
    reservedBits(fields, KNOWN_FLAGS)
  );
}

function writeStatus(fields: StatusFields, writer: ValueWriter): void {
  const { measurementStatus, sensorStatus, pulseAmplitudePercent, rest } = fields;
  if (measurementStatus) writer.u16(measurementStatus.bits, 'measurement status');
  if (sensorStatus) writer.u24(sensorStatus.bits, 'sensor status');
  if (pulseAmplitudePercent) writer.sfloat(pulseAmplitudePercent);
  if (rest) writer.raw(rest);
}
