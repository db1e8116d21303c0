// Correlation dimension (Grassberger & Procaccia 1983, Physica D 9) as NeuroKit2 has it: points are two successive intervals, the share of
// pairs of points closer than r is taken at 64 radii from 2.5 to 50 % of the largest distance, and the dimension is the slope of its
// logarithm over that of r. NeuroKit2's list of radii is (1 + r) / 2, evenly spaced in the logarithm; so is ours.

import { addPoint, beginLine, LINE_FIT_BYTES, slopeOf } from './line-fit';

/** Above this the number of pairs is beyond what a core may compute in one go: no value. */
export const CORRELATION_COUNT_MAX: i32 = 10_000;

const RADIUS_COUNT: i32 = 64;
const RADIUS_MIN_SHARE: f64 = 0.025;
const RADIUS_MAX_SHARE: f64 = 0.5;

/**
 * Where to begin looking for the radius of a distance: the high bits of a number are, nearly, its logarithm. 32 cells for each doubling of
 * the square are finer than the radii, and the largest radius is less than 20 times, its square less than 2^9 times the smallest.
 */
const CELL_SHIFT: u64 = 47;
const CELL_COUNT: i32 = 9 << 5;

const RADII_BYTES: usize = (<usize>RADIUS_COUNT) << 3;
/** Bytes of `work`: radii squared, pairs by the smallest radius they are within, the line, the cells (u8). */
export const CORRELATION_WORK_BYTES: usize = 2 * RADII_BYTES + LINE_FIT_BYTES + <usize>CELL_COUNT;

export function correlationDimension(at: usize, count: i32, work: usize): f64 {
  if (count < 3 || count > CORRELATION_COUNT_MAX) return NaN;
  const farthest = Math.sqrt(farthestSquared(at, count));
  if (!(farthest > 0)) return NaN;
  const pairs = work + RADII_BYTES;
  const lineAt = pairs + RADII_BYTES;
  memory.fill(work, 0, CORRELATION_WORK_BYTES);
  const low = Math.log(1 + RADIUS_MIN_SHARE * farthest);
  const step = (Math.log(1 + RADIUS_MAX_SHARE * farthest) - low) / <f64>(RADIUS_COUNT - 1);
  for (let i = 0; i < RADIUS_COUNT; i++) {
    const radius = Math.exp(low + step * <f64>i) / 2;
    store<f64>(work + ((<usize>i) << 3), radius * radius);
  }
  const cells = lineAt + LINE_FIT_BYTES;
  writeCells(work, cells);
  countByRadius(at, count, work, pairs, cells);
  const line = beginLine(lineAt);
  let within: f64 = 0;
  for (let i = 0; i < RADIUS_COUNT; i++) {
    within += load<f64>(pairs + ((<usize>i) << 3));
    if (within > 0) addPoint(line, low + step * <f64>i, Math.log(within));
  }
  return slopeOf(line);
}

// The two walks over all pairs load from addresses: calls are not inlined, and would take most of their time. A point is at the address of
// its later interval, and is none where that follows a gap.

function farthestSquared(at: usize, count: i32): f64 {
  const end = at + ((<usize>count) << 3);
  let farthest: f64 = 0;
  for (let here = at + 8; here < end; here += 8) {
    const x = abs(load<f64>(here - 8));
    const y = load<f64>(here);
    if (y < 0) continue;
    for (let there = here + 8; there < end; there += 8) {
      const toY = load<f64>(there) - y;
      const toX = abs(load<f64>(there - 8)) - x;
      const squared = toX * toX + toY * toY;
      if (squared > farthest && load<f64>(there) > 0) farthest = squared;
    }
  }
  return farthest;
}

/** For each cell the first radius that reaches beyond its start. */
function writeCells(radii: usize, cells: usize): void {
  const first = cellOf(load<f64>(radii));
  let place = 0;
  for (let cell = 0; cell < CELL_COUNT; cell++) {
    const start = reinterpret<f64>((first + <u64>cell) << CELL_SHIFT);
    while (place < RADIUS_COUNT - 1 && load<f64>(radii + ((<usize>place) << 3)) <= start) place++;
    store<u8>(cells + <usize>cell, <u8>place);
  }
}

function cellOf(squared: f64): u64 {
  return reinterpret<u64>(squared) >> CELL_SHIFT;
}

function countByRadius(at: usize, count: i32, radii: usize, pairs: usize, cells: usize): void {
  const end = at + ((<usize>count) << 3);
  const narrowest = load<f64>(radii);
  const widest = load<f64>(radii + RADII_BYTES - 8);
  const firstCell = cellOf(narrowest);
  for (let here = at + 8; here < end; here += 8) {
    const x = abs(load<f64>(here - 8));
    const y = load<f64>(here);
    if (y < 0) continue;
    for (let there = here + 8; there < end; there += 8) {
      const toY = load<f64>(there) - y;
      const toX = abs(load<f64>(there - 8)) - x;
      const squared = toX * toX + toY * toY;
      if (squared >= widest || load<f64>(there) < 0) continue;
      let place: usize = 0;
      if (squared > narrowest) {
        const cell = (reinterpret<u64>(squared) >> CELL_SHIFT) - firstCell;
        place = (<usize>load<u8>(cells + <usize>cell)) << 3;
      }
      while (squared >= load<f64>(radii + place)) place += 8;
      store<f64>(pairs + place, load<f64>(pairs + place) + 1);
    }
  }
}
