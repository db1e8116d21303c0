// Approximate entropy (Pincus 1991, PNAS 88) and sample entropy (Richman & Moorman 2000, Am J Physiol 278) count the same thing: how often
// two successive intervals, a template, come again within a tolerance, and how often the third one agrees as well. Templates match when no
// pair of their intervals is farther apart than the tolerance (NeuroKit2's defaults: m = 2, tolerance 0.2 deviations of the series).
//
// The pairs are walked lag by lag, and along a lag a match of two or three is two or three near pairs in a row: one comparison per pair,
// and the time does not depend on the data.

import { followsAt, lengthAt, lengthDeviation, runEnd } from './series';

/** Above this the number of pairs is beyond what a core may compute in one go: no value. */
export const TEMPLATE_COUNT_MAX: i32 = 32_768;

const TOLERANCE_PER_DEVIATION: f64 = 0.2;
/** A smaller share of matching pairs counts as none (NeuroKit2, numpy's isclose). */
const SHARE_MIN: f64 = 1e-8;

/** What a walk over the pairs of templates has counted. */
@unmanaged
export class Matches {
  /** Templates of two intervals; of three, which is also the number of those of two that a third follows. */
  pairTemplates: f64;
  tripleTemplates: f64;
  /** Pairs of templates that match, among those that a third interval follows; and those that match in the third as well. */
  pairs: f64;
  triples: f64;
}

export const MATCHES_BYTES: usize = offsetof<Matches>();

/** Bytes of `work` for `count` intervals: for approximate entropy two numbers of matches per template. */
export function templateWorkBytes(count: i32): usize {
  return MATCHES_BYTES + ((<usize>count) << 3);
}

/** NaN for less than two intervals. */
export function toleranceOf(at: usize, count: i32): f64 {
  return count < 2 ? NaN : TOLERANCE_PER_DEVIATION * lengthDeviation(at, count);
}

/** SampEn alone; `work` needs MATCHES_BYTES. */
export function sampleEntropy(at: usize, count: i32, tolerance: f64, work: usize): f64 {
  if (count > TEMPLATE_COUNT_MAX) return NaN;
  const matches = countMatches(at, count, tolerance, work, 0);
  return entropyOfShares(pairShare(matches), tripleShare(matches));
}

/** ApEn. */
export function approximateEntropy(at: usize, count: i32, tolerance: f64, work: usize): f64 {
  if (count > TEMPLATE_COUNT_MAX) return NaN;
  const perTemplate = work + MATCHES_BYTES;
  memory.fill(perTemplate, 0, (<usize>count) << 3);
  const matches = countMatches(at, count, tolerance, work, perTemplate);
  let sumOfPairs: f64 = 0;
  let sumOfTriples: f64 = 0;
  for (let i = 0; i < count - 1; i++) {
    if (!followsAt(at, i + 1)) continue;
    const counts = perTemplate + ((<usize>i) << 3);
    // A template matches itself.
    sumOfPairs += Math.log(<f64>(load<u32>(counts) + 1) / matches.pairTemplates);
    if (isTriple(at, count, i)) sumOfTriples += Math.log(<f64>(load<u32>(counts, 4) + 1) / matches.tripleTemplates);
  }
  return abs(sumOfPairs / matches.pairTemplates - sumOfTriples / matches.tripleTemplates);
}

/** Share of all pairs of templates that match; NaN where there is no pair. */
export function pairShare(matches: Matches): f64 {
  return (2 * matches.pairs) / (matches.tripleTemplates * (matches.tripleTemplates - 1));
}

export function tripleShare(matches: Matches): f64 {
  return (2 * matches.triples) / (matches.tripleTemplates * (matches.tripleTemplates - 1));
}

/** -ln of the share of matches that go on (0 and not -0 where all do); NaN where there are none, or none goes on. */
export function entropyOfShares(pairShare: f64, tripleShare: f64): f64 {
  const share = tripleShare / pairShare;
  return pairShare > SHARE_MIN && share > SHARE_MIN ? 0 - Math.log(share) : NaN;
}

/** Count at `work`. `perTemplate`: where to add up pairs and triples of every template, two u32 each; 0 for nowhere. */
export function countMatches(at: usize, count: i32, tolerance: f64, work: usize, perTemplate: usize): Matches {
  memory.fill(work, 0, MATCHES_BYTES);
  const matches = changetype<Matches>(work);
  for (let i = 0; i < count - 1; i++) {
    if (!followsAt(at, i + 1)) continue;
    matches.pairTemplates++;
    if (isTriple(at, count, i)) matches.tripleTemplates++;
  }
  // Most series have no gap, and without the questions about gaps a pair costs a quarter less.
  const isWhole = perTemplate === 0 && runEnd(at, count, 0) >= count && load<f64>(at) > 0;
  for (let lag = 1; lag < count - 1; lag++) {
    if (isWhole) matchWholeLag(at, count, lag, tolerance, matches);
    else matchLag(at, count, lag, tolerance, matches, perTemplate);
  }
  return matches;
}

/** Do two intervals follow interval `index`, given that one does? */
function isTriple(at: usize, count: i32, index: i32): bool {
  return index + 2 < count && followsAt(at, index + 2);
}

/** Compare each interval with the one `lag` later. */
function matchLag(at: usize, count: i32, lag: i32, tolerance: f64, matches: Matches, perTemplate: usize): void {
  const lagBytes = (<usize>lag) << 3;
  const end = at + ((<usize>(count - lag)) << 3);
  let pairs = 0;
  let triples = 0;
  // How many near pairs there are in a row, up to the current one; a gap begins a new row.
  let row = i32(abs(lengthAt(at, 0) - lengthAt(at, lag)) <= tolerance);
  for (let here = at + 8; here < end; here += 8) {
    // The sign bits: 0 where both follow, -1 where one does not. Masks instead of branches, which would often be mispredicted.
    const gap = i32((load<i64>(here) | load<i64>(here + lagBytes)) >> 63);
    const isNear = i32(abs(abs(load<f64>(here)) - abs(load<f64>(here + lagBytes))) <= tolerance);
    pairs += i32(row >= 2) & ~gap;
    row = ((row & ~gap) + 1) & -isNear;
    triples += i32(row >= 3);
    if (perTemplate !== 0 && row >= 2) addMatches(perTemplate + (here - at), lagBytes, row);
  }
  matches.pairs += <f64>pairs;
  matches.triples += <f64>triples;
}

/** As `matchLag`, for a series without a gap of which only the sums are wanted. */
function matchWholeLag(at: usize, count: i32, lag: i32, tolerance: f64, matches: Matches): void {
  const lagBytes = (<usize>lag) << 3;
  const end = at + ((<usize>(count - lag)) << 3);
  let pairs = 0;
  let triples = 0;
  let row = i32(abs(load<f64>(at) - load<f64>(at + lagBytes)) <= tolerance);
  for (let here = at + 8; here < end; here += 8) {
    const isNear = i32(abs(load<f64>(here) - load<f64>(here + lagBytes)) <= tolerance);
    pairs += i32(row >= 2);
    row = (row + 1) & -isNear;
    triples += i32(row >= 3);
  }
  matches.pairs += <f64>pairs;
  matches.triples += <f64>triples;
}

/** The templates that end at `last` and `lagBytes` further on match. */
function addMatches(last: usize, lagBytes: usize, row: i32): void {
  addTo(last - 8);
  addTo(last - 8 + lagBytes);
  if (row < 3) return;
  addTo(last - 16 + 4);
  addTo(last - 16 + 4 + lagBytes);
}

function addTo(at: usize): void {
  store<u32>(at, load<u32>(at) + 1);
}
