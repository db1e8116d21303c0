// Detrended fluctuation analysis (Peng et al. 1995, Chaos 5) and its multifractal generalisation (Kantelhardt et al. 2002, Physica A 316).
// The sum of the deviations from the mean, the profile, is cut into boxes that overlap by half and lie in one run each; what a straight line
// leaves in a box is its variance. Fluctuation: root of the boxes' mean variance, or another power mean of it. Exponent: slope of its
// logarithm over that of the box's width.

import { addPoint, beginLine, LINE_FIT_BYTES, LineFit, slopeOf } from './line-fit';
import { lengthAt, meanLength, runEnd } from './series';

/** Powers -5 ... 5, as NeuroKit2 has them. */
const POWER_MAX: i32 = 5;
export const POWER_COUNT: i32 = 2 * POWER_MAX + 1;

/** A box with less is flat, its negative powers would drown the others, ms2 (NeuroKit2). */
const VARIANCE_MIN: f64 = 1e-8;

/** Points of boxes that are looked at in one analysis. Above 40,000 intervals that is less than every width: evenly many are left out. */
const VISIT_COUNT_MAX: f64 = 400_000_000;

const SUMS_BYTES: usize = (<usize>POWER_COUNT) << 3;

/** Bytes of `work` for `count` intervals. */
export function fluctuationWorkBytes(count: i32): usize {
  return ((<usize>count) << 3) + SUMS_BYTES + <usize>POWER_COUNT * LINE_FIT_BYTES;
}

/** The exponent of boxes from `shortest` to `longest` intervals; NaN unless every width has a box that is not flat. */
export function fluctuationExponent(at: usize, count: i32, shortest: i32, longest: i32, work: usize): f64 {
  if (count <= longest || longest <= shortest) return NaN;
  writeProfile(at, count, work);
  const line = beginLine(work + ((<usize>count) << 3));
  const step = widthStep(count, shortest, longest);
  for (let width = shortest; width <= longest; width += step) {
    // A NaN from a width without boxes stays in the means, and so in the slope.
    addPoint(line, Math.log(<f64>width), Math.log(meanVariance(at, count, work, width)) / 2);
  }
  return slopeOf(line);
}

/** The exponents for the powers -5 ... 5, written to `into`. */
export function computeExponents(at: usize, count: i32, shortest: i32, longest: i32, work: usize, into: usize): void {
  const sums = work + ((<usize>count) << 3);
  const lines = sums + SUMS_BYTES;
  for (let i = 0; i < POWER_COUNT; i++) beginLine(lineAt(lines, i));
  const isPossible = count > longest && longest > shortest;
  if (isPossible) {
    writeProfile(at, count, work);
    const step = widthStep(count, shortest, longest);
    for (let width = shortest; width <= longest; width += step) addWidth(at, count, work, width, sums, lines);
  }
  for (let i = 0; i < POWER_COUNT; i++) {
    store<f64>(into + ((<usize>i) << 3), isPossible ? slopeOf(changetype<LineFit>(lineAt(lines, i))) : NaN);
  }
}

function lineAt(lines: usize, index: i32): usize {
  return lines + <usize>index * LINE_FIT_BYTES;
}

/** Running sum of the deviations from the mean. Through a gap it just goes on: no box does. */
function writeProfile(at: usize, count: i32, profile: usize): void {
  const mean = meanLength(at, count);
  let sum: f64 = 0;
  for (let i = 0; i < count; i++) {
    sum += lengthAt(at, i) - mean;
    store<f64>(profile + ((<usize>i) << 3), sum);
  }
}

/** 1 where all widths can be afforded. */
function widthStep(count: i32, shortest: i32, longest: i32): i32 {
  return 1 + <i32>((2 * <f64>count * <f64>(longest - shortest)) / VISIT_COUNT_MAX);
}

/** Mean variance of the boxes of `width`; NaN without any that is not flat. */
function meanVariance(at: usize, count: i32, profile: usize, width: i32): f64 {
  let boxes: f64 = 0;
  let sum: f64 = 0;
  for (let from = 0; from < count; ) {
    const end = runEnd(at, count, from);
    // A box never ends with the last point of its run (NeuroKit2).
    for (let start = from; start < end - width; start += width >> 1) {
      const variance = boxVariance(profile + ((<usize>start) << 3), width);
      if (!(variance > VARIANCE_MIN)) continue;
      boxes++;
      sum += variance;
    }
    from = end;
  }
  return sum / boxes;
}

/** Add the fluctuations of one width to the lines of all powers. */
function addWidth(at: usize, count: i32, profile: usize, width: i32, sums: usize, lines: usize): void {
  memory.fill(sums, 0, SUMS_BYTES);
  let boxes: f64 = 0;
  for (let from = 0; from < count; ) {
    const end = runEnd(at, count, from);
    for (let start = from; start < end - width; start += width >> 1) {
      const variance = boxVariance(profile + ((<usize>start) << 3), width);
      if (!(variance > VARIANCE_MIN)) continue;
      boxes++;
      addPowers(sums, variance);
    }
    from = end;
  }
  const x = Math.log(<f64>width);
  for (let power = -POWER_MAX; power <= POWER_MAX; power++) {
    const mean = load<f64>(sumAt(sums, power)) / boxes;
    const y = power === 0 ? mean / 2 : Math.log(mean) / <f64>power;
    addPoint(changetype<LineFit>(lineAt(lines, power + POWER_MAX)), x, y);
  }
}

function sumAt(sums: usize, power: i32): usize {
  return sums + ((<usize>(power + POWER_MAX)) << 3);
}

/** Powers of the root of the variance; in the place of power 0 its logarithm, which is what the power mean tends to. */
function addPowers(sums: usize, variance: f64): void {
  const root = Math.sqrt(variance);
  let up: f64 = 1;
  let down: f64 = 1;
  addTo(sumAt(sums, 0), Math.log(variance));
  for (let power = 1; power <= POWER_MAX; power++) {
    up *= root;
    down /= root;
    addTo(sumAt(sums, power), up);
    addTo(sumAt(sums, -power), down);
  }
}

function addTo(at: usize, value: f64): void {
  store<f64>(at, load<f64>(at) + value);
}

/** Variance of what is left of `width` points when their straight line is taken away. */
function boxVariance(first: usize, width: i32): f64 {
  const origin = load<f64>(first);
  const middle = <f64>(width - 1) / 2;
  const end = first + ((<usize>width) << 3);
  let sum: f64 = 0;
  let moment: f64 = 0;
  let time = -middle;
  for (let at = first; at < end; at += 8) {
    const value = load<f64>(at) - origin;
    sum += value;
    moment += value * time++;
  }
  const slope = (12 * moment) / (<f64>width * (<f64>width * <f64>width - 1));
  const start = origin + sum / <f64>width;
  let squares: f64 = 0;
  time = -middle;
  for (let at = first; at < end; at += 8) {
    const rest = load<f64>(at) - start - slope * time++;
    squares += rest * rest;
  }
  return squares / <f64>width;
}
