// Body Composition Service. A scale with more to say than one value holds sends several, each marked as part of one.

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

const BODY_COMPOSITION_SERVICE = 0x181b;
const IMPERIAL = 1;
const TIME_STAMP = 2;
const USER_ID = 4;
const MULTIPLE_PACKETS = 0x1000;
const KNOWN_FLAGS = 0x1fff;
const MASS_SHIFT = 11;
const HEIGHT_SHIFT = 15;

/** The two-byte fields in the order of the air, each with its flag. */
const AMOUNTS = [
  ['basalMetabolismKJ', 0x8],
  ['muscleTenthPercent', 0x10],
  ['muscleMassSteps', 0x20],
  ['fatFreeMassSteps', 0x40],
  ['softLeanMassSteps', 0x80],
  ['bodyWaterMassSteps', 0x100],
  ['impedanceTenthOhm', 0x200],
  ['weightSteps', 0x400],
  ['heightSteps', 0x800],
] as const;

/** As sent: masses 5 g or 0.01 lb each, height 1 mm or 0.1 in each. Null is absent. */
export type BodyCompositionAmounts = Readonly<Record<(typeof AMOUNTS)[number][0], number | null>>;

export interface BodyCompositionMeasurementFields extends Unclaimed, Partial<BodyCompositionAmounts> {
  readonly system: MeasurementSystem;
  /** 65535 for a measurement that failed, or for one that comes in another part. */
  readonly bodyFatTenthPercent: number;
  readonly timeStamp?: DateTimeFields | null;
  readonly userId?: UserId | null;
  /** Part of a measurement that takes more than one value. */
  readonly isMultiPacket?: boolean;
}

export interface BodyCompositionMeasurement extends Required<BodyCompositionMeasurementFields> {
  readonly timeStamp: DateTime | null;
  readonly bodyFatPercent: number | null;
  readonly musclePercent: number | null;
  readonly muscleMassKg: number | null;
  readonly fatFreeMassKg: number | null;
  readonly softLeanMassKg: number | null;
  readonly bodyWaterMassKg: number | null;
  readonly impedanceOhm: number | null;
  readonly weightKg: number | null;
  readonly heightM: number | null;
}

export const bodyCompositionMeasurement = characteristic<BodyCompositionMeasurement, BodyCompositionMeasurementFields>({
  uuid: 0x2a9c,
  name: 'Body Composition Measurement',
  services: [BODY_COMPOSITION_SERVICE],
  bytesMax: GATT_VALUE_BYTES_MAX,
  read(reader) {
    const flags = reader.u16('flags');
    const system = flags & IMPERIAL ? 'imperial' : 'SI';
    const bodyFatTenthPercent = reader.u16('body fat percentage');
    const timeStamp = flags & TIME_STAMP ? reader.dateTime('time stamp') : null;
    const userId = flags & USER_ID ? readUserId(reader) : null;
    const entries = AMOUNTS.map(([name, mask]) => [name, flags & mask ? reader.u16(name) : null] as const);
    const amounts = Object.fromEntries(entries) as BodyCompositionAmounts;
    const kg = (steps: number | null) => (steps === null || steps === UNSUCCESSFUL ? null : kgOf(steps, system));
    return {
      system,
      timeStamp,
      userId,
      isMultiPacket: (flags & MULTIPLE_PACKETS) !== 0,
      bodyFatTenthPercent,
      bodyFatPercent: bodyFatTenthPercent === UNSUCCESSFUL ? null : bodyFatTenthPercent / 10,
      ...amounts,
      musclePercent: tenths(amounts.muscleTenthPercent),
      muscleMassKg: kg(amounts.muscleMassSteps),
      fatFreeMassKg: kg(amounts.fatFreeMassSteps),
      softLeanMassKg: kg(amounts.softLeanMassSteps),
      bodyWaterMassKg: kg(amounts.bodyWaterMassSteps),
      impedanceOhm: tenths(amounts.impedanceTenthOhm),
      weightKg: kg(amounts.weightSteps),
      heightM: amounts.heightSteps === null ? null : metresOf(amounts.heightSteps, system),
      reservedFlags: flags & ~KNOWN_FLAGS,
      rest: reader.rest(),
    };
  },
  write(fields, writer) {
    const { system, bodyFatTenthPercent, timeStamp = null, userId = null, rest } = fields;
    const present = AMOUNTS.filter(([name]) => fields[name] != null);
    const flags = present.reduce(
      (sum, [, mask]) => sum | mask,
      flag(IMPERIAL, system === 'imperial') |
        flag(TIME_STAMP, timeStamp !== null) |
        flag(USER_ID, userId !== null) |
        flag(MULTIPLE_PACKETS, fields.isMultiPacket ?? false),
    );
    writer.u16(flags | reservedBits(fields, KNOWN_FLAGS), 'flags');
    writer.u16(bodyFatTenthPercent, 'body fat percentage');
    if (timeStamp) writer.dateTime(timeStamp);
    if (userId !== null) writeUserId(userId, writer);
    for (const [name] of present) writer.u16(fields[name]!, name);
    if (rest) writer.raw(rest);
  },
});

export const bodyCompositionFeatures = bitNames({
  0: 'time-stamp',
  1: 'multiple-users',
  2: 'basal-metabolism',
  3: 'muscle-percentage',
  4: 'muscle-mass',
  5: 'fat-free-mass',
  6: 'soft-lean-mass',
  7: 'body-water-mass',
  8: 'impedance',
  9: 'weight',
  10: 'height',
});
export type BodyCompositionFeatureName = ReturnType<typeof bodyCompositionFeatures.of>['names'][number];

export interface BodyCompositionFeatureFields extends Appended {
  /** All 32 bits, the resolutions among them. */
  readonly features: Bits<BodyCompositionFeatureName>;
}

export interface BodyCompositionFeature extends Required<BodyCompositionFeatureFields> {
  readonly massResolution: Coded<MassResolution>;
  readonly heightResolution: Coded<HeightResolution>;
}

export const bodyCompositionFeature = characteristic<BodyCompositionFeature, BodyCompositionFeatureFields>({
  uuid: 0x2a9b,
  name: 'Body Composition Feature',
  services: [BODY_COMPOSITION_SERVICE],
  bytesMax: GATT_VALUE_BYTES_MAX,
  read(reader) {
    const bits = reader.u32('features');
    return {
      features: bodyCompositionFeatures.of(bits),
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

function tenths(count: number | null): number | null {
  return count === null ? null : count / 10;
}
