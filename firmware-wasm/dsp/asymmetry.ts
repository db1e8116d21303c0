// Heart rate asymmetry: what the points above the line of identity of the Poincare plot (decelerations, the interval grew) and those below
// it (accelerations) contribute. Guzik's, slope, area and Porta's index (Yan et al. 2017, Biomed Eng Online 16); contributions to short
// and long-term and total variance (Piskorski & Guzik 2011, Med Biol Eng Comput 49).

import { followsAt, lengthAt } from './series';

/** Sums over the points of one side. */
@unmanaged
class Side {
  count: f64;
  /** Distances to the line of identity (times sqrt 2), and their squares. */
  distance: f64;
  squares: f64;
  /** Angles to the line of identity. */
  angle: f64;
  /** Twice the areas of the sectors between point and line. */
  area: f64;
  /** Squared distances along the line from the centre of all points (times 2). */
  along: f64;
}

/** Bytes of `work`. */
export const ASYMMETRY_WORK_BYTES: usize = 3 * offsetof<Side>();

/** Write GI SI AI PI C1d C1a SD1d SD1a C2d C2a SD2d SD2a Cd Ca SDNNd SDNNa to `into`. */
export function computeAsymmetry(at: usize, count: i32, work: usize, into: usize): void {
  memory.fill(work, 0, ASYMMETRY_WORK_BYTES);
  const longer = changetype<Side>(work);
  const shorter = changetype<Side>(work + offsetof<Side>());
  const equal = changetype<Side>(work + 2 * offsetof<Side>());
  const centre = centreOf(at, count);
  for (let i = 1; i < count; i++) {
    if (!followsAt(at, i)) continue;
    const before = lengthAt(at, i - 1);
    const after = lengthAt(at, i);
    addPointTo(after > before ? longer : after < before ? shorter : equal, before, after, centre);
  }
  const points = longer.count + shorter.count + equal.count;
  writeShares(longer, shorter, into);
  writeContributions(longer, shorter, equal.along, points - 1, into + 32);
}

/** Mean of the sum of an interval and the one before it. */
function centreOf(at: usize, count: i32): f64 {
  let mean: f64 = 0;
  let points: f64 = 0;
  for (let i = 1; i < count; i++) {
    if (followsAt(at, i)) mean += (lengthAt(at, i) + lengthAt(at, i - 1) - mean) / ++points;
  }
  return mean;
}

function addPointTo(side: Side, before: f64, after: f64, centre: f64): void {
  const away = abs(after - before);
  const angle = abs(Math.PI / 4 - Math.atan(after / before));
  const along = after + before - centre;
  side.count++;
  side.distance += away;
  side.squares += away * away;
  side.angle += angle;
  side.area += angle * (before * before + after * after);
  side.along += along * along;
}

/** GI SI AI PI, per cent: of all points that are not on the line. */
function writeShares(longer: Side, shorter: Side, into: usize): void {
  store<f64>(into, 100 * shareOf(longer.distance, shorter.distance));
  store<f64>(into, 100 * shareOf(longer.angle, shorter.angle), 8);
  store<f64>(into, 100 * shareOf(longer.area, shorter.area), 16);
  store<f64>(into, 100 * shareOf(shorter.count, longer.count), 24);
}

/** C and SD of short term, of long term, of both together; points on the line count half to either side. */
function writeContributions(longer: Side, shorter: Side, onLine: f64, degrees: f64, into: usize): void {
  const alongLonger = longer.along + onLine / 2;
  const alongShorter = shorter.along + onLine / 2;
  writeSides(longer.squares, shorter.squares, 2 * degrees, into, into + 16);
  writeSides(alongLonger, alongShorter, 2 * degrees, into + 32, into + 48);
  writeSides(longer.squares + alongLonger, shorter.squares + alongShorter, 4 * degrees, into + 64, into + 80);
}

/** Shares of the two sums, and the root of each over `divisor`. One point has no variance, and so no share of it. */
function writeSides(longerSum: f64, shorterSum: f64, divisor: f64, shares: usize, roots: usize): void {
  const longer = divisor > 0 ? longerSum / divisor : NaN;
  const shorter = shorterSum / divisor;
  store<f64>(shares, shareOf(longer, shorter));
  store<f64>(shares, shareOf(shorter, longer), 8);
  store<f64>(roots, Math.sqrt(longer));
  store<f64>(roots, divisor > 0 ? Math.sqrt(shorter) : NaN, 8);
}

function shareOf(part: f64, rest: f64): f64 {
  return part / (part + rest);
}
