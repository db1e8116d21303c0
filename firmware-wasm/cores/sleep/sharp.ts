// Activity made sharp again. The counts arrive smoothed over minutes (Walch 2019: a bell curve of 50 s), which hides a short waking in its
// surroundings. Richardson 1972 and Lucy 1974 find the non-negative counts that smooth to what was seen; each correction is squared, which
// needs a quarter of the rounds.

import { expOf, logOf } from '../../dsp/single';
import { CODES_PER_ONE, codeAt, MISSING } from './codes';
import { ACTIVITY, WINDOW, wristPlace } from './state';

/** Epochs to either side that take part, and to either side of each that its smoothing reaches. */
const REACH: i32 = 14;
const COUNT: i32 = 2 * REACH + 1;
const BELL_REACH: i32 = 5;
/** Share of an epoch's counts that the bell curve leaves 0, 1, ... 5 epochs away. */
const BELL_0: f32 = 0.2358;
const BELL_1: f32 = 0.198;
const BELL_2: f32 = 0.1173;
const BELL_3: f32 = 0.0489;
const BELL_4: f32 = 0.0144;
const BELL_5: f32 = 0.003;
const ROUND_COUNT: i32 = 15;
const COUNT_MIN: f32 = 0.01;
/** No arm moves more; it keeps what is squared in range. */
const COUNT_MAX: f32 = 10_000;

/** Five rows, each with room for the bell curve at both ends: seen, sharp, share, one over what all would smooth to, and smoothed. */
const ROW_BYTES: usize = <usize>((COUNT + 2 * BELL_REACH) * 4);
const SEEN: usize = WINDOW + <usize>(BELL_REACH * 4);
const SHARP: usize = SEEN + ROW_BYTES;
const SHARE: usize = SHARP + ROW_BYTES;
const WEIGHT: usize = SHARE + ROW_BYTES;
const SMOOTHED: usize = WEIGHT + ROW_BYTES;

/** Finds the sharp activity around `epoch` from what lies before `end`. */
export function sharpen(at: usize, epoch: i32, end: i32): void {
  memory.fill(at + WINDOW, 0, 5 * ROW_BYTES);
  // Where there is no epoch nothing is seen, and nothing ever comes of it.
  const first = max(0, REACH - epoch);
  const last = min(COUNT, end - epoch + REACH);
  for (let i = first; i < last; i++) {
    const code = codeAt(wristPlace(at, ACTIVITY, epoch - REACH + i));
    const count = code === MISSING ? <f32>0 : min<f32>(COUNT_MAX, expOf(<f32>code / CODES_PER_ONE) - 1);
    put(at + SEEN, i, code === MISSING ? NaN : count);
    put(at + SHARE, i, code === MISSING ? 0 : 1);
    put(at + SHARP, i, count < COUNT_MIN ? COUNT_MIN : count);
  }
  smooth(at, at + SHARE, first, last);
  for (let i = first; i < last; i++) put(at + WEIGHT, i, 1 / (get(at + SMOOTHED, i) + <f32>1e-6));
  for (let round = 0; round < ROUND_COUNT; round++) correct(at, first, last);
}

function correct(at: usize, first: i32, last: i32): void {
  smooth(at, at + SHARP, first, last);
  for (let i = first; i < last; i++) {
    const seen = get(at + SEEN, i);
    put(at + SHARE, i, seen >= 0 ? seen / (get(at + SMOOTHED, i) + <f32>0.001) : 0);
  }
  smooth(at, at + SHARE, first, last);
  for (let i = first; i < last; i++) {
    const share = get(at + SMOOTHED, i) * get(at + WEIGHT, i);
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

/** Each value is read once and handed on, for there is a bounds check in every reading. */
function smooth(at: usize, row: usize, first: i32, last: i32): void {
  let a = get(row, first - 5);
  let b = get(row, first - 4);
  let c = get(row, first - 3);
  let d = get(row, first - 2);
  let e = get(row, first - 1);
  let f = get(row, first);
  let g = get(row, first + 1);
  let h = get(row, first + 2);
  let i = get(row, first + 3);
  let j = get(row, first + 4);
  for (let index = first; index < last; index++) {
    const k = get(row, index + 5);
    const near = BELL_0 * f + BELL_1 * (e + g) + BELL_2 * (d + h);
    put(at + SMOOTHED, index, near + BELL_3 * (c + i) + BELL_4 * (b + j) + BELL_5 * (a + k));
    a = b;
    b = c;
    c = d;
    d = e;
    e = f;
    f = g;
    g = h;
    h = i;
    i = j;
    j = k;
  }
}

function get(row: usize, index: i32): f32 {
  return load<f32>(row + <usize>(index * 4));
}

function put(row: usize, index: i32, value: f32): void {
  store<f32>(row + <usize>(index * 4), value);
}
