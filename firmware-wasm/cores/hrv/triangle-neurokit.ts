// TINN as NeuroKit2 0.2.13 computes it, for whoever must have its number: the left foot stays on the first bin edge above the shortest
// interval, only the right foot is searched, and only bins between the feet are scored. With k counted in bins from the apex, y_k the
// heights, Y the apex and L the base of the right half, the score of that half is
//
//    E(L) = S2 - 2 Y (S0 - S1 / L) + Y^2 (L + 1)(2 L + 1) / (6 L)        S0, S1, S2: sums of y_k, k y_k, y_k^2 for k <= L
//
// and that of the left half is a constant. A score of 2^14 and more is none: then, and where there is no place for a foot, it answers 0.

import { slotOf } from '../../dsp/slot';

const BIN_MS: f64 = 7.8125;
const SCORE_MAX: f64 = 16_384;
/** Farther apart than this (13 minutes) nobody has ever found a beat: no value rather than a long search. */
const BIN_COUNT_MAX: f64 = 100_000;

/** TINN in ms of `count` sorted intervals at `at`, whose highest bin is `apexBin` with `apex` intervals in it. */
export function neurokitTriangle(at: usize, count: i32, apexBin: f64, apex: f64, topBin: f64): f64 {
  const longestMs = load<f64>(at + ((<usize>(count - 1)) << 3));
  const firstBin = slotOf(load<f64>(at), BIN_MS) + 1;
  if (longestMs / BIN_MS - firstBin > BIN_COUNT_MAX) return NaN;
  if (firstBin >= apexBin) return 0;
  let next = at;
  let leftScore: f64 = 0;
  for (let bin = firstBin; bin < apexBin; bin++) {
    next = binEnd(next, at, count, bin - 1, topBin);
    const end = binEnd(next, at, count, bin, topBin);
    const away = heightOf(next, end) - (apex * (bin - firstBin)) / (apexBin - firstBin);
    leftScore += away * away;
  }
  next = binEnd(next, at, count, apexBin, topBin);
  return rightFoot(next, at, count, apexBin, apex, topBin, leftScore) - firstBin * BIN_MS;
}

/** Where the right foot is, ms; where there is none, what makes the whole 0 stands for it. */
function rightFoot(from: usize, at: usize, count: i32, apexBin: f64, apex: f64, topBin: f64, leftScore: f64): f64 {
  const longestMs = load<f64>(at + ((<usize>(count - 1)) << 3));
  const noFootMs = (slotOf(load<f64>(at), BIN_MS) + 1) * BIN_MS;
  let next = from;
  let s0 = apex;
  let s1: f64 = 0;
  let s2 = apex * apex;
  let best = SCORE_MAX;
  let bestMs = noFootMs;
  for (let base: f64 = 1; (apexBin + base) * BIN_MS < longestMs; base++) {
    const end = binEnd(next, at, count, apexBin + base, topBin);
    const height = heightOf(next, end);
    next = end;
    s0 += height;
    s1 += height * base;
    s2 += height * height;
    const triangle = (apex * apex * (base + 1) * (2 * base + 1)) / (6 * base);
    const score = leftScore + s2 - 2 * apex * (s0 - s1 / base) + triangle;
    if (score >= best) continue;
    best = score;
    bestMs = (apexBin + base) * BIN_MS;
  }
  return bestMs;
}

/** First address from `from` on that lies in a bin above `bin`. */
function binEnd(from: usize, at: usize, count: i32, bin: f64, topBin: f64): usize {
  const past = at + ((<usize>count) << 3);
  let end = from;
  while (end < past && min(slotOf(load<f64>(end), BIN_MS), topBin) <= bin) end += 8;
  return end;
}

function heightOf(from: usize, end: usize): f64 {
  return <f64>((end - from) >> 3);
}
