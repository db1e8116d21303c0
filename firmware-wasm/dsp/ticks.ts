// Time in ticks of 2^-20 s, as a whole number: what a processor without hardware for f64 can subtract and compare.

export const TICK_BITS: i32 = 20;
export const TICKS_PER_S: i32 = 1 << TICK_BITS;

/** Ticks begun by `timeS`, 0 to 2^30 s; anything below 0 counts as 0. */
export function ticksOf(timeS: f64): i64 {
  const bits = reinterpret<i64>(timeS);
  const shift = 1023 + 52 - TICK_BITS - <i32>(bits >> 52);
  if (bits < 0 || shift > 52) return 0;
  return ((bits & 0xfffffffffffff) | 0x10000000000000) >> <i64>shift;
}

/** A number in the order of times: comparing them costs nothing, where there is no f64 in hardware. -0 is 0; NaN lies beyond infinity. */
export function orderOf(timeS: f64): i64 {
  const bits = reinterpret<i64>(timeS);
  return bits < 0 ? i64.MIN_VALUE - bits : bits;
}

export function isLater(timeS: f64, thanS: f64): bool {
  return orderOf(timeS) > orderOf(thanS);
}
