// Shannon entropy of how often each value occurs (Shannon 1948, Bell Syst Tech J 27).

import { copyLengths } from './series';
import { sortAscending } from './sort';

/** Bytes of `work` for `count` intervals. */
export function shannonWorkBytes(count: i32): usize {
  return (<usize>count) << 3;
}

/** Entropy in bits of the different lengths among `count` intervals. */
export function shannonEntropy(at: usize, count: i32, work: usize): f64 {
  if (count < 1) return NaN;
  copyLengths(at, count, work);
  sortAscending(work, count);
  let sum: f64 = 0;
  let from = 0;
  for (let i = 1; i <= count; i++) {
    if (i < count && load<f64>(work + ((<usize>i) << 3)) === load<f64>(work + ((<usize>from) << 3))) continue;
    sum += logTerm(i - from);
    from = i;
  }
  return (Math.log(<f64>count) - sum / <f64>count) / Math.LN2;
}

/** Entropy in nats of a histogram of `binCount` counts (u32) at `histogram`; 0 of an empty one. */
export function histogramEntropy(histogram: usize, binCount: i32): f64 {
  let sum: f64 = 0;
  let total: f64 = 0;
  for (let i = 0; i < binCount; i++) {
    const count = load<u32>(histogram + ((<usize>i) << 2));
    total += <f64>count;
    sum += logTerm(count);
  }
  return total > 0 ? Math.log(total) - sum / total : 0;
}

/** n ln n. */
function logTerm(count: i32): f64 {
  return count > 1 ? <f64>count * Math.log(<f64>count) : 0;
}
