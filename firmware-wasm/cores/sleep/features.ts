// Features of an epoch: what each channel did around it, in the person's own units, and how long the recording has been running.
// Of the epochs from `end` on nothing is known: that alone tells live from morning.

import { CHANNEL_ACTIVITY, CHANNEL_COUNT, CHANNEL_SPECTRUM, channelValue, EPOCH_S, FEATURES } from './state';
import { deviationOf, largestOf, meanOf, rankOf } from './windows';

/** Activity above this is a movement of the body, in log(1 + counts): 20 counts. */
const MOVE_LOG: f64 = 3.04;
const MOVE_EPOCHS_MAX: i32 = 120;
/** Of a channel that hardly moves, noise shall not fill the range. */
const DEVIATION_MIN: f64 = 0.05;
const SPECTRUM_DEVIATION_MIN: f64 = 1e-3;

/** Of a spectrum: its shares and shapes speak for themselves; powers are the person's own matter. */
const SHARE_FIRST: i32 = CHANNEL_SPECTRUM + 5;
const SHARE_COUNT: i32 = 9;

/** Writes the features of `epoch` from the spectrum, and returns how many: nine values, then of each channel three means in own units. */
export function writeSpectrumFeatures(at: usize, epoch: i32, end: i32): i32 {
  let into = at + FEATURES;
  for (let i = 0; i < SHARE_COUNT; i++) into = write(into, channelValue(at, SHARE_FIRST + i, epoch));
  for (let channel = CHANNEL_SPECTRUM; channel < CHANNEL_COUNT; channel++) {
    const mean = meanOf(at, channel, 0, end);
    const scale = 1 / max(SPECTRUM_DEVIATION_MIN, deviationOf(at, channel, 0, end));
    into = write(into, (channelValue(at, channel, epoch) - mean) * scale);
    into = write(into, (meanOf(at, channel, epoch - 5, min(end, epoch + 6)) - mean) * scale);
    into = write(into, (meanOf(at, channel, epoch - 20, min(end, epoch + 21)) - mean) * scale);
  }
  return <i32>((into - at - FEATURES) >> 3);
}

/** Writes the features of `epoch` from channels `first` up to but not `to`, NaN where there is nothing, and returns how many. */
export function writeFeatures(at: usize, first: i32, to: i32, epoch: i32, end: i32): i32 {
  let into = at + FEATURES;
  for (let channel = first; channel < to; channel++) {
    into = writeChannel(at, channel, epoch, end, into);
    if (channel === CHANNEL_ACTIVITY) into = writeMoves(at, epoch, end, into);
  }
  into = writeClock(epoch, into);
  return <i32>((into - at - FEATURES) >> 3);
}

/** Eighteen: the value, means of six windows around it, of three before and three after, two deviations, the largest and two mean ranks. */
function writeChannel(at: usize, channel: i32, epoch: i32, end: i32, into: usize): usize {
  const mean = meanOf(at, channel, 0, end);
  const scale = 1 / max(DEVIATION_MIN, deviationOf(at, channel, 0, end));
  into = write(into, channelValue(at, channel, epoch));
  for (let i = 0; i < 6; i++) {
    const reach = reachOf(i);
    into = write(into, (meanOf(at, channel, epoch - reach, min(end, epoch + reach + 1)) - mean) * scale);
  }
  for (let width = 4; width <= 36; width *= 3) {
    into = write(into, (meanOf(at, channel, epoch - width, epoch) - mean) * scale);
    into = write(into, (meanOf(at, channel, epoch + 1, min(end, epoch + 1 + width)) - mean) * scale);
  }
  into = write(into, deviationOf(at, channel, epoch - 5, min(end, epoch + 6)) * scale);
  into = write(into, deviationOf(at, channel, epoch - 20, min(end, epoch + 21)) * scale);
  into = write(into, (largestOf(at, channel, epoch - 10, min(end, epoch + 11)) - mean) * scale);
  into = write(into, rankOf(at, channel, epoch - 1, min(end, epoch + 2), end));
  return write(into, rankOf(at, channel, epoch - 4, min(end, epoch + 5), end));
}

/** Epochs to either side of the windows around an epoch: 0, 1, 3, 8, 20 and 60. */
function reachOf(index: i32): i32 {
  if (index < 3) return index + (index >> 1);
  return index === 3 ? 8 : index === 4 ? 20 : 60;
}

/** Two: how long ago the body moved and how long until it will. */
function writeMoves(at: usize, epoch: i32, end: i32, into: usize): usize {
  let since = 0;
  while (since < MOVE_EPOCHS_MAX && epoch >= since && !(channelValue(at, CHANNEL_ACTIVITY, epoch - since) > MOVE_LOG))
    since++;
  let until = 0;
  while (
    until < MOVE_EPOCHS_MAX &&
    epoch + until < end &&
    !(channelValue(at, CHANNEL_ACTIVITY, epoch + until) > MOVE_LOG)
  )
    until++;
  into = write(into, Math.log(<f64>(1 + since)));
  return write(into, Math.log(<f64>(1 + until)));
}

/** Four: hours since the start, their square, and two fading ones for the time in which people fall asleep. */
function writeClock(epoch: i32, into: usize): usize {
  const hours = (<f64>epoch * EPOCH_S) / 3600;
  into = write(into, hours);
  into = write(into, hours * hours);
  into = write(into, Math.exp(-4 * hours));
  return write(into, Math.exp(-hours));
}

function write(into: usize, value: f64): usize {
  store<f64>(into, value);
  return into + 8;
}
