// Multiscale entropy: sample entropy of the series seen ever more coarsely, and the area under it over the scales (Costa et al. 2002, Phys
// Rev Lett 89: means of non-overlapping intervals; composite and refined composite: Wu et al. 2013, Entropy 15, and 2014, Phys Lett A 378).
// Scales, and what the two composite ones do at a scale, are NeuroKit2's: 1 ... n / 12 - 1, and every s-th interval from each of the s first
// ones, not means. The tolerance is that of the whole series throughout.

import { lengthAt, runEnd } from './series';
import { countMatches, entropyOfShares, MATCHES_BYTES, Matches, pairShare, tripleShare } from './template-match';

/** Above this the number of pairs is beyond what a core may compute in one go: no value. */
export const MULTISCALE_COUNT_MAX: i32 = 6_000;
const INTERVALS_PER_SCALE: i32 = 12;
/** A curve over the scales whose points come one by one; scales without a value are left out, as if they were not there. */
@unmanaged
class Curve {
  points: f64;
  sum: f64;
  first: f64;
  last: f64;
}

/** What the shifted series of one scale add up to. */
@unmanaged
class Shifts {
  entropies: f64;
  entropySum: f64;
  series: f64;
  pairShares: f64;
  tripleShares: f64;
}

const FIXED_BYTES: usize = 3 * offsetof<Curve>() + offsetof<Shifts>();

/** Bytes of `work` for `count` intervals: a coarse series, and where its boxes begin; for scale 1 only the former. */
export function multiscaleWorkBytes(count: i32): usize {
  return FIXED_BYTES + MATCHES_BYTES + ((<usize>count) << 3);
}

/** Write MSEn CMSEn RCMSEn to `into`. Less than `pointsMin` scales with a value give none: the area under one point is 0 (NeuroKit2). */
export function computeMultiscale(
  at: usize,
  count: i32,
  tolerance: f64,
  pointsMin: f64,
  work: usize,
  into: usize,
): void {
  memory.fill(work, 0, FIXED_BYTES);
  const means = changetype<Curve>(work);
  const composite = changetype<Curve>(work + offsetof<Curve>());
  const refined = changetype<Curve>(work + 2 * offsetof<Curve>());
  const shifts = changetype<Shifts>(work + 3 * offsetof<Curve>());
  const free = work + FIXED_BYTES;
  const scaleCount = count > MULTISCALE_COUNT_MAX ? 0 : count / INTERVALS_PER_SCALE - 1;
  for (let scale = 1; scale <= scaleCount; scale++) {
    const entropy = meansEntropy(at, count, scale, tolerance, free);
    addScale(means, entropy);
    if (scale === 1) {
      // All three see the series itself.
      addScale(composite, entropy);
      addScale(refined, entropy);
      continue;
    }
    sumShifts(at, count, scale, tolerance, free, shifts);
    addScale(composite, shifts.entropySum / shifts.entropies);
    addScale(refined, entropyOfShares(shifts.pairShares / shifts.series, shifts.tripleShares / shifts.series));
  }
  store<f64>(into, areaOf(means, pointsMin));
  store<f64>(into, areaOf(composite, pointsMin), 8);
  store<f64>(into, areaOf(refined, pointsMin), 16);
}

function addScale(curve: Curve, entropy: f64): void {
  if (isNaN(entropy)) return;
  if (curve.points === 0) curve.first = entropy;
  curve.points++;
  curve.sum += entropy;
  curve.last = entropy;
}

/** Area by the trapezium rule, per scale. */
function areaOf(curve: Curve, pointsMin: f64): f64 {
  return curve.points < pointsMin ? NaN : (curve.sum - (curve.first + curve.last) / 2) / curve.points;
}

function meansEntropy(at: usize, count: i32, scale: i32, tolerance: f64, work: usize): f64 {
  const coarse = work + MATCHES_BYTES;
  const coarseCount = writeBoxes(at, count, scale, coarse);
  for (let i = 0; i < coarseCount; i++) {
    const place = coarse + ((<usize>i) << 3);
    const box = load<i32>(place);
    let sum: f64 = 0;
    for (let index = abs(box) - 1; index < abs(box) - 1 + scale; index++) sum += lengthAt(at, index);
    store<f64>(place, box < 0 ? -sum / <f64>scale : sum / <f64>scale);
  }
  const matches = countMatches(coarse, coarseCount, tolerance, work, 0);
  return entropyOfShares(pairShare(matches), tripleShare(matches));
}

/** Sample entropies of the `scale` series that begin one interval apart. */
function sumShifts(at: usize, count: i32, scale: i32, tolerance: f64, work: usize, shifts: Shifts): void {
  memory.fill(changetype<usize>(shifts), 0, offsetof<Shifts>());
  const coarse = work + MATCHES_BYTES;
  const boxes = coarse + ((<usize>(count / scale)) << 3);
  const coarseCount = writeBoxes(at, count, scale, boxes);
  for (let shift = 0; shift < scale; shift++) {
    for (let i = 0; i < coarseCount; i++) {
      const box = load<i32>(boxes + ((<usize>i) << 3));
      const length = lengthAt(at, abs(box) - 1 + shift);
      store<f64>(coarse + ((<usize>i) << 3), box < 0 ? -length : length);
    }
    addShift(shifts, countMatches(coarse, coarseCount, tolerance, work, 0));
  }
}

function addShift(shifts: Shifts, matches: Matches): void {
  if (matches.tripleTemplates < 2) return;
  shifts.series++;
  shifts.pairShares += pairShare(matches);
  shifts.tripleShares += tripleShare(matches);
  const entropy = entropyOfShares(pairShare(matches), tripleShare(matches));
  if (isNaN(entropy)) return;
  shifts.entropies++;
  shifts.entropySum += entropy;
}

/**
 * Cut every run into boxes of `scale` intervals and write for each, 8 bytes apart, the number (from 1) of its first interval; minus that
 * number where the box is the first of its run. Answers how many there are.
 */
function writeBoxes(at: usize, count: i32, scale: i32, boxes: usize): i32 {
  let written = 0;
  for (let from = 0; from < count; ) {
    const end = runEnd(at, count, from);
    for (let start = from; start + scale <= end; start += scale) {
      store<i32>(boxes + ((<usize>written) << 3), start === from ? -start - 1 : start + 1);
      written++;
    }
    from = end;
  }
  return written;
}
