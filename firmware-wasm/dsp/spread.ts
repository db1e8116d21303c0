// Mean and standard deviation of f64 values in memory. Both work on differences from the first value: equal values then give
// exactly that value and exactly 0, and a large mean with a small spread loses no digits.

/** Mean of `count` >= 1 values. */
export function meanOf(at: usize, count: i32): f64 {
  const origin = load<f64>(at);
  let sum: f64 = 0;
  for (let i = 1; i < count; i++) sum += load<f64>(at + ((<usize>i) << 3)) - origin;
  return origin + sum / <f64>count;
}

/** Standard deviation of `count` >= 2 values around their mean, with n - 1 in the denominator. */
export function deviationOf(at: usize, count: i32, mean: f64): f64 {
  let sum: f64 = 0;
  for (let i = 0; i < count; i++) {
    const away = load<f64>(at + ((<usize>i) << 3)) - mean;
    sum += away * away;
  }
  return Math.sqrt(sum / <f64>(count - 1));
}
