// Blood Pressure Service: the measurement, the pressure in the cuff while it runs, and what the cuff can detect.

import { type Appended, characteristic, GATT_VALUE_BYTES_MAX, reservedBits, type Unclaimed } from './characteristic.ts';
import { type Bits, bitNames, type Coded, codes, flag } from './coded.ts';
import type { DateTime, DateTimeFields } from './date-time.ts';
import { type MedFloat, sfloat } from './med-float.ts';
import { readUserId, type UserId, writeUserId } from './user-id.ts';
import type { ValueReader } from './value-reader.ts';
import type { ValueWriter } from './value-writer.ts';

const BLOOD_PRESSURE_SERVICE = 0x1810;
const KILOPASCAL = 1;
const TIME_STAMP = 2;
const PULSE_RATE = 4;
const USER_ID = 8;
const STATUS = 16;
const KNOWN_FLAGS = 0x1f;
/** The conventional millimetre of mercury in pascal (NIST SP 811, appendix B.8). */
const PASCAL_PER_MMHG = 133.322387415;
const RANGE_SHIFT = 3;

export type PressureUnit = 'mmHg' | 'kPa';

export const bloodPressureStatuses = bitNames({
  0: 'body-movement',
  1: 'cuff-too-loose',
  2: 'irregular-pulse',
  5: 'improper-position',
});
export type BloodPressureStatus = 'body-movement' | 'cuff-too-loose' | 'irregular-pulse' | 'improper-position';

/** Bits 3 and 4 of the status. */
export const pulseRateRanges = codes({ 0: 'within', 1: 'above', 2: 'below' });
export type PulseRateRange = 'within' | 'above' | 'below';

/** The fields both characteristics end with. */
interface CuffFields extends Unclaimed {
  /** Of all pressures in this value. */
  readonly unit: PressureUnit;
  readonly timeStamp?: DateTimeFields | null;
  readonly pulseRateBpm?: MedFloat | null;
  readonly userId?: UserId | null;
  readonly status?: Bits<BloodPressureStatus> | null;
}

interface Cuff extends Required<CuffFields> {
  readonly timeStamp: DateTime | null;
  /** From `status`; null when the device sends none. */
  readonly pulseRateRange: Coded<PulseRateRange> | null;
}

export interface BloodPressureMeasurementFields extends CuffFields {
  readonly systolic: MedFloat;
  readonly diastolic: MedFloat;
  readonly meanArterial: MedFloat;
}

export interface BloodPressureMeasurement extends Cuff {
  readonly systolic: MedFloat;
  readonly diastolic: MedFloat;
  readonly meanArterial: MedFloat;
  /** The same pressures in one unit, null where the device had none. */
  readonly systolicMmHg: number | null;
  readonly diastolicMmHg: number | null;
  readonly meanArterialMmHg: number | null;
}

export const bloodPressureMeasurement = characteristic<BloodPressureMeasurement, BloodPressureMeasurementFields>({
  uuid: 0x2a35,
  name: 'Blood Pressure Measurement',
  services: [BLOOD_PRESSURE_SERVICE],
  bytesMax: GATT_VALUE_BYTES_MAX,
  read(reader) {
    const flags = reader.u8('flags');
    const unit = unitOf(flags);
    const systolic = reader.sfloat('systolic');
    const diastolic = reader.sfloat('diastolic');
    const meanArterial = reader.sfloat('mean arterial pressure');
    return {
      systolic,
      systolicMmHg: mmHgOf(systolic, unit),
      diastolic,
      diastolicMmHg: mmHgOf(diastolic, unit),
      meanArterial,
      meanArterialMmHg: mmHgOf(meanArterial, unit),
      ...readCuff(flags, reader),
    };
  },
  write(fields, writer) {
    writer.u8(cuffFlags(fields), 'flags');
    writer.sfloat(fields.systolic);
    writer.sfloat(fields.diastolic);
    writer.sfloat(fields.meanArterial);
    writeCuff(fields, writer);
  },
});

export interface IntermediateCuffPressureFields extends CuffFields {
  readonly cuffPressure: MedFloat;
  /** Two SFLOATs without a meaning; NaN by the specification and by default, 0 from some cuffs. */
  readonly unused?: readonly [MedFloat, MedFloat];
}

export interface IntermediateCuffPressure extends Cuff {
  readonly cuffPressure: MedFloat;
  readonly cuffPressureMmHg: number | null;
  readonly unused: readonly [MedFloat, MedFloat];
}

export const intermediateCuffPressure = characteristic<IntermediateCuffPressure, IntermediateCuffPressureFields>({
  uuid: 0x2a36,
  name: 'Intermediate Cuff Pressure',
  services: [BLOOD_PRESSURE_SERVICE],
  bytesMax: GATT_VALUE_BYTES_MAX,
  read(reader) {
    const flags = reader.u8('flags');
    const cuffPressure = reader.sfloat('cuff pressure');
    return {
      cuffPressure,
      cuffPressureMmHg: mmHgOf(cuffPressure, unitOf(flags)),
      unused: [reader.sfloat('unused'), reader.sfloat('unused')],
      ...readCuff(flags, reader),
    };
  },
  write(fields, writer) {
    const { cuffPressure, unused = [sfloat(null), sfloat(null)] } = fields;
    writer.u8(cuffFlags(fields), 'flags');
    writer.sfloat(cuffPressure);
    for (const value of unused) writer.sfloat(value);
    writeCuff(fields, writer);
  },
});

export const bloodPressureFeatures = bitNames({
  0: 'body-movement',
  1: 'cuff-fit',
  2: 'irregular-pulse',
  3: 'pulse-rate-range',
  4: 'measurement-position',
  5: 'multiple-bonds',
  6: 'e2e-crc',
  7: 'user-data-service',
  8: 'user-facing-time',
});
export type BloodPressureFeatureName = ReturnType<typeof bloodPressureFeatures.of>['names'][number];

export interface BloodPressureFeatureFields extends Appended {
  readonly features: Bits<BloodPressureFeatureName>;
}

export const bloodPressureFeature = characteristic<Required<BloodPressureFeatureFields>, BloodPressureFeatureFields>({
  uuid: 0x2a49,
  name: 'Blood Pressure Feature',
  services: [BLOOD_PRESSURE_SERVICE],
  bytesMax: GATT_VALUE_BYTES_MAX,
  read: (reader) => ({ features: bloodPressureFeatures.of(reader.u16('features')), rest: reader.rest() }),
  write({ features, rest }, writer) {
    writer.u16(features.bits, 'features');
    if (rest) writer.raw(rest);
  },
});

function unitOf(flags: number): PressureUnit {
  return flags & KILOPASCAL ? 'kPa' : 'mmHg';
}

function mmHgOf({ value }: MedFloat, unit: PressureUnit): number | null {
  return value === null || unit === 'mmHg' ? value : (value * 1000) / PASCAL_PER_MMHG;
}

function readCuff(flags: number, reader: ValueReader): Cuff {
  const timeStamp = flags & TIME_STAMP ? reader.dateTime('time stamp') : null;
  const pulseRateBpm = flags & PULSE_RATE ? reader.sfloat('pulse rate') : null;
  const userId = flags & USER_ID ? readUserId(reader) : null;
  const status = flags & STATUS ? bloodPressureStatuses.of(reader.u16('measurement status')) : null;
  return {
    unit: unitOf(flags),
    timeStamp,
    pulseRateBpm,
    userId,
    status,
    pulseRateRange: status && pulseRateRanges.of((status.bits >> RANGE_SHIFT) & 3),
    reservedFlags: flags & ~KNOWN_FLAGS,
    rest: reader.rest(),
  };
}

function cuffFlags(fields: CuffFields): number {
  return (
    flag(KILOPASCAL, fields.unit === 'kPa') |
    flag(TIME_STAMP, fields.timeStamp != null) |
    flag(PULSE_RATE, fields.pulseRateBpm != null) |
    flag(USER_ID, fields.userId != null) |
    flag(STATUS, fields.status != null) |
    reservedBits(fields, KNOWN_FLAGS)
  );
}

function writeCuff({ timeStamp, pulseRateBpm, userId, status, rest }: CuffFields, writer: ValueWriter): void {
  if (timeStamp) writer.dateTime(timeStamp);
  if (pulseRateBpm) writer.sfloat(pulseRateBpm);
  if (userId != null) writeUserId(userId, writer);
  if (status) writer.u16(status.bits, 'measurement status');
  if (rest) writer.raw(rest);
}
