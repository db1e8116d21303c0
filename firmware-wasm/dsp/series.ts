// A signed series: `count` f64 at `at`, each the length of an RR interval in ms. A negative one is the length of an interval that comes
// after a gap. What lies between two gaps is a run: no difference, template, box or line of any index leaves the run it began in.

/** Length of interval `index`, ms. */
export function lengthAt(at: usize, index: i32): f64 {
  return abs(load<f64>(at + ((<usize>index) << 3)));
}

/** Does interval `index` >= 1 follow the one before it without a gap? */
export function followsAt(at: usize, index: i32): bool {
  return load<f64>(at + ((<usize>index) << 3)) > 0;
}

/** One past the last interval of the run that begins with interval `from`. */
export function runEnd(at: usize, count: i32, from: i32): i32 {
  let end = from + 1;
  while (end < count && followsAt(at, end)) end++;
  return end;
}

/** Mean length of `count` >= 1 intervals; relative to the first one, so that equal lengths have exactly that mean. */
export function meanLength(at: usize, count: i32): f64 {
  const origin = lengthAt(at, 0);
  let sum: f64 = 0;
  for (let i = 1; i < count; i++) sum += lengthAt(at, i) - origin;
  return origin + sum / <f64>count;
}

/** Standard deviation of the lengths of `count` >= 2 intervals, n - 1 in the denominator. */
export function lengthDeviation(at: usize, count: i32): f64 {
  const mean = meanLength(at, count);
  let squares: f64 = 0;
  for (let i = 0; i < count; i++) {
    const away = lengthAt(at, i) - mean;
    squares += away * away;
  }
  return Math.sqrt(squares / <f64>(count - 1));
}

/** Copy the lengths without the marks of gaps. */
export function copyLengths(at: usize, count: i32, to: usize): void {
  for (let i = 0; i < count; i++) store<f64>(to + ((<usize>i) << 3), lengthAt(at, i));
}
