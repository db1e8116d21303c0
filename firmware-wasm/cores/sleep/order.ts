// Where a value stands among all of a person's own: activity and spread sorted into bins. What can no longer change is tallied once; live,
// the last epochs may change, so they are put in for the epoch that is judged, and taken out again.

import { CODES_PER_ONE, codeAt, MISSING, SPREAD_OFFSET } from './codes';
import { ACTIVITY, BIN_COUNT, stateAt, TALLIES, WINDOW, wristPlace } from './state';

/** Both rows are logarithms: a bin is 2.5 % wide. */
const BINS_PER_ONE: i32 = 40;
const CODE_BITS: i32 = 12;
const SPREAD_LOG_MIN: f32 = -3;
const SPREAD_CODE_MIN: i32 = <i32>((SPREAD_LOG_MIN + SPREAD_OFFSET) * CODES_PER_ONE);

export function binOf(row: i32, code: i32): i32 {
  const above = row === ACTIVITY ? code : max(0, code - SPREAD_CODE_MIN);
  return min(BIN_COUNT - 1, (above * BINS_PER_ONE) >> CODE_BITS);
}

/** Adds `by` to the bins of the values of epoch `from` up to but not `to`. */
export function tally(at: usize, row: i32, from: i32, to: i32, by: i32): void {
  const bins = at + TALLIES + <usize>(row * BIN_COUNT * 2);
  for (let epoch = from; epoch < to; epoch++) {
    const code = codeAt(wristPlace(at, row, epoch));
    if (code === MISSING) continue;
    const bin = bins + ((<usize>binOf(row, code)) << 1);
    store<u16>(bin, load<u16>(bin) + by);
  }
}

/** Writes to the window, of each bin, how many values lie in it and below; of all before `end`. Returns how many these are. */
export function addUp(at: usize, row: i32, end: i32): i32 {
  const recent = stateAt(at).nextTallied;
  tally(at, row, recent, end, 1);
  const bins = at + TALLIES + <usize>(row * BIN_COUNT * 2);
  let count = 0;
  for (let bin: usize = 0; bin < <usize>(BIN_COUNT * 2); bin += 2) {
    count += load<u16>(bins + bin);
    store<u16>(at + WINDOW + bin, <u16>count);
  }
  tally(at, row, recent, end, -1);
  return count;
}

/** Values in bin `bin` and below. */
function sumAt(at: usize, bin: i32): i32 {
  return bin < 0 ? 0 : load<u16>(at + WINDOW + ((<usize>bin) << 1));
}

/** The value that `share` of the `count` added up lie below, as an activity; of a spread without its offset. */
export function quantileOf(at: usize, row: i32, share: f32, count: i32): f32 {
  if (count === 0) return NaN;
  const wanted = share * <f32>count;
  let bin = 0;
  for (let step = BIN_COUNT >> 1; step > 0; step >>= 1) if (<f32>sumAt(at, bin + step - 1) < wanted) bin += step;
  const below = sumAt(at, bin - 1);
  const inside = <f32>(sumAt(at, bin) - below);
  return (row === ACTIVITY ? 0 : SPREAD_LOG_MIN) + (<f32>bin + (wanted - <f32>below) / inside) / <f32>BINS_PER_ONE;
}

/** Of a value the share, 0..1, of all that lie below, and half of those in its bin; twice over, as a whole number of `count`. */
export function twiceBelow(at: usize, row: i32, code: i32): i32 {
  const bin = binOf(row, code);
  return sumAt(at, bin - 1) + sumAt(at, bin);
}
