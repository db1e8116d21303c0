// The cubic spline through the ends (time) of n >= 4 intervals (value), sampled at 4 Hz. Ends 'not a knot': the first two and the last
// two gaps share a polynomial, as in scipy and MATLAB. The unknowns are the second derivatives at the data, a tridiagonal system.
// dsp/spectrum/cubic-spline.ts is the same in f64. Times are ticks within an interval, so they are exact however long the series is.

import { TICKS_PER_MS } from '../../dsp/tick-intervals';
import { lengthAt } from './series';

/** A quarter of a second. */
export const SAMPLE_TICKS: i32 = 250 * TICKS_PER_MS;
const TICKS_PER_S: f32 = 1000 * <f32>TICKS_PER_MS;

function lengthS(at: usize, index: i32): f32 {
  return <f32>lengthAt(at, index) / TICKS_PER_S;
}

/** Slope of the straight line over the gap before data point `index`, ms/s. */
function riseAt(at: usize, index: i32): f32 {
  const here = lengthAt(at, index);
  return (1000 * <f32>(here - lengthAt(at, index - 1))) / <f32>here;
}

/** Fill n f32 at `bends`; `spare` holds n more. */
export function solveBends(at: usize, count: i32, bends: usize, spare: usize): void {
  const last = count - 2;
  let above: f32 = 0;
  let bend: f32 = 0;
  let beforeS = lengthS(at, 1);
  let rise = riseAt(at, 1);
  for (let i = 1; i <= last; i++) {
    const afterS = lengthS(at, i + 1);
    const nextRise = riseAt(at, i + 1);
    let left = beforeS;
    let right = afterS;
    let centre: f32 = 2 * (beforeS + afterS);
    if (i === 1) {
      const shared = (beforeS * beforeS) / afterS;
      centre += beforeS + shared;
      right -= shared;
      left = 0;
    }
    if (i === last) {
      const shared = (afterS * afterS) / beforeS;
      centre += afterS + shared;
      left -= shared;
      right = 0;
    }
    const pivot = centre - left * above;
    bend = (6 * (nextRise - rise) - left * bend) / pivot;
    above = right / pivot;
    store<f32>(bends + ((<usize>i) << 2), bend);
    store<f32>(spare + ((<usize>i) << 2), above);
    beforeS = afterS;
    rise = nextRise;
  }
  for (let i = last - 1; i >= 1; i--) {
    const to = bends + ((<usize>i) << 2);
    bend = load<f32>(to) - load<f32>(spare + ((<usize>i) << 2)) * bend;
    store<f32>(to, bend);
  }
  const end = bends + ((<usize>last) << 2);
  const firstRatio = lengthS(at, 1) / lengthS(at, 2);
  const lastRatio = lengthS(at, count - 1) / lengthS(at, last);
  store<f32>(bends, load<f32>(bends, 4) + firstRatio * (load<f32>(bends, 4) - load<f32>(bends, 8)));
  store<f32>(end, load<f32>(end) + lastRatio * (load<f32>(end) - load<f32>(end - 4)), 4);
}

/** Gives one sample after the other: where it stands, and the polynomial of the interval there. */
@unmanaged
export class SplineWalk {
  series: usize;
  bends: usize;
  last: i32;
  index: i32;
  /** Length of interval `index`, and the time since its start, ticks. */
  ticks: i32;
  time: i32;
  value: f32;
  slope: f32;
  bend: f32;
  twist: f32;

  /** To the first sample. */
  begin(series: usize, count: i32, bends: usize): void {
    this.series = series;
    this.bends = bends;
    this.last = count - 1;
    this.index = 1;
    this.time = 0;
    this.enter();
  }

  /** The next sample, ms relative to the first interval. */
  next(): f32 {
    while (this.time > this.ticks && this.index < this.last) {
      this.time -= this.ticks;
      this.index++;
      this.enter();
    }
    const u = <f32>this.time / TICKS_PER_S;
    this.time += SAMPLE_TICKS;
    return this.value + u * (this.slope + u * (this.bend + u * this.twist));
  }

  private enter(): void {
    const at = this.series;
    const index = this.index;
    const bend = load<f32>(this.bends + ((<usize>index) << 2) - 4);
    const nextBend = load<f32>(this.bends + ((<usize>index) << 2));
    const gapS = lengthS(at, index);
    this.ticks = lengthAt(at, index);
    this.value = <f32>(lengthAt(at, index - 1) - lengthAt(at, 0)) / <f32>TICKS_PER_MS;
    this.slope = riseAt(at, index) - (gapS * (2 * bend + nextBend)) / 6;
    this.bend = bend / 2;
    this.twist = (nextBend - bend) / (6 * gapS);
  }
}
