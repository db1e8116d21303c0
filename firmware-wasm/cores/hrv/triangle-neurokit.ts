// TINN as NeuroKit2 0.2.13 computes it, for whoever must have its number: the left foot stays on the first bin edge above the shortest
// interval, only the right foot is searched, and only bins between the feet are scored. With k counted in bins from the apex, y_k the
// heights, Y the apex and L the base of the right half, the score of that half is
//
//    E(L) = S2 - 2 Y (S0 - S1 / L) + Y^2 (L + 1)(2 L + 1) / (6 L)        S0, S1, S2: sums of y_k, k y_k, y_k^2 for k <= L
//
// and that of the left half is a constant. A score of 2^14 and more is none: then, and where there is no place for a foot, it answers 0.

import { signedAt } from './series';
import { BIN_MS, BIN_TICKS } from './triangle';

const SCORE_MAX: f64 = 16_384;

/** TINN in ms of `count` sorted intervals at `at`, whose highest bin is `apexBin` with `apexCount` intervals in it. */
export function neurokitTriangle(at: usize, count: i32, apexBin: i32, apexCount: i32, topBin: i32): f64 {
  const firstBin = signedAt(at, 0) / BIN_TICKS + 1;
  if (firstBin >= apexBin) return 0;
  const apex = <f64>apexCount;
  let next = 0;
  let leftScore: f64 = 0;
  for (let bin = firstBin; bin < apexBin; bin++) {
    next = binEnd(next, at, count, bin - 1, topBin);
    const end = binEnd(next, at, count, bin, topBin);
    const away = <f64>(end - next) - (apex * <f64>(bin - firstBin)) / <f64>(apexBin - firstBin);
    leftScore += away * away;
  }
  next = binEnd(next, at, count, apexBin, topBin);
  const foot = rightFoot(next, at, count, apexBin, apex, topBin, leftScore);
  return foot < 0 ? 0 : <f64>(foot - firstBin) * BIN_MS;
}

/** The bin of the right foot; -1 where there is none. */
function rightFoot(from: i32, at: usize, count: i32, apexBin: i32, apex: f64, topBin: i32, leftScore: f64): i32 {
  let next = from;
  let s0 = apex;
  let s1: f64 = 0;
  let s2 = apex * apex;
  let best = SCORE_MAX;
  let bestBin = -1;
  for (let base = 1; (apexBin + base) * BIN_TICKS < signedAt(at, count - 1); base++) {
    const end = binEnd(next, at, count, apexBin + base, topBin);
    const height = <f64>(end - next);
    const length = <f64>base;
    next = end;
    s0 += height;
    s1 += height * length;
    s2 += height * height;
    const triangle = (apex * apex * (length + 1) * (2 * length + 1)) / (6 * length);
    const score = leftScore + s2 - 2 * apex * (s0 - s1 / length) + triangle;
    if (score >= best) continue;
    best = score;
    bestBin = apexBin + base;
  }
  return bestBin;
}

/** The first interval from `from` on that lies in a bin above `bin`. */
function binEnd(from: i32, at: usize, count: i32, bin: i32, topBin: i32): i32 {
  let end = from;
  while (end < count && min(signedAt(at, end) / BIN_TICKS, topBin) <= bin) end++;
  return end;
}
