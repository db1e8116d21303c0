// Sample entropy (Richman & Moorman 2000, Am J Physiol 278): how often two successive intervals, a template, come again within a tolerance,
// and how often the third one agrees as well. Templates match when no pair of their intervals is farther apart than the tolerance
// (NeuroKit2's defaults: m = 2, tolerance 0.2 deviations of the series). dsp/template-match.ts counts the same of an f64 series.
//
// The pairs are walked lag by lag, and along a lag a match of two or three is two or three near pairs in a row: one comparison per pair,
// and the time does not depend on the data.

import { signedAt } from './series';

/** Above this the number of pairs is beyond what a core may compute in one go: no value. */
const TEMPLATE_COUNT_MAX: i32 = 32_768;
/** A smaller share of matching pairs counts as none (NeuroKit2, numpy's isclose). */
const SHARE_MIN: f64 = 1e-8;
/** No series of ticks has a fifth of its deviation above 2^28; a difference and this stay in 32 bits. */
const WITHIN_MAX: f64 = 268_435_456;
/** Matches of one lag, pairs in the lower half of the word, triples in the upper. */
const TRIPLE_BITS: u64 = 32;

/** SampEn of `count` intervals at `at`; NaN where there is none. `tolerance` in ticks. */
export function sampleEntropy(at: usize, count: i32, tolerance: f64): f64 {
  if (count > TEMPLATE_COUNT_MAX || !(tolerance >= 0)) return NaN;
  const templates = countTriples(at, count);
  // Ticks are whole numbers: within the tolerance and within the whole part of it are the same.
  const within = <i32>min(tolerance, WITHIN_MAX);
  let pairs: u64 = 0;
  let triples: u64 = 0;
  for (let lag = 1; lag < count - 1; lag++) {
    const matches = matchLag(at, count, lag, within);
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

/** Compare each interval with the one `lag` later. Most pairs are far apart and begin nothing: two questions, and on. */
function matchLag(at: usize, count: i32, lag: i32, within: i32): u64 {
  const lagBytes = (<usize>lag) << 2;
  const end = at + ((<usize>(count - lag)) << 2);
  const width = (<u32>within) << 1;
  let pairs = 0;
  let triples = 0;
  // How many near pairs there are in a row, up to the current one; a gap begins a new row.
  let row = 0;
  for (let here = at; here < end; here += 4) {
    let one = load<i32>(here);
    let other = load<i32>(here + lagBytes);
    if ((one | other) < 0) {
      row = 0;
      one = abs(one);
      other = abs(other);
    }
    // From -within to within: one comparison without a sign.
    const isNear = <u32>(one - other + within) <= width;
    if (row >= 2) {
      pairs++;
      triples += i32(isNear);
    }
    if (isNear) row++;
    else row = 0;
  }
  return ((<u64>triples) << TRIPLE_BITS) | <u64>pairs;
}
