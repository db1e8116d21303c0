// Glucose Service: what the user told the meter about a measurement. Joined to it by the sequence number.

import { type Appended, characteristic, GATT_VALUE_BYTES_MAX } from './characteristic.ts';
import { type Coded, codes, flag } from './coded.ts';
import { GLUCOSE_SERVICE } from './glucose.ts';
import { type MedFloat, shiftedValue } from './med-float.ts';
import type { ValueWriter } from './value-writer.ts';

const CARBOHYDRATE = 1;
const MEAL = 2;
const TESTER_HEALTH = 4;
const EXERCISE = 8;
const MEDICATION = 16;
const MEDICATION_LITRES = 32;
const HBA1C = 64;
const EXTENDED = 128;
const EXERCISE_OVERRUN = 0xffff;

export const carbohydrateKinds = codes({
  1: 'breakfast',
  2: 'lunch',
  3: 'dinner',
  4: 'snack',
  5: 'drink',
  6: 'supper',
  7: 'brunch',
});
export type CarbohydrateKind = NonNullable<ReturnType<typeof carbohydrateKinds.of>['name']>;

export const glucoseMeals = codes({ 1: 'preprandial', 2: 'postprandial', 3: 'fasting', 4: 'casual', 5: 'bedtime' });
export type GlucoseMeal = NonNullable<ReturnType<typeof glucoseMeals.of>['name']>;

export const glucoseTesters = codes({ 1: 'self', 2: 'health-care-professional', 3: 'lab', 15: 'not-available' });
export type GlucoseTester = NonNullable<ReturnType<typeof glucoseTesters.of>['name']>;

export const glucoseHealths = codes({
  1: 'minor-issues',
  2: 'major-issues',
  3: 'menses',
  4: 'stress',
  5: 'no-issues',
  15: 'not-available',
});
export type GlucoseHealth = NonNullable<ReturnType<typeof glucoseHealths.of>['name']>;

export const medicationKinds = codes({
  1: 'rapid-acting-insulin',
  2: 'short-acting-insulin',
  3: 'intermediate-acting-insulin',
  4: 'long-acting-insulin',
  5: 'pre-mixed-insulin',
});
export type MedicationKind = NonNullable<ReturnType<typeof medicationKinds.of>['name']>;

export type MedicationUnit = 'kg' | 'L';

export interface GlucoseContextFields extends Appended {
  readonly sequence: number;
  /** A byte of flags without a meaning yet; null when absent. */
  readonly extendedFlags?: number | null;
  readonly carbohydrate?: { readonly kind: Coded<CarbohydrateKind>; readonly kg: MedFloat } | null;
  readonly meal?: Coded<GlucoseMeal> | null;
  readonly testerHealth?: { readonly tester: Coded<GlucoseTester>; readonly health: Coded<GlucoseHealth> } | null;
  /** 65535 s stands for that and more. */
  readonly exercise?: { readonly durationS: number; readonly intensityPercent: number } | null;
  readonly medicationUnit?: MedicationUnit;
  readonly medication?: { readonly kind: Coded<MedicationKind>; readonly amount: MedFloat } | null;
  readonly hba1cPercent?: MedFloat | null;
}

export interface GlucoseContext extends Required<GlucoseContextFields> {
  readonly carbohydrateG: number | null;
  /** Milligrams of a medication given by mass. */
  readonly medicationMg: number | null;
  /** Millilitres of a medication given by volume. */
  readonly medicationMl: number | null;
  /** Whether the exercise was longer than its field can say. */
  readonly isExerciseOverrun: boolean;
}

export const glucoseMeasurementContext = characteristic<GlucoseContext, GlucoseContextFields>({
  uuid: 0x2a34,
  name: 'Glucose Measurement Context',
  services: [GLUCOSE_SERVICE],
  bytesMax: GATT_VALUE_BYTES_MAX,
  read(reader) {
    const flags = reader.u8('flags');
    const sequence = reader.u16('sequence number');
    const extendedFlags = flags & EXTENDED ? reader.u8('extended flags') : null;
    const carbohydrate =
      flags & CARBOHYDRATE
        ? { kind: carbohydrateKinds.of(reader.u8('carbohydrate id')), kg: reader.sfloat('carbohydrate') }
        : null;
    const meal = flags & MEAL ? glucoseMeals.of(reader.u8('meal')) : null;
    const whoAndHow = flags & TESTER_HEALTH ? reader.u8('tester and health') : null;
    const exercise =
      flags & EXERCISE
        ? { durationS: reader.u16('exercise duration'), intensityPercent: reader.u8('exercise intensity') }
        : null;
    const medicationUnit = flags & MEDICATION_LITRES ? 'L' : 'kg';
    const medication =
      flags & MEDICATION
        ? { kind: medicationKinds.of(reader.u8('medication id')), amount: reader.sfloat('medication') }
        : null;
    const milli = medication && shiftedValue(medication.amount, medicationUnit === 'kg' ? 6 : 3);
    return {
      sequence,
      extendedFlags,
      carbohydrate,
      carbohydrateG: carbohydrate && shiftedValue(carbohydrate.kg, 3),
      meal,
      testerHealth:
        whoAndHow === null
          ? null
          : { tester: glucoseTesters.of(whoAndHow & 0xf), health: glucoseHealths.of(whoAndHow >> 4) },
      exercise,
      isExerciseOverrun: exercise?.durationS === EXERCISE_OVERRUN,
      medicationUnit,
      medication,
      medicationMg: medicationUnit === 'kg' ? milli : null,
      medicationMl: medicationUnit === 'L' ? milli : null,
      hba1cPercent: flags & HBA1C ? reader.sfloat('HbA1c') : null,
      rest: reader.rest(),
    };
  },
  write(fields, writer) {
    writer.u8(flagsOf(fields), 'flags');
    writer.u16(fields.sequence, 'sequence number');
    if (fields.extendedFlags != null) writer.u8(fields.extendedFlags, 'extended flags');
    writeContext(fields, writer);
    if (fields.rest) writer.raw(fields.rest);
  },
});

function flagsOf(fields: GlucoseContextFields): number {
  return (
    flag(CARBOHYDRATE, fields.carbohydrate != null) |
    flag(MEAL, fields.meal != null) |
    flag(TESTER_HEALTH, fields.testerHealth != null) |
    flag(EXERCISE, fields.exercise != null) |
    flag(MEDICATION, fields.medication != null) |
    flag(MEDICATION_LITRES, fields.medicationUnit === 'L') |
    flag(HBA1C, fields.hba1cPercent != null) |
    flag(EXTENDED, fields.extendedFlags != null)
  );
}

function writeContext(fields: GlucoseContextFields, writer: ValueWriter): void {
  const { carbohydrate, meal, testerHealth, exercise, medication, hba1cPercent } = fields;
  if (carbohydrate) {
    writer.u8(carbohydrate.kind.code, 'carbohydrate id');
    writer.sfloat(carbohydrate.kg);
  }
  if (meal) writer.u8(meal.code, 'meal');
  if (testerHealth) writer.nibbles(testerHealth.tester.code, testerHealth.health.code, 'tester and health');
  if (exercise) {
    writer.u16(exercise.durationS, 'exercise duration');
    writer.u8(exercise.intensityPercent, 'exercise intensity');
  }
  if (medication) {
    writer.u8(medication.kind.code, 'medication id');
    writer.sfloat(medication.amount);
  }
  if (hba1cPercent) writer.sfloat(hba1cPercent);
}
