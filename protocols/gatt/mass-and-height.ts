// How scales count: mass in steps of 5 g or 0.01 lb, height in steps of 1 mm or 0.1 in, chosen by one flag.
// The steps are kept as sent. The resolution a scale announces in its features says how fine it weighs, it does not
// scale these numbers.

import { codes } from './coded.ts';

export type MeasurementSystem = 'SI' | 'imperial';

/** A mass field with this value says that the measurement failed. */
export const UNSUCCESSFUL = 0xffff;
/** International avoirdupois pound, 1959. */
const KG_PER_LB = 0.45359237;
const METRE_PER_INCH = 0.0254;

export function kgOf(steps: number, system: MeasurementSystem): number {
  // Divisions, because 0.005 has no exact double and 200 has.
  return system === 'SI' ? steps / 200 : (steps / 100) * KG_PER_LB;
}

export function metresOf(steps: number, system: MeasurementSystem): number {
  return system === 'SI' ? steps / 1000 : (steps / 10) * METRE_PER_INCH;
}

/** Coarsest first, as kilograms or pounds. */
export const massResolutions = codes({
  0: 'unspecified',
  1: '0.5 kg or 1 lb',
  2: '0.2 kg or 0.5 lb',
  3: '0.1 kg or 0.2 lb',
  4: '0.05 kg or 0.1 lb',
  5: '0.02 kg or 0.05 lb',
  6: '0.01 kg or 0.02 lb',
  7: '0.005 kg or 0.01 lb',
});
export type MassResolution = NonNullable<ReturnType<typeof massResolutions.of>['name']>;

export const heightResolutions = codes({
  0: 'unspecified',
  1: '0.01 m or 1 in',
  2: '0.005 m or 0.5 in',
  3: '0.001 m or 0.1 in',
});
export type HeightResolution = NonNullable<ReturnType<typeof heightResolutions.of>['name']>;
