// Features of an epoch: what each channel did around it, in the person's own units, and how long the recording has been running.
// Of the epochs from `end` on nothing is known: that, and the time left until the end, alone tell live from morning.

import { cosOfTurns, expOf, logOf } from '../../dsp/single';
import { CODES_PER_ONE, codeAt, MISSING, SPREAD_OFFSET } from './codes';
import { MODE_LIVE } from './layout';
import { addUp, quantileOf, twiceBelow } from './order';
import { spreadOf } from './raw-spread';
import { sharpen, sharpLog, sharpMean } from './sharp';
import { ACTIVITY, EPOCH_S, FEATURES, SPREAD, stateAt, wristPlace } from './state';
import { deviationOf, largestOf, meanOf, noteRow, REACH } from './windows';

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
const CYCLE_HOURS: f32 = 1.5;
/** A recording that ends later than this might as well go on for ever. */
const LEFT_HOURS_MAX: f32 = 2;

/** Writes the features of `epoch` from activity and, if it is the `last` row, spread; NaN where there is nothing. Returns how many. */
export function writeFeatures(at: usize, last: i32, epoch: i32, end: i32): i32 {
  let into = writeClock(at, epoch, end, at + FEATURES);
  into = writeRow(at, ACTIVITY, epoch, end, into);
  into = writeSharp(at, epoch, end, into);
  if (last === SPREAD) into = writeRow(at, SPREAD, epoch, end, into);
  return <i32>((into - at - FEATURES) >> 2);
}

/** Twenty, and of activity eight more: the value, means around, before and after, two deviations, the largest, and three mean ranks. */
function writeRow(at: usize, row: i32, epoch: i32, end: i32, into: usize): usize {
  const count = addUp(at, row, end);
  const middle = knownAs(at, row, quantileOf(at, row, 0.5, count));
  const high = knownAs(at, row, quantileOf(at, row, MOVE_SHARE, count));
  const range = high - knownAs(at, row, quantileOf(at, row, LOW_SHARE, count));
  const scale = <f32>1 / (range < RANGE_MIN ? RANGE_MIN : range);
  const offset: f32 = row === SPREAD ? SPREAD_OFFSET : 0;
  const zero = middle + offset;
  const last = min(REACH, end - 1 - epoch);
  noteRow(at, row, epoch, last);
  into = write(into, meanOf(at, 0, 0) - offset);
  for (let i: usize = 0; i < 7; i++) {
    const reach = <i32>load<u8>(AROUND + i);
    into = write(into, (meanOf(at, -reach, min(last, reach)) - zero) * scale);
  }
  for (let i: usize = 0; i < 3; i++) {
    const width = <i32>load<u8>(BESIDE + i);
    into = write(into, (meanOf(at, -width, -1) - zero) * scale);
    into = write(into, (meanOf(at, 1, min(last, width)) - zero) * scale);
  }
  into = write(into, deviationOf(at, 5, last) * scale);
  into = write(into, deviationOf(at, 20, last) * scale);
  into = write(into, (largestOf(at, 10, last) - zero) * scale);
  for (let i: usize = 0; i < 3; i++) {
    const reach = <i32>load<u8>(RANKED + i);
    into = write(into, meanRankOf(at, row, epoch - reach, min(end, epoch + reach + 1), count));
  }
  if (row === SPREAD) return into;
  into = writeMoves(at, epoch, end, MOVE_LOG, into);
  return writeMoves(at, epoch, end, high, into);
}

/** What a quantile of the tallied values is to the model. */
function knownAs(at: usize, row: i32, quantile: f32): f32 {
  return row === SPREAD ? spreadOf(at, quantile) : quantile;
}

/** Mean rank of the values of these epochs, NaN if there is none. */
function meanRankOf(at: usize, row: i32, from: i32, to: i32, all: i32): f32 {
  let sum = 0;
  let count = 0;
  for (let epoch = max(0, from); epoch < to; epoch++) {
    const code = codeAt(wristPlace(at, row, epoch));
    if (code === MISSING) continue;
    sum += twiceBelow(at, row, code);
    count++;
  }
  return count > 0 ? <f32>sum / (<f32>2 * <f32>count * <f32>all) : NaN;
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
  const limit = least * CODES_PER_ONE;
  let since = 0;
  while (since < MOVE_EPOCHS_MAX && epoch >= since && !moves(at, epoch - since, limit)) since++;
  let until = 0;
  while (until < MOVE_EPOCHS_MAX && epoch + until < end && !moves(at, epoch + until, limit)) until++;
  into = write(into, logOf(<f32>since + 1));
  into = write(into, logOf(<f32>until + 1));
  into = write(into, moveShare(at, epoch, end, limit, 8));
  return write(into, moveShare(at, epoch, end, limit, 35));
}

/** Written so that of nothing known, whose limit is NaN, nothing moves. */
function moves(at: usize, epoch: i32, limit: f32): bool {
  const code = codeAt(wristPlace(at, ACTIVITY, epoch));
  return code !== MISSING && <f32>code > limit;
}

function moveShare(at: usize, epoch: i32, end: i32, limit: f32, reach: i32): f32 {
  const from = max(0, epoch - reach);
  const to = min(end, epoch + reach + 1);
  let count = 0;
  for (let other = from; other < to; other++) if (moves(at, other, limit)) count++;
  return <f32>count / <f32>(to - from);
}

/**
 * Seven: hours since the start, their square, two fading ones for the time in which people fall asleep, the place in a cycle, and hours
 * until the end where it is known.
 */
function writeClock(at: usize, epoch: i32, end: i32, into: usize): usize {
  const hours = <f32>(epoch * EPOCH_S) / 3600;
  const turns = hours / CYCLE_HOURS;
  into = write(into, hours);
  into = write(into, hours * hours);
  into = write(into, expOf(-4 * hours));
  into = write(into, expOf(-hours));
  into = write(into, cosOfTurns(turns));
  // A quarter of a turn less, which is a sine.
  into = write(into, cosOfTurns(turns + <f32>0.75));
  if (stateAt(at).mode === MODE_LIVE) return write(into, NaN);
  return write(into, min<f32>(LEFT_HOURS_MAX, <f32>((end - 1 - epoch) * EPOCH_S) / 3600));
}

export function write(into: usize, value: f32): usize {
  store<f32>(into, value);
  return into + 4;
}
