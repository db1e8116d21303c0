// Lempel-Ziv complexity (Lempel & Ziv 1976, IEEE Trans Inf Theory 22) of the series as symbols: above its mean or not. The number of words
// that cannot be copied from what came before them is counted by the scheme of Kaspar & Schuster 1987, Phys Rev A 36, and divided by
// n / log2 n, what a random series of that length has.

import { lengthAt, meanLength, runEnd } from './series';

/** Above this counting takes too long for a core: no value. */
export const LEMPEL_ZIV_COUNT_MAX: i32 = 32_768;

/** Bytes of `work` for `count` intervals. */
export function lempelZivWorkBytes(count: i32): usize {
  return <usize>count;
}

/** With gaps: mean over the runs, by length; a word is never copied from another run. */
export function lempelZivComplexity(at: usize, count: i32, work: usize): f64 {
  if (count < 2 || count > LEMPEL_ZIV_COUNT_MAX) return NaN;
  const mean = meanLength(at, count);
  for (let i = 0; i < count; i++) store<u8>(work + <usize>i, lengthAt(at, i) > mean ? 1 : 0);
  let sum: f64 = 0;
  let used: f64 = 0;
  for (let from = 0; from < count; ) {
    const end = runEnd(at, count, from);
    const length = end - from;
    if (length >= 2) {
      sum += (<f64>wordCount(work + <usize>from, length) * Math.log(<f64>length)) / Math.LN2;
      used += <f64>length;
    }
    from = end;
  }
  return sum / used;
}

/** Words in `length` >= 2 symbols. */
function wordCount(symbols: usize, length: i32): i32 {
  let words = 1;
  // The word that grows begins at `start`; `from` is where it might be a copy of, `longest` what the best copy so far gives.
  let start = 1;
  while (start < length) {
    let longest = 0;
    for (let from = 0; from < start; from++) {
      let same = 0;
      while (
        start + same < length &&
        load<u8>(symbols + <usize>(from + same)) === load<u8>(symbols + <usize>(start + same))
      )
        same++;
      longest = max(longest, same);
      // It can be copied to the end: no other copy can be longer.
      if (start + longest >= length) break;
    }
    words++;
    start += longest + 1;
  }
  return words;
}
