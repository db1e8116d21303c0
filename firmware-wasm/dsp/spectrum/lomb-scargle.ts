// The spectrum of the intervals at their own uneven times (Lomb 1976; Scargle 1982, Astrophysical Journal 263): a sine and a cosine
// fitted by least squares at each frequency, so a gap is simply time at which nothing was measured. The fit's explained sum of squares,
// times the mean interval, is a one-sided density: over all frequencies it adds up to the variance.

import { lengthMs } from './clock';
import { cosOfTurns, sinOfTurns } from './turns';

/** Bytes of sums for one bin. */
export const LOMB_BIN_BYTES: usize = 32;

/** A straight line through the lengths over time: valueMs + slope (time - middleMs), times from the first interval's end. */
@unmanaged
export class Line {
  middleMs: f64;
  valueMs: f64;
  slope: f64;
}

/**
 * Fill the sums of `binCount` bins, at multiples of binHz from 0 on. The intervals' mean is taken out before, with `linear` the straight
 * line over time.
 */
export function sumIntervals(
  sums: usize,
  binCount: i32,
  binHz: f64,
  at: usize,
  endsMs: usize,
  count: i32,
  linear: bool,
  line: Line,
): void {
  memory.fill(sums, 0, <usize>binCount * LOMB_BIN_BYTES);
  fitLine(line, at, endsMs, count, linear);
  const startMs = load<f64>(endsMs);
  for (let i = 0; i < count; i++) {
    const timeMs = load<f64>(endsMs + ((<usize>i) << 3)) - startMs;
    const value = lengthMs(at, i) - line.valueMs - line.slope * (timeMs - line.middleMs);
    addInterval(sums, binCount, (binHz * timeMs) / 1000, value);
  }
}

function fitLine(line: Line, at: usize, endsMs: usize, count: i32, linear: bool): void {
  const startMs = load<f64>(endsMs);
  const firstMs = lengthMs(at, 0);
  let timeSum: f64 = 0;
  let lengthSum: f64 = 0;
  for (let i = 0; i < count; i++) {
    timeSum += load<f64>(endsMs + ((<usize>i) << 3)) - startMs;
    lengthSum += lengthMs(at, i) - firstMs;
  }
  line.middleMs = timeSum / <f64>count;
  line.valueMs = firstMs + lengthSum / <f64>count;
  line.slope = 0;
  if (!linear) return;
  let moment: f64 = 0;
  let spread: f64 = 0;
  for (let i = 0; i < count; i++) {
    const away = load<f64>(endsMs + ((<usize>i) << 3)) - startMs - line.middleMs;
    moment += away * (lengthMs(at, i) - firstMs);
    spread += away * away;
  }
  if (spread > 0) line.slope = moment / spread;
}

/** Add one interval to every bin's sums: value cos, value sin, cos of twice the angle, sin of twice the angle. */
function addInterval(sums: usize, binCount: i32, turns: f64, value: f64): void {
  const stepRe = cosOfTurns(turns);
  const stepIm = sinOfTurns(turns);
  let re: f64 = 1;
  let im: f64 = 0;
  for (let k = 0; k < binCount; k++, sums += LOMB_BIN_BYTES) {
    store<f64>(sums, load<f64>(sums) + value * re);
    store<f64>(sums, load<f64>(sums, 8) + value * im, 8);
    store<f64>(sums, load<f64>(sums, 16) + (re * re - im * im), 16);
    store<f64>(sums, load<f64>(sums, 24) + 2 * re * im, 24);
    const next = re * stepRe - im * stepIm;
    im = re * stepIm + im * stepRe;
    re = next;
  }
}

/** Density of a bin of `count` intervals: sum of squares that cosine and sine explain, times the mean interval. */
export function densityFrom(bin: usize, count: f64, meanS: f64): f64 {
  const withCosine = load<f64>(bin);
  const withSine = load<f64>(bin, 8);
  const cosines = (count + load<f64>(bin, 16)) / 2;
  const sines = (count - load<f64>(bin, 16)) / 2;
  const mixed = load<f64>(bin, 24) / 2;
  const determinant = cosines * sines - mixed * mixed;
  if (determinant <= count * count * 1e-12) return 0;
  const explained = withCosine * withCosine * sines + withSine * withSine * cosines - 2 * withCosine * withSine * mixed;
  return (explained / determinant) * meanS;
}
