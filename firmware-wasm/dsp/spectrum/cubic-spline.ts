// The cubic spline through the ends (time) of n >= 4 intervals (value), sampled at 4 Hz. Ends 'not a knot': the first two and the last
// two gaps share a polynomial, as in scipy and MATLAB. The unknowns are the second derivatives at the data, a tridiagonal system.

import { lengthMs, lengthS } from './clock';

export const GRID_HZ: f64 = 4;

/** Samples at 4 Hz from the end of the first interval to the end of the last. */
export function gridCount(spanS: f64): i32 {
  return <i32>(spanS * GRID_HZ + 1e-6) + 1;
}

/** Fill n f64 at `bends`; `spare` holds n more. */
export function solveBends(at: usize, count: i32, bends: usize, spare: usize): void {
  const last = count - 2;
  let above: f64 = 0;
  let bend: f64 = 0;
  for (let i = 1; i <= last; i++) {
    const beforeS = lengthS(at, i);
    const afterS = lengthS(at, i + 1);
    let left = beforeS;
    let right = afterS;
    let centre = 2 * (beforeS + afterS);
    if (i === 1) {
      centre += beforeS + (beforeS * beforeS) / afterS;
      right -= (beforeS * beforeS) / afterS;
      left = 0;
    }
    if (i === last) {
      centre += afterS + (afterS * afterS) / beforeS;
      left -= (afterS * afterS) / beforeS;
      right = 0;
    }
    const pivot = centre - left * above;
    bend = (6 * (riseAt(at, i + 1) - riseAt(at, i)) - left * bend) / pivot;
    above = right / pivot;
    store<f64>(bends + ((<usize>i) << 3), bend);
    store<f64>(spare + ((<usize>i) << 3), above);
  }
  for (let i = last - 1; i >= 1; i--) {
    const to = bends + ((<usize>i) << 3);
    bend = load<f64>(to) - load<f64>(spare + ((<usize>i) << 3)) * bend;
    store<f64>(to, bend);
  }
  const end = bends + ((<usize>last) << 3);
  const firstRatio = lengthS(at, 1) / lengthS(at, 2);
  const lastRatio = lengthS(at, count - 1) / lengthS(at, last);
  store<f64>(bends, load<f64>(bends, 8) + firstRatio * (load<f64>(bends, 8) - load<f64>(bends, 16)));
  store<f64>(end, load<f64>(end) + lastRatio * (load<f64>(end) - load<f64>(end - 8)), 8);
}

/** Slope of the straight line over the gap before data point `index`. */
function riseAt(at: usize, index: i32): f64 {
  return (lengthMs(at, index) - lengthMs(at, index - 1)) / lengthS(at, index);
}

/** Write `sampleCount` samples, ms relative to the first interval. They may overwrite bends that are behind. */
export function sampleCubic(at: usize, count: i32, bends: usize, samples: usize, sampleCount: i32): void {
  let index = 1;
  let startS: f64 = 0;
  let gapS = lengthS(at, 1);
  for (let i = 0; i < sampleCount; ) {
    const isLast = index === count - 1;
    const bend = load<f64>(bends + ((<usize>(index - 1)) << 3));
    const nextBend = load<f64>(bends + ((<usize>index) << 3));
    const value = lengthMs(at, index - 1) - lengthMs(at, 0);
    const slope = riseAt(at, index) - (gapS * (2 * bend + nextBend)) / 6;
    const twist = (nextBend - bend) / (6 * gapS);
    for (; i < sampleCount; i++) {
      const u = <f64>i / GRID_HZ - startS;
      if (u > gapS && !isLast) break;
      store<f64>(samples + ((<usize>i) << 3), value + u * (slope + u * (bend / 2 + u * twist)));
    }
    if (isLast) break;
    startS += gapS;
    gapS = lengthS(at, ++index);
  }
}
