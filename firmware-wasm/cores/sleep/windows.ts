// Means, deviations and largest values of a channel from epoch `from` up to but not `to`; NaN where it holds nothing there.

import { channelValue } from './state';

export function meanOf(at: usize, channel: i32, from: i32, to: i32): f64 {
  let sum: f64 = 0;
  let count: f64 = 0;
  for (let epoch = max(0, from); epoch < to; epoch++) {
    const value = channelValue(at, channel, epoch);
    if (isNaN(value)) continue;
    sum += value;
    count += 1;
  }
  return count > 0 ? sum / count : NaN;
}

/** Around their own mean. */
export function deviationOf(at: usize, channel: i32, from: i32, to: i32): f64 {
  const mean = meanOf(at, channel, from, to);
  let sum: f64 = 0;
  let count: f64 = 0;
  for (let epoch = max(0, from); epoch < to; epoch++) {
    const away = channelValue(at, channel, epoch) - mean;
    if (isNaN(away)) continue;
    sum += away * away;
    count += 1;
  }
  return count > 0 ? Math.sqrt(sum / count) : NaN;
}

export function largestOf(at: usize, channel: i32, from: i32, to: i32): f64 {
  let largest: f64 = NaN;
  for (let epoch = max(0, from); epoch < to; epoch++) {
    const value = channelValue(at, channel, epoch);
    if (isNaN(largest) || value > largest) largest = value;
  }
  return largest;
}

/** Mean over these epochs of the share, 0..1, of all values before `end` that are less; of equals half counts. */
export function rankOf(at: usize, channel: i32, from: i32, to: i32, end: i32): f64 {
  let sum: f64 = 0;
  let count: f64 = 0;
  for (let epoch = max(0, from); epoch < to; epoch++) {
    const value = channelValue(at, channel, epoch);
    if (isNaN(value)) continue;
    sum += shareBelow(at, channel, value, end);
    count += 1;
  }
  return count > 0 ? sum / count : NaN;
}

function shareBelow(at: usize, channel: i32, value: f64, end: i32): f64 {
  let halves = 0;
  let count = 0;
  for (let epoch = 0; epoch < end; epoch++) {
    const other = channelValue(at, channel, epoch);
    if (isNaN(other)) continue;
    count++;
    halves += other < value ? 2 : other === value ? 1 : 0;
  }
  return <f64>halves / <f64>(2 * count);
}
