// Glucose meters: the measurement, and what the user told the meter about it. The two are joined by `sequence`, within one transfer.
import { gatt } from '@maibo/protocols';
import { reading } from './vital-quantity.ts';
import type { VitalReading } from './vital-reading.ts';

/** Meters stop at 600 mg/dL or 33.3 mmol/L and say "HI"; a laboratory finds up to about three times as much. */
const GLUCOSE_MG_PER_DL_MAX = 2_000;
const GLUCOSE_MMOL_PER_L_MAX = 111;

export function readGlucose(bytes: Uint8Array): VitalReading | null {
  const decoded = gatt.glucoseMeasurement.decode(bytes);
  if (!decoded.ok) return null;
  const meter = decoded.value;
  const float = meter.sample?.concentration ?? null;
  return reading({
    result: 'glucose',
    quantities: {
      glucoseMgPerDl: { value: meter.mgPerDl, float, most: GLUCOSE_MG_PER_DL_MAX },
      glucoseMmolPerL: { value: meter.mmolPerL, float, most: GLUCOSE_MMOL_PER_L_MAX },
    },
    others: {
      sequence: meter.sequence,
      deviceUnit: meter.unit,
      sampleType: meter.sample?.type.name ?? null,
      sampleLocation: meter.sample?.location.name ?? null,
      deviceTime: meter.localIso,
    },
    flags: [
      ...(meter.status?.names ?? []),
      meter.localIso === null && 'device-clock-unset',
      meter.hasContext && 'context-follows',
      // What was measured is a liquid out of a bottle.
      meter.sample?.type.name === 'control-solution' && 'control-solution',
    ],
  });
}

/** A result of its own, because it may come late or never, and because every result follows from one item. */
export function readGlucoseContext(bytes: Uint8Array): VitalReading | null {
  const decoded = gatt.glucoseMeasurementContext.decode(bytes);
  if (!decoded.ok) return null;
  const context = decoded.value;
  return reading({
    result: 'glucose',
    quantities: {},
    others: {
      sequence: context.sequence,
      carbohydrateKind: context.carbohydrate?.kind.name ?? null,
      carbohydrateG: context.carbohydrateG,
      meal: context.meal?.name ?? null,
      tester: context.testerHealth?.tester.name ?? null,
      health: context.testerHealth?.health.name ?? null,
      exerciseS: context.isExerciseOverrun ? null : (context.exercise?.durationS ?? null),
      exerciseIntensityPercent: context.exercise?.intensityPercent ?? null,
      medicationKind: context.medication?.kind.name ?? null,
      medicationMg: context.medicationMg,
      medicationMl: context.medicationMl,
      hba1cPercent: context.hba1cPercent?.value ?? null,
    },
    flags: ['context', context.isExerciseOverrun && 'exercise-beyond-range'],
  });
}
