// A signed series: `count` i32 at `at`, each the length of an RR interval in ticks (dsp/tick-intervals.ts). A negative one is the length of
// an interval that comes after a gap. What lies between two gaps is a run: no difference, template or box of any index leaves it.

import { TICKS_PER_MS } from '../../dsp/tick-intervals';

export function signedAt(at: usize, index: i32): i32 {
  return load<i32>(at + ((<usize>index) << 2));
}

/** Length of interval `index`, ticks. */
export function lengthAt(at: usize, index: i32): i32 {
  return abs(signedAt(at, index));
}

/** One past the last interval of the run that begins with interval `from`. */
export function runEnd(at: usize, count: i32, from: i32): i32 {
  let end = from + 1;
  while (end < count && signedAt(at, end) > 0) end++;
  return end;
}

export function msOf(ticks: f64): f64 {
  return ticks / <f64>TICKS_PER_MS;
}
