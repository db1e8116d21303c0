// Activity made sharp again. The counts arrive smoothed over minutes (Walch 2019: a bell curve of 50 s), which hides a short waking in its
// surroundings. Richardson 1972 and Lucy 1974 find the non-negative counts that smooth to what was seen; each correction is squared, which
// needs a quarter of the rounds.

import { expOf, logOf } from './quick';
import { CHANNEL_ACTIVITY, WINDOW } from './state';
import { valueAt } from './windows';

/** Epochs to either side that take part, and to either side of each that its smoothing reaches. */
const REACH: i32 = 14;
const COUNT: i32 = 2 * REACH + 1;
const BELL_REACH: i32 = 5;
/** Share of an epoch's counts that the bell curve leaves 0, 1, ... 5 epochs away. */
const BELL: usize = memory.data<f32>([0.2358, 0.198, 0.1173, 0.0489, 0.0144, 0.003]);
const ROUND_COUNT: i32 = 15;
const COUNT_MIN: f32 = 0.01;
/** No arm moves more; it keeps what is squared in range. */
const COUNT_MAX: f32 = 10_000;

/** Four rows behind the tally (order.ts), each with room for the bell curve at both ends: seen, sharp, share, and what they smooth to. */
const ROW_BYTES: usize = <usize>((COUNT + 2 * BELL_REACH) * 4);
const SEEN: usize = WINDOW + 1024 + <usize>(BELL_REACH * 4);
const SHARP: usize = SEEN + ROW_BYTES;
const SHARE: usize = SHARP + ROW_BYTES;
const WEIGHT: usize = SHARE + ROW_BYTES;

/** Finds the sharp activity around `epoch` from what lies before `end`. */
export function sharpen(at: usize, epoch: i32, end: i32): void {
  memory.fill(at + SEEN - <usize>(BELL_REACH * 4), 0, 4 * ROW_BYTES);
  for (let i = 0; i < COUNT; i++) {
    const from = epoch - REACH + i;
    if (from < 0 || from >= end) continue;
    const value = valueAt(at, CHANNEL_ACTIVITY, from);
    const count = isNaN(value) ? <f32>0 : max<f32>(0, min<f32>(COUNT_MAX, expOf(value) - 1));
    put(at + SEEN, i, isNaN(value) ? NaN : count);
    put(at + SHARE, i, isNaN(value) ? 0 : 1);
    put(at + SHARP, i, max(COUNT_MIN, count));
  }
  for (let i = 0; i < COUNT; i++) put(at + WEIGHT, i, smoothed(at + SHARE, i));
  for (let round = 0; round < ROUND_COUNT; round++) correct(at);
}

function correct(at: usize): void {
  for (let i = 0; i < COUNT; i++) {
    const seen = get(at + SEEN, i);
    put(at + SHARE, i, seen >= 0 ? seen / (smoothed(at + SHARP, i) + <f32>0.001) : 0);
  }
  for (let i = 0; i < COUNT; i++) {
    const share = smoothed(at + SHARE, i) / (get(at + WEIGHT, i) + <f32>1e-6);
    put(at + SHARP, i, get(at + SHARP, i) * share * share);
  }
}

/** Logarithm of 1 + the sharp activity, `away` epochs from the middle. */
export function sharpLog(at: usize, away: i32): f32 {
  return logOf(1 + get(at + SHARP, REACH + away));
}

/** Mean of these logarithms of epochs `away - reach` to `away + reach` around the middle, of those that are in the recording. */
export function sharpMean(at: usize, reach: i32, first: i32, last: i32): f32 {
  let sum: f32 = 0;
  let count = 0;
  for (let away = max(-reach, first); away <= min(reach, last); away++) {
    sum += sharpLog(at, away);
    count++;
  }
  return sum / <f32>count;
}

function smoothed(row: usize, index: i32): f32 {
  let sum = load<f32>(BELL) * get(row, index);
  for (let i = 1; i <= BELL_REACH; i++)
    sum += load<f32>(BELL + ((<usize>i) << 2)) * (get(row, index - i) + get(row, index + i));
  return sum;
}

function get(row: usize, index: i32): f32 {
  return load<f32>(row + <usize>(index * 4));
}

function put(row: usize, index: i32, value: f32): void {
  store<f32>(row + <usize>(index * 4), value);
}
