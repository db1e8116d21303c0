// A histogram of the lengths of lines: u32 per length from 0 on. Lines of one point are none and are not counted.

import { histogramEntropy } from './shannon-entropy';

const LENGTH_MIN: i32 = 2;

export function countLine(histogram: usize, length: i32): void {
  if (length < LENGTH_MIN) return;
  const at = histogram + ((<usize>length) << 2);
  store<u32>(at, load<u32>(at) + 1);
}

/** Points in all lines. */
export function linePoints(histogram: usize, lengthCount: i32): f64 {
  let points: f64 = 0;
  for (let i = LENGTH_MIN; i < lengthCount; i++) points += <f64>i * <f64>load<u32>(histogram + ((<usize>i) << 2));
  return points;
}

/** 0 without lines. */
export function longestLine(histogram: usize, lengthCount: i32): f64 {
  let last = lengthCount - 1;
  while (last > 0 && load<u32>(histogram + ((<usize>last) << 2)) === 0) last--;
  return <f64>last;
}

/** Write mean and longest length and the entropy of the lengths; all 0 without lines. */
export function writeLineValues(histogram: usize, lengthCount: i32, mean: usize, longest: usize, entropy: usize): void {
  let lines: f64 = 0;
  for (let i = LENGTH_MIN; i < lengthCount; i++) lines += <f64>load<u32>(histogram + ((<usize>i) << 2));
  store<f64>(mean, lines > 0 ? linePoints(histogram, lengthCount) / lines : 0);
  store<f64>(longest, longestLine(histogram, lengthCount));
  store<f64>(entropy, histogramEntropy(histogram, lengthCount));
}
