// Detrended fluctuation analysis (Peng et al. 1995, Chaos 5). The sum of the deviations from the mean, the profile, is cut into boxes that
// overlap by half and lie in one run each; what a straight line leaves in a box is its variance. Fluctuation: root of the boxes' mean
// variance. Exponent: slope of its logarithm over that of the box's width.
//
// A box takes away its own straight line, so the profile may be summed around any value near the mean, and only its course within a box
// counts: it is kept in 32 bits that may overflow between boxes, never within one. Within a box f32 has digits enough.

import { addPoint, beginLine, LINE_FIT_BYTES, slopeOf } from '../../dsp/line-fit';
import { TICKS_PER_MS } from '../../dsp/tick-intervals';
import { lengthAt, runEnd } from './series';

/** A box with less is flat, ms2 (NeuroKit2). */
const VARIANCE_MIN: f32 = 1e-8;

/** Points of boxes that are looked at in one analysis. Above 40,000 intervals that is less than every width: evenly many are left out. */
const VISIT_COUNT_MAX: f64 = 400_000_000;

/** The course of the profile within a box has at most so many bits. */
const COURSE_BITS: i32 = 30;

/** Bytes of `work` for `count` intervals. */
export function fluctuationWorkBytes(count: i32): usize {
  return LINE_FIT_BYTES + ((<usize>count) << 2);
}

/** The exponent of boxes from `shortest` to `longest` intervals; NaN unless every width has a box that is not flat. */
export function fluctuationExponent(at: usize, count: i32, shortest: i32, longest: i32, work: usize): f64 {
  if (count <= longest || longest <= shortest) return NaN;
  const line = beginLine(work);
  const profile = work + LINE_FIT_BYTES;
  const step = 1 + <i32>((2 * <f64>count * <f64>(longest - shortest)) / VISIT_COUNT_MAX);
  const ticksPerUnit = writeProfile(at, count, longest, profile);
  const unitsPerMs = <f32>TICKS_PER_MS / ticksPerUnit;
  for (let width = shortest; width <= longest; width += step) {
    // A NaN from a width without boxes stays in the means, and so in the slope.
    const variance = meanVariance(at, count, profile, width, VARIANCE_MIN * unitsPerMs * unitsPerMs);
    addPoint(line, Math.log(<f64>width), Math.log(variance) / 2);
  }
  return slopeOf(line);
}

/**
 * Running sum of the deviations from the mean, in units of which 2^30 are more than it can change within `longest` intervals; answers how
 * many ticks a unit is. Through a gap it just goes on: no box does.
 */
function writeProfile(at: usize, count: i32, longest: i32, profile: usize): f32 {
  let all: i64 = 0;
  for (let i = 0; i < count; i++) all += lengthAt(at, i);
  const mean = <i32>(all / count);
  let farthest = 0;
  for (let i = 0; i < count; i++) farthest = max(farthest, abs(lengthAt(at, i) - mean));
  let shift: i64 = 0;
  while (((<i64>farthest * longest) >> shift) >> COURSE_BITS > 0) shift++;
  let sum: i64 = 0;
  for (let i = 0; i < count; i++) {
    sum += lengthAt(at, i) - mean;
    store<i32>(profile + ((<usize>i) << 2), <i32>(sum >> shift));
  }
  return <f32>((<i64>1) << shift);
}

/** Mean variance of the boxes of `width`, those above `least`; NaN without any. */
function meanVariance(at: usize, count: i32, profile: usize, width: i32, least: f32): f64 {
  let boxes = 0;
  let sum: f64 = 0;
  for (let from = 0; from < count; ) {
    const end = runEnd(at, count, from);
    // A box never ends with the last point of its run (NeuroKit2).
    for (let start = from; start < end - width; start += width >> 1) {
      const variance = boxVariance(profile + ((<usize>start) << 2), width);
      if (!(variance > least)) continue;
      boxes++;
      sum += <f64>variance;
    }
    from = end;
  }
  return sum / <f64>boxes;
}

/** Variance of what is left of `width` points when their straight line is taken away. */
function boxVariance(first: usize, width: i32): f32 {
  const origin = load<i32>(first);
  const points = <f32>width;
  const middle = (points - 1) / 2;
  const end = first + ((<usize>width) << 2);
  let sum: f32 = 0;
  let moment: f32 = 0;
  let time = -middle;
  for (let at = first; at < end; at += 4) {
    const value = <f32>(load<i32>(at) - origin);
    sum += value;
    moment += value * time++;
  }
  const slope: f32 = (12 * moment) / (points * (points * points - 1));
  const start = sum / points;
  let squares: f32 = 0;
  time = -middle;
  for (let at = first; at < end; at += 4) {
    const rest = <f32>(load<i32>(at) - origin) - start - slope * time++;
    squares += rest * rest;
  }
  return squares / points;
}
