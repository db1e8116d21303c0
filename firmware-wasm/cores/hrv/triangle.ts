// HTI and TINN, from the histogram of the sorted intervals in bins of 1/128 s. The histogram is never laid out: equal bins are
// neighbours in sorted order, and a bin is known by its number.
//
// TINN (Task Force 1996): the base M - N of the triangle with its apex on the highest bin that has the least squared distance
// to the whole histogram, outside the triangle included; of equal ones the shortest. Both halves are independent. For one half, let the bins be counted by
// their distance k from the apex bin, y_k their heights, Y the apex, L the base of the half. With S0, S1 the sums of y_k and
// k y_k for k < L, the squared distance is, up to a constant that does not depend on L,
//
//    E(L) = -2 Y (S0 - S1 / L) + Y^2 (L + 1)(2 L + 1) / (6 L)
//
// Between two occupied bins S0 and S1 are constant and E has one minimum, at L^2 = 6 S1 / Y + 1/2: the bins need not be walked.

import { HrvIndices } from './layout';
import { signedAt } from './series';
import { neurokitTriangle } from './triangle-neurokit';
import { put } from './values';

/** Errors closer than this are equal: heights are whole numbers, so true differences are larger, and rounding is far smaller. */
const TIE: f64 = 1e-9;

/** 1/128 s, the bin of the Task Force; a whole number of ticks. */
export const BIN_MS: f64 = 7.8125;
export const BIN_TICKS: i32 = 128_000;

/** Fill HTI and TINN from `count` >= 2 sorted intervals at `at`; TINN as NeuroKit2 has it where `asNeurokit` asks. */
export function computeTriangles(time: HrvIndices, at: usize, count: i32, asNeurokit: bool): void {
  const last = at + ((<usize>(count - 1)) << 2);
  const topBin = topBinOf(signedAt(last, 0));
  let apexFrom = at;
  let apexCount = 0;
  for (let from = at; from <= last; ) {
    const end = runEnd(from, last, 4, topBin);
    const height = <i32>((end - from) >> 2);
    if (height > apexCount) {
      apexFrom = from;
      apexCount = height;
    }
    from = end;
  }
  put(time, offsetof<HrvIndices>('HTI'), <f64>count / <f64>apexCount);
  if (asNeurokit) {
    const apexBin = binAt(apexFrom, topBin);
    put(time, offsetof<HrvIndices>('TINN'), neurokitTriangle(at, count, apexBin, apexCount, topBin));
    return;
  }
  const apexLast = apexFrom + ((<usize>(apexCount - 1)) << 2);
  const left = halfBase(apexLast, at, -4, topBin);
  const right = halfBase(apexFrom, last, 4, topBin);
  put(time, offsetof<HrvIndices>('TINN'), <f64>(left + right) * BIN_MS);
}

/** Base, in bins, of the half that begins with the run of the apex at `from` and walks in steps of `step` bytes to `last`. */
function halfBase(from: usize, last: usize, step: isize, topBin: i32): i32 {
  const apexBin = binAt(from, topBin);
  let runFrom = runEnd(from, last, step, topBin);
  const apex = <f64>heightOf(from, runFrom);
  let s0 = apex;
  let s1: f64 = 0;
  let distance = 0;
  let bestBase = 1;
  let bestError = halfError(1, apex, s0, s1);
  let isLast = false;
  while (!isLast) {
    isLast = step > 0 ? runFrom > last : runFrom < last;
    const nextDistance = isLast ? distance + 1 : abs(binAt(runFrom, topBin) - apexBin);
    const base = bestBetween(distance + 1, nextDistance, apex, s0, s1);
    const error = halfError(base, apex, s0, s1);
    if (error < bestError - TIE) {
      bestError = error;
      bestBase = base;
    }
    if (!isLast) {
      const end = runEnd(runFrom, last, step, topBin);
      const height = <i32>heightOf(runFrom, end);
      s0 += <f64>height;
      s1 += <f64>height * <f64>nextDistance;
      distance = nextDistance;
      runFrom = end;
    }
  }
  return bestBase;
}

/** The base with the least error from `low` to `high`, between which s0 and s1 are constant: a whole neighbour of the minimum. */
function bestBetween(low: i32, high: i32, apex: f64, s0: f64, s1: f64): i32 {
  if (low === high) return low;
  const minimum = <i32>Math.sqrt((6 * s1) / apex + 0.5);
  const below = max(low, min(high, minimum));
  const above = max(low, min(high, minimum + 1));
  return halfError(above, apex, s0, s1) < halfError(below, apex, s0, s1) - TIE ? above : below;
}

function halfError(base: i32, apex: f64, s0: f64, s1: f64): f64 {
  const length = <f64>base;
  return -2 * apex * (s0 - s1 / length) + (apex * apex * (length + 1) * (2 * length + 1)) / (6 * length);
}

/** First address, in steps of `step`, that is in another bin than `from` or past `last`. */
function runEnd(from: usize, last: usize, step: isize, topBin: i32): usize {
  const bin = binAt(from, topBin);
  let end = from;
  while (end !== last && binAt(end + step, topBin) === bin) end += step;
  return end + step;
}

function heightOf(from: usize, end: usize): isize {
  return abs(<isize>end - <isize>from) >> 2;
}

function binAt(at: usize, topBin: i32): i32 {
  return min(load<i32>(at) / BIN_TICKS, topBin);
}

/** As in numpy, the top bin is closed: a longest interval that lies exactly on an edge belongs to the bin below it. */
function topBinOf(longest: i32): i32 {
  return (longest - 1) / BIN_TICKS;
}
