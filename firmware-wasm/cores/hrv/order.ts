// Order statistics of ticks that are already sorted in ascending order, in ms.

import { msOf, signedAt } from './series';

/** The value below which `share` (0..1) of `count` >= 1 sorted values lie; linear between neighbours, as numpy's default. */
export function quantileOf(at: usize, count: i32, share: f64): f64 {
  const position = share * <f64>(count - 1);
  const below = <i32>position;
  const low = signedAt(at, below);
  const high = signedAt(at, min(below + 1, count - 1));
  return msOf(<f64>low + <f64>(high - low) * (position - <f64>below));
}

/** Twice the median of `count` >= 1 sorted values, ticks. */
export function twiceMedianOf(at: usize, count: i32): i64 {
  return <i64>signedAt(at, (count - 1) >> 1) + <i64>signedAt(at, count >> 1);
}

/**
 * Median of the distances from the median, ms. The distances to the left of the centre and to its right are two sorted rows, so the
 * middle of their merger is found by walking outwards: no second sort and no second buffer.
 */
export function medianDistanceOf(at: usize, count: i32, twiceCentre: i64): f64 {
  let right = 0;
  while (right < count && 2 * <i64>signedAt(at, right) < twiceCentre) right++;
  let left = right - 1;
  let previous: i64 = 0;
  let distance: i64 = 0;
  for (let taken = 0; taken <= count >> 1; taken++) {
    previous = distance;
    const toLeft = left >= 0 ? twiceCentre - 2 * <i64>signedAt(at, left) : i64.MAX_VALUE;
    const toRight = right < count ? 2 * <i64>signedAt(at, right) - twiceCentre : i64.MAX_VALUE;
    if (toLeft < toRight) left--;
    else right++;
    distance = min(toLeft, toRight);
  }
  const fourTimes: i64 = count & 1 ? 2 * distance : previous + distance;
  return msOf(<f64>fourTimes / 4);
}
