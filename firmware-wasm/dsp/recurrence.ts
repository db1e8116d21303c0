// Recurrence quantification (Webber & Zbilut 1994, J Appl Physiol 76; Marwan et al. 2007, Phys Rep 438). A state is seven successive
// intervals of the series without its linear trend; two states recur when their Euclidean distance is at most half the mean distance of all
// pairs of intervals, each taken as a point on the diagonal (NeuroKit2's choices, after Zimatore et al. 2021, Front Physiol 12).
//
// Of the matrix of recurrences only the part above its main diagonal is looked at. It is walked diagonal by diagonal and never stored: the
// next diagonal continues every row by one cell, so the line that is open in each row is all that has to be kept.

import { addPoint, beginLine, LINE_FIT_BYTES, LineFit, slopeOf } from './line-fit';
import { countLine, linePoints, longestLine, writeLineValues } from './line-lengths';
import { copyLengths } from './series';
import { sortAscending } from './sort';

/** Above this the number of pairs is beyond what a core may compute in one go: no value. */
export const RECURRENCE_COUNT_MAX: i32 = 10_000;
export const RECURRENCE_VALUE_COUNT: i32 = 14;

const DIMENSION: i32 = 7;
/** A smaller radius, ms, is that of equal intervals and of the roundings of the trend. */
const RADIUS_MIN_MS: f64 = 1e-6;
const DIAGONALS_MIN: f64 = 3;

/** What the walk carries from diagonal to diagonal. */
@unmanaged
class Walk {
  radiusSquared: f64;
  slope: f64;
  /** Pairs of states, and those of them that recur. */
  pairs: f64;
  recurrences: f64;
  /** For each row the length of its open line: of recurrences if positive, of none if negative; i32. */
  rows: usize;
  /** Lines by length: on diagonals, of recurrences in rows, of none in rows. */
  diagonals: usize;
  black: usize;
  white: usize;
}

/** Bytes of `work` for `count` intervals: line fit, walk, and four lists of u32. */
export function recurrenceWorkBytes(count: i32): usize {
  return LINE_FIT_BYTES + offsetof<Walk>() + ((<usize>count) << 4);
}

/** Write RecurrenceRate DiagRec Determinism DeteRec L Divergence LEn Laminarity TrappingTime VMax VEn W WMax WEn to `into`. */
export function computeRecurrence(at: usize, count: i32, work: usize, into: usize): void {
  for (let i = 0; i < RECURRENCE_VALUE_COUNT; i++) store<f64>(into + ((<usize>i) << 3), NaN);
  if (count <= DIMENSION || count > RECURRENCE_COUNT_MAX) return;
  const walk = changetype<Walk>(work + LINE_FIT_BYTES);
  const lists = work + LINE_FIT_BYTES + offsetof<Walk>();
  const line = changetype<LineFit>(work);
  copyLengths(at, count, lists);
  walk.slope = removeTrend(lists, count, line);
  const radius = radiusOf(lists, count);
  if (!(radius > RADIUS_MIN_MS)) return;
  beginWalk(walk, radius, lists, count);
  beginLine(work);
  for (let lag = 1; lag <= count - DIMENSION; lag++) walkDiagonal(at, count, lag, walk, line);
  closeRows(walk, count);
  if (!(walk.pairs > 0)) return;
  store<f64>(into, walk.recurrences / walk.pairs);
  store<f64>(into, line.count >= DIAGONALS_MIN ? slopeOf(line) : NaN, 8);
  writeLines(walk, count, into);
}

/** Answers the slope. */
function removeTrend(values: usize, count: i32, line: LineFit): f64 {
  beginLine(changetype<usize>(line));
  for (let i = 0; i < count; i++) addPoint(line, <f64>i, load<f64>(values + ((<usize>i) << 3)));
  const slope = slopeOf(line);
  for (let i = 0; i < count; i++) {
    const place = values + ((<usize>i) << 3);
    store<f64>(place, load<f64>(place) - line.meanY - slope * (<f64>i - line.meanX));
  }
  return slope;
}

/** Sorts the values: number k is the larger one of k pairs and the smaller one of count - 1 - k. */
function radiusOf(values: usize, count: i32): f64 {
  sortAscending(values, count);
  let sum: f64 = 0;
  for (let i = 0; i < count; i++) sum += load<f64>(values + ((<usize>i) << 3)) * <f64>(2 * i - count + 1);
  return (Math.SQRT2 * sum) / (<f64>count * <f64>(count - 1));
}

function beginWalk(walk: Walk, radius: f64, lists: usize, count: i32): void {
  const listBytes = (<usize>count) << 2;
  memory.fill(lists, 0, 4 * listBytes);
  walk.radiusSquared = radius * radius;
  walk.pairs = 0;
  walk.recurrences = 0;
  walk.rows = lists;
  walk.diagonals = lists + listBytes;
  walk.black = lists + 2 * listBytes;
  walk.white = lists + 3 * listBytes;
}

/** The pairs of states that are `lag` apart. */
function walkDiagonal(at: usize, count: i32, lag: i32, walk: Walk, line: LineFit): void {
  // The trend's part in the difference of two intervals is the same for all that are as far apart.
  const trend = walk.slope * <f64>lag;
  let pairs = 0;
  let recurrences = 0;
  let length = 0;
  // Squared differences of the last pairs of intervals: seven in a row make the distance of two states.
  let s1: f64 = 0;
  let s2: f64 = 0;
  let s3: f64 = 0;
  let s4: f64 = 0;
  let s5: f64 = 0;
  let s6: f64 = 0;
  let sinceGap = 0;
  for (let i = 0; i < count - lag; i++) {
    const earlier = load<f64>(at + ((<usize>i) << 3));
    const later = load<f64>(at + ((<usize>(i + lag)) << 3));
    sinceGap = (sinceGap + 1) * (i32(earlier > 0) & i32(later > 0) & i32(i > 0));
    const away = abs(later) - abs(earlier) - trend;
    const s7 = away * away;
    const squared = s1 + s2 + (s3 + s4) + (s5 + s6) + s7;
    s1 = s2;
    s2 = s3;
    s3 = s4;
    s4 = s5;
    s5 = s6;
    s6 = s7;
    const row = walk.rows + ((<usize>i) << 2);
    if (sinceGap < DIMENSION - 1) {
      length = closeLine(walk.diagonals, length);
      if (i >= DIMENSION - 1) closeRow(walk, row);
      continue;
    }
    pairs++;
    if (squared <= walk.radiusSquared) {
      recurrences++;
      length++;
      if (load<i32>(row) < 0) closeRow(walk, row);
      store<i32>(row, load<i32>(row) + 1);
    } else {
      length = closeLine(walk.diagonals, length);
      if (load<i32>(row) > 0) closeRow(walk, row);
      store<i32>(row, load<i32>(row) - 1);
    }
  }
  closeLine(walk.diagonals, length);
  walk.pairs += <f64>pairs;
  walk.recurrences += <f64>recurrences;
  if (recurrences > 0) addPoint(line, Math.log(<f64>lag), Math.log(<f64>recurrences / <f64>pairs));
}

/** Count the line; the next one has no points yet. */
function closeLine(histogram: usize, length: i32): i32 {
  countLine(histogram, length);
  return 0;
}

function closeRow(walk: Walk, row: usize): void {
  const length = load<i32>(row);
  countLine(length > 0 ? walk.black : walk.white, abs(length));
  store<i32>(row, 0);
}

function closeRows(walk: Walk, count: i32): void {
  for (let i = 0; i < count; i++) closeRow(walk, walk.rows + ((<usize>i) << 2));
}

/** All values but the first two. */
function writeLines(walk: Walk, count: i32, into: usize): void {
  const determinism = linePoints(walk.diagonals, count) / walk.recurrences;
  store<f64>(into, determinism, 16);
  store<f64>(into, determinism / load<f64>(into), 24);
  writeLineValues(walk.diagonals, count, into + 32, into + 40, into + 48);
  const longest = longestLine(walk.diagonals, count);
  store<f64>(into, longest > 0 ? 1 / longest : NaN, 40);
  store<f64>(into, linePoints(walk.black, count) / walk.recurrences, 56);
  writeLineValues(walk.black, count, into + 64, into + 72, into + 80);
  writeLineValues(walk.white, count, into + 88, into + 96, into + 104);
}
