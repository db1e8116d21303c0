// Glucose Service: the measurement and what the meter can detect. The context of a measurement is in glucose-context.ts.

import { type Appended, characteristic, GATT_VALUE_BYTES_MAX, reservedBits, type Unclaimed } from './characteristic.ts';
import { type Bits, bitNames, type Coded, codes, flag } from './coded.ts';
import { type DateTime, type DateTimeFields, localIsoAfter } from './date-time.ts';
import { type MedFloat, shiftedValue } from './med-float.ts';

export const GLUCOSE_SERVICE = 0x1808;
const TIME_OFFSET = 1;
const CONCENTRATION = 2;
const MOL_PER_LITRE = 4;
const STATUS = 8;
const CONTEXT_FOLLOWS = 16;
const KNOWN_FLAGS = 0x1f;
/** An offset beyond these is not known, only its direction (Glucose Service 1.0, sint16 overrun and underrun). */
const OFFSET_OVERRUN = 0x7fff;
const OFFSET_UNDERRUN = -0x8000;
/** Molar mass of glucose, C6H12O6, IUPAC standard atomic weights. */
const GLUCOSE_GRAM_PER_MOL = 180.156;

/** The unit of the SFLOAT on the air; meters think in mg/dL (1e-5 kg/L) and mmol/L (1e-3 mol/L). */
export type GlucoseUnit = 'kg/L' | 'mol/L';

export const glucoseSampleTypes = codes({
  1: 'capillary-whole-blood',
  2: 'capillary-plasma',
  3: 'venous-whole-blood',
  4: 'venous-plasma',
  5: 'arterial-whole-blood',
  6: 'arterial-plasma',
  7: 'undetermined-whole-blood',
  8: 'undetermined-plasma',
  9: 'interstitial-fluid',
  10: 'control-solution',
});
export type GlucoseSampleType = NonNullable<ReturnType<typeof glucoseSampleTypes.of>['name']>;

export const glucoseSampleLocations = codes({
  1: 'finger',
  2: 'alternate-site',
  3: 'ear-lobe',
  4: 'control-solution',
  15: 'not-available',
});
export type GlucoseSampleLocation = NonNullable<ReturnType<typeof glucoseSampleLocations.of>['name']>;

export const glucoseStatuses = bitNames({
  0: 'battery-low',
  1: 'sensor-malfunction',
  2: 'sample-insufficient',
  3: 'strip-insertion-error',
  4: 'strip-type-incorrect',
  5: 'result-too-high',
  6: 'result-too-low',
  7: 'temperature-too-high',
  8: 'temperature-too-low',
  9: 'read-interrupted',
  10: 'device-fault',
  11: 'time-fault',
});
export type GlucoseStatus = ReturnType<typeof glucoseStatuses.of>['names'][number];

export interface GlucoseSample {
  readonly concentration: MedFloat;
  readonly type: Coded<GlucoseSampleType>;
  readonly location: Coded<GlucoseSampleLocation>;
}

export interface GlucoseMeasurementFields extends Unclaimed {
  /** 0..65535; joins a context to its measurement and orders the store until it wraps. */
  readonly sequence: number;
  /** The meter's clock as it first was; corrections by the user go into the offset. */
  readonly baseTime: DateTimeFields;
  readonly timeOffsetMinutes?: number | null;
  readonly unit: GlucoseUnit;
  readonly sample?: GlucoseSample | null;
  readonly status?: Bits<GlucoseStatus> | null;
  readonly hasContext?: boolean;
}

export interface GlucoseMeasurement extends Required<GlucoseMeasurementFields> {
  readonly baseTime: DateTime;
  /** Base time plus offset: what the meter showed. Null when either is not known. */
  readonly localIso: string | null;
  /** The concentration in both clinical units, null without one. Exact in the device's own unit. */
  readonly mgPerDl: number | null;
  readonly mmolPerL: number | null;
}

export const glucoseMeasurement = characteristic<GlucoseMeasurement, GlucoseMeasurementFields>({
  uuid: 0x2a18,
  name: 'Glucose Measurement',
  services: [GLUCOSE_SERVICE],
  bytesMax: GATT_VALUE_BYTES_MAX,
  read(reader) {
    const flags = reader.u8('flags');
    const sequence = reader.u16('sequence number');
    const baseTime = reader.dateTime('base time');
    const timeOffsetMinutes = flags & TIME_OFFSET ? reader.i16('time offset') : null;
    const unit = flags & MOL_PER_LITRE ? 'mol/L' : 'kg/L';
    const concentration = flags & CONCENTRATION ? reader.sfloat('concentration') : null;
    const place = flags & CONCENTRATION ? reader.u8('type and sample location') : 0;
    return {
      sequence,
      baseTime,
      timeOffsetMinutes,
      localIso: localIsoOf(baseTime, timeOffsetMinutes),
      unit,
      sample: concentration && {
        concentration,
        type: glucoseSampleTypes.of(place & 0xf),
        location: glucoseSampleLocations.of(place >> 4),
      },
      ...clinicalUnits(concentration, unit),
      status: flags & STATUS ? glucoseStatuses.of(reader.u16('sensor status')) : null,
      hasContext: (flags & CONTEXT_FOLLOWS) !== 0,
      reservedFlags: flags & ~KNOWN_FLAGS,
      rest: reader.rest(),
    };
  },
  write(fields, writer) {
    const { sequence, baseTime, timeOffsetMinutes = null, unit, sample = null, status = null, rest } = fields;
    const flags =
      flag(TIME_OFFSET, timeOffsetMinutes !== null) |
      flag(CONCENTRATION, sample !== null) |
      flag(MOL_PER_LITRE, unit === 'mol/L') |
      flag(STATUS, status !== null) |
      flag(CONTEXT_FOLLOWS, fields.hasContext ?? false);
    writer.u8(flags | reservedBits(fields, KNOWN_FLAGS), 'flags');
    writer.u16(sequence, 'sequence number');
    writer.dateTime(baseTime);
    if (timeOffsetMinutes !== null) writer.i16(timeOffsetMinutes, 'time offset');
    if (sample) {
      writer.sfloat(sample.concentration);
      writer.nibbles(sample.type.code, sample.location.code, 'type and sample location');
    }
    if (status) writer.u16(status.bits, 'sensor status');
    if (rest) writer.raw(rest);
  },
});

export const glucoseFeatureNames = bitNames({
  0: 'low-battery',
  1: 'sensor-malfunction',
  2: 'sample-size',
  3: 'strip-insertion',
  4: 'strip-type',
  5: 'result-high-low',
  6: 'temperature-high-low',
  7: 'read-interrupt',
  8: 'device-fault',
  9: 'time-fault',
  10: 'multiple-bonds',
});
export type GlucoseFeatureName = ReturnType<typeof glucoseFeatureNames.of>['names'][number];

export interface GlucoseFeatureFields extends Appended {
  readonly features: Bits<GlucoseFeatureName>;
}

export const glucoseFeature = characteristic<Required<GlucoseFeatureFields>, GlucoseFeatureFields>({
  uuid: 0x2a51,
  name: 'Glucose Feature',
  services: [GLUCOSE_SERVICE],
  bytesMax: GATT_VALUE_BYTES_MAX,
  read: (reader) => ({ features: glucoseFeatureNames.of(reader.u16('features')), rest: reader.rest() }),
  write({ features, rest }, writer) {
    writer.u16(features.bits, 'features');
    if (rest) writer.raw(rest);
  },
});

function localIsoOf(baseTime: DateTime, offsetMinutes: number | null): string | null {
  if (offsetMinutes === OFFSET_OVERRUN || offsetMinutes === OFFSET_UNDERRUN) return null;
  return localIsoAfter(baseTime, offsetMinutes ?? 0);
}

function clinicalUnits(
  concentration: MedFloat | null,
  unit: GlucoseUnit,
): Pick<GlucoseMeasurement, 'mgPerDl' | 'mmolPerL'> {
  if (concentration === null || concentration.value === null) return { mgPerDl: null, mmolPerL: null };
  if (unit === 'kg/L') {
    const mgPerDl = shiftedValue(concentration, 5)!;
    return { mgPerDl, mmolPerL: (mgPerDl * 10) / GLUCOSE_GRAM_PER_MOL };
  }
  const mmolPerL = shiftedValue(concentration, 3)!;
  return { mgPerDl: (mmolPerL * GLUCOSE_GRAM_PER_MOL) / 10, mmolPerL };
}
