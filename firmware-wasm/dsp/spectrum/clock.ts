// The times of a series without a gap: the sum of its intervals in seconds, added up as NeuroKit2 does, because the number of
// samples depends on the last bit where the length is a multiple of 10 ms. Times count from the end of the first interval.

/** Length in ms of interval `index`, whatever its sign says. */
export function lengthMs(at: usize, index: i32): f64 {
  return abs(load<f64>(at + ((<usize>index) << 3)));
}

/** Length in s of interval `index`. */
export function lengthS(at: usize, index: i32): f64 {
  return lengthMs(at, index) / 1000;
}

/** Does a gap lie between two of the intervals? (One before the first does not matter.) */
export function hasGap(at: usize, count: i32): bool {
  for (let i = 1; i < count; i++) {
    if (load<f64>(at + ((<usize>i) << 3)) < 0) return true;
  }
  return false;
}

/** From the end of the first interval to the end of the last, s. */
export function spanS(at: usize, count: i32): f64 {
  const startS = lengthS(at, 0);
  return lastEndS(at, count) - startS;
}

/** End of the last interval when the clock starts with the first, s. */
export function lastEndS(at: usize, count: i32): f64 {
  let clockS: f64 = 0;
  for (let i = 0; i < count; i++) clockS += lengthS(at, i);
  return clockS;
}

/** Time from the first end to the last by the clock, gaps included, s. */
export function endsSpanS(endsMs: usize, count: i32): f64 {
  return (load<f64>(endsMs + ((<usize>(count - 1)) << 3)) - load<f64>(endsMs)) / 1000;
}

/** Time that is covered by intervals, s. */
export function measuredS(at: usize, count: i32): f64 {
  let sum: f64 = 0;
  for (let i = 0; i < count; i++) sum += lengthS(at, i);
  return sum;
}
