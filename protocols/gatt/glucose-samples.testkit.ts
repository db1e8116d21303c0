// What the encoders of the Glucose Service may be given, made field by field and not by decoding something.

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
  sfloat,
  u8,
  u16,
} from './arbitraries.testkit.ts';
import {
  glucoseFeature,
  glucoseFeatureNames,
  glucoseMeasurement,
  glucoseSampleLocations,
  glucoseSampleTypes,
  glucoseStatuses,
} from './glucose.ts';
import {
  carbohydrateKinds,
  glucoseHealths,
  glucoseMeals,
  glucoseMeasurementContext,
  glucoseTesters,
  medicationKinds,
} from './glucose-context.ts';
import { racpOpCodes, racpOperators, racpResults, recordAccessControlPoint } from './record-access.ts';

const bounds = <Bound>(bound: fc.Arbitrary<Bound>) =>
  fc.oneof(
    fc.record({ operator: fc.constant(racpOperators.named('at-most')), atLeast: fc.constant(null), atMost: bound }),
    fc.record({ operator: fc.constant(racpOperators.named('at-least')), atLeast: bound, atMost: fc.constant(null) }),
    fc.record({ operator: fc.constant(racpOperators.named('within')), atLeast: bound, atMost: bound }),
  );
const requestCode = fc.constantFrom(...([1, 2, 4, 7] as const)).map((number) => racpOpCodes.of(number));
const nullOperator = fc.constant(racpOperators.named('null'));
const recordAccess = fc.oneof(
  fc.record({
    opCode: code(racpOpCodes),
    operator: code(racpOperators),
    operand: fc.constant({ kind: 'none' as const }),
  }),
  fc.tuple(requestCode, bounds(u16)).map(([opCode, { operator, ...range }]) => ({
    opCode,
    operator,
    operand: { kind: 'sequence' as const, ...range },
  })),
  fc.tuple(requestCode, bounds(clock)).map(([opCode, { operator, ...range }]) => ({
    opCode,
    operator,
    operand: { kind: 'time' as const, ...range },
  })),
  fc.record({
    opCode: fc.constantFrom(racpOpCodes.named('count-response'), racpOpCodes.named('combined-report-response')),
    operator: nullOperator,
    operand: fc.record({ kind: fc.constant('count' as const), recordCount: u8, bytes: fc.constantFrom(1, 2, 4) }),
  }),
  fc.record({
    opCode: fc.constant(racpOpCodes.named('response')),
    operator: nullOperator,
    operand: fc.record({
      kind: fc.constant('response' as const),
      request: code(racpOpCodes),
      result: code(racpResults),
    }),
  }),
  fc.record({
    opCode: fc.integer({ min: 9, max: 255 }).map((number) => racpOpCodes.of(number)),
    operator: fc.integer({ min: 7, max: 255 }).map((number) => racpOperators.of(number)),
    operand: fc.record({
      kind: fc.constant('opaque' as const),
      bytes: fc.uint8Array({ minLength: 1, maxLength: 18 }),
    }),
  }),
);

export const glucoseSamples: readonly Sample[] = [
  sample(
    glucoseMeasurement,
    fc.record({
      sequence: u16,
      baseTime: clock,
      timeOffsetMinutes: orNull(fc.integer({ min: -0x8000, max: 0x7fff })),
      unit: fc.constantFrom('kg/L' as const, 'mol/L' as const),
      sample: orNull(
        fc.record({
          concentration: sfloat,
          type: code(glucoseSampleTypes, 15),
          location: code(glucoseSampleLocations, 15),
        }),
      ),
      status: orNull(bits(glucoseStatuses, 16)),
      hasContext: fc.boolean(),
      reservedFlags: reserved(5),
      rest,
    }),
  ),
  sample(
    glucoseMeasurementContext,
    fc.record({
      sequence: u16,
      extendedFlags: orNull(u8),
      carbohydrate: orNull(fc.record({ kind: code(carbohydrateKinds), kg: sfloat })),
      meal: orNull(code(glucoseMeals)),
      testerHealth: orNull(fc.record({ tester: code(glucoseTesters, 15), health: code(glucoseHealths, 15) })),
      exercise: orNull(fc.record({ durationS: u16, intensityPercent: u8 })),
      medicationUnit: fc.constantFrom('kg' as const, 'L' as const),
      medication: orNull(fc.record({ kind: code(medicationKinds), amount: sfloat })),
      hba1cPercent: orNull(sfloat),
      rest,
    }),
  ),
  sample(glucoseFeature, fc.record({ features: bits(glucoseFeatureNames, 16), rest })),
  // The union of arbitraries is wider than the union of operands only in what `bytes` of a count may be.
  sample(recordAccessControlPoint, recordAccess as never),
];
