// Writing and asking for a value of HrvTime together with its bit in `valid`. A field's offset is its name here.

import { HrvTime } from './layout';

/** Store a value and set its bit. A value that is not finite (0 / 0, overflow) does not exist: nothing is stored. */
export function put(time: HrvTime, fieldOffset: usize, value: f64): void {
  if (!isFinite(value)) return;
  store<f64>(changetype<usize>(time) + fieldOffset, value);
  time.valid |= bitOf(fieldOffset);
}

export function has(time: HrvTime, fieldOffset: usize): bool {
  return (time.valid & bitOf(fieldOffset)) !== 0;
}

function bitOf(fieldOffset: usize): u32 {
  return 1 << (<u32>((fieldOffset - offsetof<HrvTime>('MeanNN')) >> 3));
}
