// Standard errors by the delete-a-block jackknife (Kunsch 1989, Annals of Statistics 17): the window is computed again with one block
// of successive intervals left out at a time; blocks, because successive intervals depend on each other. What is left out is a gap,
// and no index reaches across a gap, so any index can be treated in the same way.
//
// Of the values of every replicate the mean and the sum of squares are kept, 16 bytes a value: { mean: f64, squares: f64 }.

/** Fewer intervals in a block than this say nothing of what it is to leave them out. */
export const BLOCK_INTERVALS_MIN: i32 = 5;
export const BLOCK_COUNT_MAX: i32 = 50;

/** Copy the signed series of T at `from` to `to` without block `block` of `blockCount`; answers the number of intervals that are left. */
export function leaveBlockOut<T>(from: usize, count: i32, block: i32, blockCount: i32, to: usize): i32 {
  const first = <i32>((<i64>count * block) / blockCount);
  const end = <i32>((<i64>count * (block + 1)) / blockCount);
  const headBytes = <usize>first * sizeof<T>();
  const tailBytes = <usize>(count - end) * sizeof<T>();
  memory.copy(to, from, headBytes);
  memory.copy(to + headBytes, from + <usize>end * sizeof<T>(), tailBytes);
  // The interval behind the hole follows a gap now.
  if (tailBytes > 0) store<T>(to + headBytes, -abs(load<T>(to + headBytes)));
  return count - (end - first);
}

/** Take the values of replicate number `replicate` (from 0) into `moments`; a value that is not there in one is in none (NaN). */
export function addReplicate(moments: usize, values: usize, valueCount: i32, replicate: i32): void {
  for (let i = 0; i < valueCount; i++) {
    const moment = moments + ((<usize>i) << 4);
    const value = load<f64>(values + ((<usize>i) << 3));
    const mean: f64 = replicate === 0 ? 0 : load<f64>(moment);
    const squares: f64 = replicate === 0 ? 0 : load<f64>(moment, 8);
    const away = value - mean;
    const newMean = mean + away / <f64>(replicate + 1);
    store<f64>(moment, newMean);
    store<f64>(moment, squares + away * (value - newMean), 8);
  }
}

/** Standard error of value `index` from `replicateCount` replicates. */
export function standardErrorOf(moments: usize, index: i32, replicateCount: i32): f64 {
  const squares = load<f64>(moments + ((<usize>index) << 4), 8);
  return Math.sqrt((squares * <f64>(replicateCount - 1)) / <f64>replicateCount);
}
