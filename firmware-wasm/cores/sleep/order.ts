// Where a value stands among all of a person's own: activity and spread sorted into bins, counted anew for every epoch. A tally costs
// one pass over the night, whatever is asked of it after.

import { CHANNEL_ACTIVITY, WINDOW } from './state';
import { valueAt } from './windows';

const BIN_COUNT: i32 = 256;
/** Both channels are logarithms: a bin is 2.5 % wide. */
const BINS_PER_ONE: f32 = 40;
const SPREAD_LOG_MIN: f32 = -3;

/** The tally lies where a spectrum is made, at the end of which nothing there is needed any more. */
function binPlace(at: usize, bin: i32): usize {
  return at + WINDOW + ((<usize>bin) << 2);
}

function lowestOf(channel: i32): f32 {
  return channel === CHANNEL_ACTIVITY ? 0 : SPREAD_LOG_MIN;
}

function binOf(channel: i32, value: f32): i32 {
  return <i32>max<f32>(0, min<f32>(<f32>(BIN_COUNT - 1), (value - lowestOf(channel)) * BINS_PER_ONE));
}

/** Counts the values before `end` and returns how many there are. */
export function tally(at: usize, channel: i32, end: i32): i32 {
  memory.fill(binPlace(at, 0), 0, <usize>(BIN_COUNT * 4));
  let count = 0;
  for (let epoch = 0; epoch < end; epoch++) {
    const value = valueAt(at, channel, epoch);
    if (isNaN(value)) continue;
    const place = binPlace(at, binOf(channel, value));
    store<i32>(place, load<i32>(place) + 1);
    count++;
  }
  return count;
}

/** The value that `share` of the tallied `count` lie below. */
export function quantileOf(at: usize, channel: i32, share: f32, count: i32): f32 {
  let below: f32 = 0;
  const wanted = share * <f32>count;
  for (let bin = 0; bin < BIN_COUNT; bin++) {
    const inside = <f32>load<i32>(binPlace(at, bin));
    if (inside > 0 && below + inside >= wanted)
      return lowestOf(channel) + (<f32>bin + (wanted - below) / inside) / BINS_PER_ONE;
    below += inside;
  }
  return NaN;
}

/** Turns the tally into ranks: of each bin the share, 0..1, of all values that lie below, and half of those in it. */
export function rankBins(at: usize, count: i32): void {
  let below = 0;
  for (let bin = 0; bin < BIN_COUNT; bin++) {
    const inside = load<i32>(binPlace(at, bin));
    store<f32>(binPlace(at, bin), (<f32>below + <f32>0.5 * <f32>inside) / <f32>count);
    below += inside;
  }
}

/** Mean rank of the values of these epochs, NaN if there is none. */
export function meanRankOf(at: usize, channel: i32, from: i32, to: i32): f32 {
  let sum: f32 = 0;
  let count = 0;
  for (let epoch = max(0, from); epoch < to; epoch++) {
    const value = valueAt(at, channel, epoch);
    if (isNaN(value)) continue;
    sum += load<f32>(binPlace(at, binOf(channel, value)));
    count++;
  }
  return count > 0 ? sum / <f32>count : NaN;
}
