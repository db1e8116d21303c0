// The values of a row around an epoch, copied out of it once, and their sums from the first to each: so that the mean of any window is two
// numbers' difference. Behind the sums of order.ts in the window of the instance.

import { CODES_PER_ONE, codeAt, MISSING, setCode } from './codes';
import { spreadCode } from './raw-spread';
import { BIN_COUNT, SPREAD, WINDOW, wristPlace } from './state';

/** Epochs to either side. */
export const REACH: i32 = 86;
const COUNT: i32 = 2 * REACH + 1;
const VALUES: usize = WINDOW + <usize>(BIN_COUNT * 2);
const SUMS: usize = (VALUES + <usize>(COUNT * 2) + 3) & ~3;
/** Codes add up in 24 bits, and how many there are in the eight above. */
const SUM_BITS: u32 = 24;
const SUM_MASK: u32 = (1 << SUM_BITS) - 1;

/** Notes the codes of the epochs around `epoch`, up to `last` away. */
export function noteRow(at: usize, row: i32, epoch: i32, last: i32): void {
  let sums: u32 = 0;
  let values = at + VALUES;
  let place = at + SUMS;
  for (let other = epoch - REACH; other <= epoch + last; other++) {
    let code = other < 0 ? MISSING : codeAt(wristPlace(at, row, other));
    if (row === SPREAD) code = spreadCode(at, code);
    if (code !== MISSING) sums += (1 << SUM_BITS) + <u32>code;
    setCode(values, code);
    store<u32>(place, sums);
    values += 2;
    place += 4;
  }
}

/** Mean of the values from `from` to `to` epochs away, both included, with the row's offset; NaN where there is none. */
export function meanOf(at: usize, from: i32, to: i32): f32 {
  if (to < from) return NaN;
  const before: u32 = from === -REACH ? 0 : load<u32>(at + SUMS + ((<usize>(from - 1 + REACH)) << 2));
  const sums = load<u32>(at + SUMS + ((<usize>(to + REACH)) << 2)) - before;
  const count = sums >> SUM_BITS;
  return count > 0 ? <f32>(sums & SUM_MASK) / (<f32>count * CODES_PER_ONE) : NaN;
}

function noted(at: usize, away: i32): i32 {
  return codeAt(at + VALUES + ((<usize>(away + REACH)) << 1));
}

/** Standard deviation within `reach` epochs, of those up to `last` away, around their own mean. */
export function deviationOf(at: usize, reach: i32, last: i32): f32 {
  let sum = 0;
  let squares: u64 = 0;
  let count = 0;
  for (let away = -reach; away <= min(reach, last); away++) {
    const code = noted(at, away);
    if (code === MISSING) continue;
    sum += code;
    squares += <u64>(<u32>code * <u32>code);
    count++;
  }
  if (count === 0) return NaN;
  const spread = <i64>count * <i64>squares - <i64>sum * <i64>sum;
  return sqrt<f32>(<f32>spread) / (<f32>count * CODES_PER_ONE);
}

export function largestOf(at: usize, reach: i32, last: i32): f32 {
  let largest = -1;
  for (let away = -reach; away <= min(reach, last); away++) {
    const code = noted(at, away);
    if (code !== MISSING && code > largest) largest = code;
  }
  return largest < 0 ? NaN : <f32>largest / CODES_PER_ONE;
}
