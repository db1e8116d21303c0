// Fuzzy entropy (Chen et al. 2007, IEEE Trans Neural Syst Rehabil Eng 15) as NeuroKit2 has it: a template's own mean is taken away, and two
// templates at distance d (the largest of their intervals') are alike to the degree exp(-d / tolerance).
//
// A template of two intervals without its mean is half their difference, twice: the degrees of all pairs are sums of exponentials over a
// sorted list, which one walk gives. Three intervals leave two numbers, and those pairs are taken one by one.

import { EXPONENTIAL_BYTES, exponentialOf, writeExponentials } from './exponential';
import { followsAt, lengthAt } from './series';
import { sortAscending } from './sort';
import { entropyOfShares } from './template-match';

/** Above this the number of pairs is beyond what a core may compute in one go: no value. */
export const FUZZY_COUNT_MAX: i32 = 10_000;

/** Bytes of `work` for `count` intervals. */
export function fuzzyWorkBytes(count: i32): usize {
  return EXPONENTIAL_BYTES + ((<usize>count) << 4);
}

export function fuzzyEntropy(at: usize, count: i32, tolerance: f64, work: usize): f64 {
  // Equal intervals have no tolerance to measure distances by.
  if (count < 4 || count > FUZZY_COUNT_MAX || !(tolerance > 0)) return NaN;
  const list = work + EXPONENTIAL_BYTES;
  const pairSum = sumOfPairs(at, count, tolerance, list);
  const templates = writeTriples(at, count, tolerance, list);
  const allPairs = (<f64>templates * <f64>(templates - 1)) / 2;
  writeExponentials(work);
  return entropyOfShares(pairSum / allPairs, sumOfTriples(list, templates, work) / allPairs);
}

/** Sum over all pairs of templates of two intervals that a third one follows. */
function sumOfPairs(at: usize, count: i32, tolerance: f64, list: usize): f64 {
  let templates = 0;
  for (let i = 0; i < count - 2; i++) {
    if (!followsAt(at, i + 1) || !followsAt(at, i + 2)) continue;
    const half = (lengthAt(at, i + 1) - lengthAt(at, i)) / 2;
    store<f64>(list + ((<usize>templates) << 3), half / tolerance);
    templates++;
  }
  sortAscending(list, templates);
  let sum: f64 = 0;
  // The sum of the degrees to which all smaller ones are like the current one.
  let below: f64 = 0;
  for (let i = 1; i < templates; i++) {
    const place = list + ((<usize>i) << 3);
    below = (below + 1) * Math.exp(load<f64>(place - 8) - load<f64>(place));
    sum += below;
  }
  return sum;
}

/** The first two of three intervals without their mean, in tolerances; the third is minus their sum. */
function writeTriples(at: usize, count: i32, tolerance: f64, list: usize): i32 {
  let templates = 0;
  for (let i = 0; i < count - 2; i++) {
    if (!followsAt(at, i + 1) || !followsAt(at, i + 2)) continue;
    const first = lengthAt(at, i);
    const toSecond = lengthAt(at, i + 1) - first;
    const toThird = lengthAt(at, i + 2) - first;
    const mean = (toSecond + toThird) / 3;
    const place = list + ((<usize>templates) << 4);
    store<f64>(place, -mean / tolerance);
    store<f64>(place, (toSecond - mean) / tolerance, 8);
    templates++;
  }
  return templates;
}

function sumOfTriples(list: usize, templates: i32, table: usize): f64 {
  const end = list + ((<usize>templates) << 4);
  let sum: f64 = 0;
  for (let here = list; here < end; here += 16) {
    const first = load<f64>(here);
    const second = load<f64>(here, 8);
    for (let there = here + 16; there < end; there += 16) {
      const toFirst = load<f64>(there) - first;
      const toSecond = load<f64>(there, 8) - second;
      // The third difference is minus the sum of the two.
      sum += exponentialOf(max(max(abs(toFirst), abs(toSecond)), abs(toFirst + toSecond)), table);
    }
  }
  return sum;
}
