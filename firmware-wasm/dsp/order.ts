// Order statistics of f64 values that are already sorted in ascending order.

/** The value below which `share` (0..1) of `count` >= 1 sorted values lie; linear between neighbours, as numpy's default. */
export function quantileOf(at: usize, count: i32, share: f64): f64 {
  const position = share * <f64>(count - 1);
  const below = <i32>position;
  const low = load<f64>(at + ((<usize>below) << 3));
  if (below + 1 >= count) return low;
  const high = load<f64>(at + ((<usize>(below + 1)) << 3));
  return low + (high - low) * (position - <f64>below);
}

/** Median of `count` >= 1 sorted values. */
export function medianOf(at: usize, count: i32): f64 {
  const upper = load<f64>(at + ((<usize>(count >> 1)) << 3));
  return count & 1 ? upper : (load<f64>(at + ((<usize>((count >> 1) - 1)) << 3)) + upper) / 2;
}

/**
 * Median of the distances from `centre`. The distances to the left of the centre and to its right are two sorted rows, so the
 * middle of their merger is found by walking outwards: no second sort and no second buffer.
 */
export function medianDistanceOf(at: usize, count: i32, centre: f64): f64 {
  let right = 0;
  while (right < count && load<f64>(at + ((<usize>right) << 3)) < centre) right++;
  let left = right - 1;
  let previous: f64 = 0;
  let distance: f64 = 0;
  for (let taken = 0; taken <= count >> 1; taken++) {
    previous = distance;
    const toLeft = left >= 0 ? centre - load<f64>(at + ((<usize>left) << 3)) : Infinity;
    const toRight = right < count ? load<f64>(at + ((<usize>right) << 3)) - centre : Infinity;
    if (toLeft < toRight) left--;
    else right++;
    distance = min(toLeft, toRight);
  }
  return count & 1 ? distance : (previous + distance) / 2;
}
