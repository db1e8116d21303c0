// Features of an epoch: what each channel did around it, in the person's own units, and how long the recording has been running.
// Of the epochs from `end` on nothing is known: that, and the time left until the end, alone tell live from morning.

import { MODE_LIVE } from './layout';
import { meanRankOf, quantileOf, rankBins, tally } from './order';
import { logOf } from './quick';
import { sharpen, sharpLog, sharpMean } from './sharp';
import { CHANNEL_ACTIVITY, CHANNEL_SPREAD, EPOCH_S, FEATURES, stateAt } from './state';
import { deviationOf, largestOf, meanOf, valueAt } from './windows';

/** Activity above this is a movement of the body, in log(1 + counts): 20 counts. */
const MOVE_LOG: f32 = 3.04;
/** And so is what the person's own largest tenth begins with. */
const MOVE_SHARE: f32 = 0.9;
const LOW_SHARE: f32 = 0.1;
const MOVE_EPOCHS_MAX: i32 = 120;
/** Of a channel that hardly moves, noise shall not fill the range. */
const RANGE_MIN: f32 = 0.05;
/** Epochs to either side of windows around an epoch, of windows before and after it, and of those of ranks. */
const AROUND: usize = memory.data<u8>([0, 1, 3, 8, 17, 35, 86]);
const BESIDE: usize = memory.data<u8>([6, 20, 54]);
const RANKED: usize = memory.data<u8>([1, 6, 25]);
/** Sleep comes in cycles of about 90 minutes. */
const CYCLE_HOURS: f64 = 1.5;
/** A recording that ends later than this might as well go on for ever. */
const LEFT_HOURS_MAX: f64 = 2;

/** Writes the features of `epoch` from activity and, if it is the `last` channel, spread; NaN where there is nothing. Returns how many. */
export function writeFeatures(at: usize, last: i32, epoch: i32, end: i32): i32 {
  let into = writeClock(at, epoch, end, at + FEATURES);
  into = writeChannel(at, CHANNEL_ACTIVITY, epoch, end, into);
  into = writeSharp(at, epoch, end, into);
  if (last === CHANNEL_SPREAD) into = writeChannel(at, CHANNEL_SPREAD, epoch, end, into);
  return <i32>((into - at - FEATURES) >> 3);
}

/** Twenty, and of activity eight more: the value, means around, before and after, two deviations, the largest, and three mean ranks. */
function writeChannel(at: usize, channel: i32, epoch: i32, end: i32, into: usize): usize {
  const count = tally(at, channel, end);
  const middle = quantileOf(at, channel, 0.5, count);
  const high = quantileOf(at, channel, MOVE_SHARE, count);
  const scale = <f32>1 / max<f32>(RANGE_MIN, high - quantileOf(at, channel, LOW_SHARE, count));
  rankBins(at, count);
  into = write(into, valueAt(at, channel, epoch));
  for (let i: usize = 0; i < 7; i++) {
    const reach = <i32>load<u8>(AROUND + i);
    into = write(into, (meanOf(at, channel, epoch - reach, min(end, epoch + reach + 1)) - middle) * scale);
  }
  for (let i: usize = 0; i < 3; i++) {
    const width = <i32>load<u8>(BESIDE + i);
    into = write(into, (meanOf(at, channel, epoch - width, epoch) - middle) * scale);
    into = write(into, (meanOf(at, channel, epoch + 1, min(end, epoch + 1 + width)) - middle) * scale);
  }
  into = write(into, deviationOf(at, channel, epoch - 5, min(end, epoch + 6)) * scale);
  into = write(into, deviationOf(at, channel, epoch - 20, min(end, epoch + 21)) * scale);
  into = write(into, (largestOf(at, channel, epoch - 10, min(end, epoch + 11)) - middle) * scale);
  for (let i: usize = 0; i < 3; i++) {
    const reach = <i32>load<u8>(RANKED + i);
    into = write(into, meanRankOf(at, channel, epoch - reach, min(end, epoch + reach + 1)));
  }
  if (channel === CHANNEL_SPREAD) return into;
  into = writeMoves(at, epoch, end, MOVE_LOG, into);
  return writeMoves(at, epoch, end, high, into);
}

/** Six: the activity made sharp again, of this epoch and its neighbours, and means around it. */
function writeSharp(at: usize, epoch: i32, end: i32, into: usize): usize {
  sharpen(at, epoch, end);
  into = write(into, sharpLog(at, 0));
  into = write(into, epoch > 0 ? sharpLog(at, -1) : NaN);
  into = write(into, epoch + 1 < end ? sharpLog(at, 1) : NaN);
  for (let i: usize = 1; i < 4; i++)
    into = write(into, sharpMean(at, <i32>load<u8>(AROUND + i), -epoch, end - 1 - epoch));
  return into;
}

/** Four: how long ago the body moved, how long until it will, and the share of the epochs around in which it does. */
function writeMoves(at: usize, epoch: i32, end: i32, least: f32, into: usize): usize {
  let since = 0;
  while (since < MOVE_EPOCHS_MAX && epoch >= since && !(valueAt(at, CHANNEL_ACTIVITY, epoch - since) > least)) since++;
  let until = 0;
  while (until < MOVE_EPOCHS_MAX && epoch + until < end && !(valueAt(at, CHANNEL_ACTIVITY, epoch + until) > least))
    until++;
  into = write(into, logOf(<f32>since + 1));
  into = write(into, logOf(<f32>until + 1));
  into = write(into, moveShare(at, epoch, end, least, 8));
  return write(into, moveShare(at, epoch, end, least, 35));
}

function moveShare(at: usize, epoch: i32, end: i32, least: f32, reach: i32): f32 {
  const from = max(0, epoch - reach);
  const to = min(end, epoch + reach + 1);
  let count = 0;
  for (let other = from; other < to; other++) if (valueAt(at, CHANNEL_ACTIVITY, other) > least) count++;
  return <f32>count / <f32>(to - from);
}

/**
 * Seven: hours since the start, their square, two fading ones for the time in which people fall asleep, the place in a cycle, and hours
 * until the end where it is known.
 */
function writeClock(at: usize, epoch: i32, end: i32, into: usize): usize {
  const hours = (<f64>epoch * EPOCH_S) / 3600;
  const turn = (2 * Math.PI * hours) / CYCLE_HOURS;
  into = write(into, <f32>hours);
  into = write(into, <f32>(hours * hours));
  into = write(into, <f32>Math.exp(-4 * hours));
  into = write(into, <f32>Math.exp(-hours));
  into = write(into, <f32>Math.cos(turn));
  into = write(into, <f32>Math.cos(turn - Math.PI / 2));
  if (stateAt(at).mode === MODE_LIVE) return write(into, NaN);
  return write(into, <f32>min(LEFT_HOURS_MAX, (<f64>(end - 1 - epoch) * EPOCH_S) / 3600));
}

export function write(into: usize, value: f32): usize {
  store<f64>(into, value);
  return into + 8;
}
