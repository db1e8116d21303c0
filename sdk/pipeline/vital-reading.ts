// One value of a clinic device as numbers with units and words: what a result record says of a measurement.
//
// Missing is null. A measurement that failed is told as one: its numbers are null, its coverage is below 1, and the flags say why.
import { gatt } from '@maibo/protocols';
import type { Result } from './result.ts';
import { readBodyComposition, readTemperature, readWeight } from './vital-body.ts';
import { readBloodPressure, readOximeterContinuous, readOximeterSpot } from './vital-circulation.ts';
import { readGlucose, readGlucoseContext } from './vital-glucose.ts';

export interface VitalReading {
  readonly result: Result['result'];
  readonly values: Result['values'];
  readonly flags: readonly string[];
  /** Share of the numbers it is about that are there, 0..1. */
  readonly coverage: number;
}

type Reader = (value: Uint8Array) => VitalReading | null;

/**
 * By 16-bit number. The pressure in a cuff that still inflates (0x2A36) and a temperature that still rises (0x2A1E) are no measurements: they
 * are missing here on purpose.
 */
const READERS: ReadonlyMap<number, Reader> = new Map<number, Reader>([
  [gatt.bloodPressureMeasurement.uuid, readBloodPressure],
  [gatt.plxSpotCheckMeasurement.uuid, readOximeterSpot],
  [gatt.plxContinuousMeasurement.uuid, readOximeterContinuous],
  [gatt.glucoseMeasurement.uuid, readGlucose],
  [gatt.glucoseMeasurementContext.uuid, readGlucoseContext],
  [gatt.temperatureMeasurement.uuid, readTemperature],
  [gatt.weightMeasurement.uuid, readWeight],
  [gatt.bodyCompositionMeasurement.uuid, readBodyComposition],
]);

/** Null for a characteristic that is no measurement, and for bytes that cannot be read. */
export function readVital(characteristic: number, value: Uint8Array): VitalReading | null {
  return READERS.get(characteristic)?.(value) ?? null;
}
