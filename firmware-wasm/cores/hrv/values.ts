// Writing and asking for a value of HrvIndices. A field's offset is its name here. While a window is being computed, a value that does
// not exist is NaN; `sealValues` turns that into bits, since no NaN may leave a core.

import { sealBits } from '../../dsp/valid-bits';
import { HrvIndices } from './layout';

const FIRST: usize = offsetof<HrvIndices>('MeanNN');
export const VALUE_COUNT: i32 = (<i32>offsetof<HrvIndices>() - <i32>FIRST) >> 3;

/** Address of the values, one after the other. */
export function valuesOf(indices: HrvIndices): usize {
  return changetype<usize>(indices) + FIRST;
}

/** No value exists. */
export function clearValues(indices: HrvIndices): void {
  for (let i = 0; i < VALUE_COUNT; i++) store<f64>(valuesOf(indices) + ((<usize>i) << 3), NaN);
}

/** Store a value; one that is not finite (0 / 0, overflow) does not exist. */
export function put(indices: HrvIndices, fieldOffset: usize, value: f64): void {
  store<f64>(changetype<usize>(indices) + fieldOffset, isFinite(value) ? value : NaN);
}

export function has(indices: HrvIndices, fieldOffset: usize): bool {
  return !isNaN(load<f64>(changetype<usize>(indices) + fieldOffset));
}

/** Set the bit of every value that exists, and 0 in the place of those that do not. */
export function sealValues(indices: HrvIndices): void {
  sealBits(changetype<usize>(indices), valuesOf(indices), VALUE_COUNT);
}
