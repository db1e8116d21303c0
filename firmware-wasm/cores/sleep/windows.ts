// Means, deviations and largest values of a channel from epoch `from` up to but not `to`; NaN where it holds nothing there.
// In f32: a microcontroller that runs this every epoch has no other floating point in hardware.

import { placeOf } from './state';

export function valueAt(at: usize, channel: i32, epoch: i32): f32 {
  return load<f32>(placeOf(at, channel, epoch));
}

export function meanOf(at: usize, channel: i32, from: i32, to: i32): f32 {
  let sum: f32 = 0;
  let count = 0;
  const last = placeOf(at, channel, to);
  for (let place = placeOf(at, channel, max(0, from)); place < last; place += 4) {
    const value = load<f32>(place);
    if (isNaN(value)) continue;
    sum += value;
    count++;
  }
  return count > 0 ? sum / <f32>count : NaN;
}

/** Around their own mean. */
export function deviationOf(at: usize, channel: i32, from: i32, to: i32): f32 {
  const mean = meanOf(at, channel, from, to);
  let sum: f32 = 0;
  let count = 0;
  const last = placeOf(at, channel, to);
  for (let place = placeOf(at, channel, max(0, from)); place < last; place += 4) {
    const away = load<f32>(place) - mean;
    if (isNaN(away)) continue;
    sum += away * away;
    count++;
  }
  return count > 0 ? sqrt<f32>(sum / <f32>count) : NaN;
}

export function largestOf(at: usize, channel: i32, from: i32, to: i32): f32 {
  let largest: f32 = NaN;
  for (let epoch = max(0, from); epoch < to; epoch++) {
    const value = valueAt(at, channel, epoch);
    if (isNaN(largest) || value > largest) largest = value;
  }
  return largest;
}
