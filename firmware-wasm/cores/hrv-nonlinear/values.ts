// The values of HrvNonlinear as a list. While a window is being computed, a value that does not exist is NaN or infinite; `sealValues` turns
// that into bits, since neither may leave a core.

import { sealBits } from '../../dsp/valid-bits';
import { HrvNonlinear } from './layout';

const FIRST: usize = offsetof<HrvNonlinear>('HRV_CSI');
export const VALUE_COUNT: i32 = <i32>((offsetof<HrvNonlinear>() - FIRST) >> 3);

/** Address of the values, one after the other. */
export function valuesOf(indices: HrvNonlinear): usize {
  return changetype<usize>(indices) + FIRST;
}

/** No value exists. */
export function clearValues(indices: HrvNonlinear): void {
  for (let i = 0; i < VALUE_COUNT; i++) store<f64>(valuesOf(indices) + ((<usize>i) << 3), NaN);
}

/** Set the bit of every value that exists, and 0 in the place of those that do not. */
export function sealValues(indices: HrvNonlinear): void {
  sealBits(changetype<usize>(indices), valuesOf(indices), VALUE_COUNT);
}
