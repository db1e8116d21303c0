// Sample entropy (Richman & Moorman 2000, Am J Physiol 278): how often two successive intervals, a template, come again within a tolerance,
// and how often the third one agrees as well. Templates match when no pair of their intervals is farther apart than the tolerance
// (NeuroKit2's defaults: m = 2, tolerance 0.2 deviations of the series). dsp/template-match.ts counts the same of an f64 series.
//
// The pairs are walked lag by lag, and along a lag a match of two or three is two or three near pairs in a row: one comparison per pair,
// and the time does not depend on the data.

import { runEnd, signedAt } from './series';

/** Above this the number of pairs is beyond what a core may compute in one go: no value. */
const TEMPLATE_COUNT_MAX: i32 = 32_768;
/** A smaller share of matching pairs counts as none (NeuroKit2, numpy's isclose). */
const SHARE_MIN: f64 = 1e-8;
/** Matches of one lag, pairs in the lower half of the word, triples in the upper. */
const TRIPLE_BITS: u64 = 32;

/** SampEn of `count` intervals at `at`; NaN where there is none. `tolerance` in ticks. */
export function sampleEntropy(at: usize, count: i32, tolerance: f64): f64 {
  if (count > TEMPLATE_COUNT_MAX || !(tolerance >= 0)) return NaN;
  const templates = countTriples(at, count);
  const isWhole = runEnd(at, count, 0) >= count;
  // Ticks are whole numbers: within the tolerance and within the whole part of it are the same.
  const within = <i32>min(tolerance, <f64>i32.MAX_VALUE);
  let pairs: u64 = 0;
  let triples: u64 = 0;
  for (let lag = 1; lag < count - 1; lag++) {
    const matches = isWhole ? matchWholeLag(at, count, lag, within) : matchLag(at, count, lag, within);
    pairs += <u32>matches;
    triples += matches >> TRIPLE_BITS;
  }
  const all = <f64>templates * <f64>(templates - 1);
  const pairShare = (2 * <f64>pairs) / all;
  const tripleShare = (2 * <f64>triples) / all;
  const share = tripleShare / pairShare;
  // 0 and not -0 where all go on.
  return pairShare > SHARE_MIN && share > SHARE_MIN ? 0 - Math.log(share) : NaN;
}

/** Templates of three intervals without a gap. */
function countTriples(at: usize, count: i32): i32 {
  let templates = 0;
  for (let i = 2; i < count; i++) templates += i32(signedAt(at, i - 1) > 0 && signedAt(at, i) > 0);
  return templates;
}

/** Compare each interval with the one `lag` later. */
function matchLag(at: usize, count: i32, lag: i32, within: i32): u64 {
  const lagBytes = (<usize>lag) << 2;
  const end = at + ((<usize>(count - lag)) << 2);
  let pairs = 0;
  let triples = 0;
  // How many near pairs there are in a row, up to the current one; a gap begins a new row.
  let row = 0;
  for (let here = at; here < end; here += 4) {
    const one = load<i32>(here);
    const other = load<i32>(here + lagBytes);
    // The sign bits: 0 where both follow, -1 where one does not. Masks instead of branches, which would often be mispredicted.
    const gap = (one | other) >> 31;
    pairs += i32(row >= 2) & ~gap;
    row = ((row & ~gap) + 1) & -i32(abs(abs(one) - abs(other)) <= within);
    triples += i32(row >= 3);
  }
  return ((<u64>triples) << TRIPLE_BITS) | <u64>pairs;
}

/** As `matchLag`, for a series without a gap. */
function matchWholeLag(at: usize, count: i32, lag: i32, within: i32): u64 {
  const lagBytes = (<usize>lag) << 2;
  const end = at + ((<usize>(count - lag)) << 2);
  let pairs = 0;
  let triples = 0;
  let row = 0;
  for (let here = at; here < end; here += 4) {
    pairs += i32(row >= 2);
    row = (row + 1) & -i32(abs(load<i32>(here) - load<i32>(here + lagBytes)) <= within);
    triples += i32(row >= 3);
  }
  return ((<u64>triples) << TRIPLE_BITS) | <u64>pairs;
}
