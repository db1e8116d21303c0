// The spectrum of a series with gaps: the intervals at their own uneven times (Lomb 1976; Scargle 1982, Astrophysical Journal 263), a sine
// and a cosine fitted by least squares at each frequency; in segments of at most half an hour, whose densities are averaged with their
// numbers of intervals as weights. hrv-spectrum has the same in f64 (dsp/spectrum/lomb-segments.ts, lomb-scargle.ts).

import { Densities } from '../../dsp/spectrum/bands';
import { INTERVAL_COUNT_MIN } from '../../dsp/spectrum/choices';
import { gapTicksBefore, TICKS_PER_MS, ticksOf } from '../../dsp/tick-intervals';
import { cosOf, sinOf } from './phase';
import { lengthAt } from './series';

const TICKS_PER_S: i64 = 1000 * <i64>TICKS_PER_MS;
const SEGMENT_TICKS_MAX: i64 = 1800 * TICKS_PER_S;
/** A thousandth of a ms, so that rounding leaves no segment of one interval at the end. */
const SEGMENT_TICKS_MORE: i64 = 16;
const HIGHEST_HZ: f64 = 0.5;
/** Bins after which a turning pointer is set anew, before roundings add up. */
const FRESH_BINS: i32 = 32;
/** What is left of independence of sine and cosine at a bin, below which there is no fit: roundings of f32. */
const DETERMINANT_MIN: f32 = 1e-5;

/** Sums of one bin: value cos, value sin, cos of twice the angle, sin of twice the angle. */
const BIN_BYTES: usize = 16;

/** The intervals `from` to `to` of the window, times from the end of the first, and the straight line through their lengths. */
@unmanaged
class Segment {
  window: usize;
  from: i32;
  to: i32;
  meanTicks: f64;
  middleS: f32;
  msPerS: f32;
}

/** Bins up to 0.5 Hz, two to the resolution, and one beyond. */
function binCountOf(segmentS: f64): i32 {
  return <i32>(2 * segmentS * HIGHEST_HZ) + 2;
}

/** Equal segments of at most half an hour. */
function segmentCountOf(spanTicks: i64): i64 {
  return (spanTicks + SEGMENT_TICKS_MAX - 1) / SEGMENT_TICKS_MAX;
}

/** Bytes of `work` that `fillGappedDensities` needs. The densities of a single segment take the place of its sums. */
export function gappedBytes(spanTicks: i64): usize {
  const isSingle = spanTicks <= SEGMENT_TICKS_MAX;
  const binCount = <usize>binCountOf(<f64>min(spanTicks, SEGMENT_TICKS_MAX) / <f64>TICKS_PER_S);
  return offsetof<Segment>() + binCount * (isSingle ? BIN_BYTES : BIN_BYTES + 8);
}

/** Ticks from the end of the first of `count` intervals to the end of the last, gaps included. */
export function endsSpanTicks(window: usize, count: i32): i64 {
  let ticks: i64 = 0;
  for (let i = 1; i < count; i++) ticks += stepTo(window, i);
  return ticks;
}

/** From the end of the interval before to the end of interval `index`. */
function stepTo(window: usize, index: i32): i64 {
  return gapTicksBefore(window, index) + <i64>lengthAt(ticksOf(window), index);
}

/** Fill `densities` from `count` intervals of `window`; `measuredS` is what they last together. */
export function fillGappedDensities(
  densities: Densities,
  window: usize,
  count: i32,
  spanTicks: i64,
  measuredS: f64,
  work: usize,
): void {
  const segmentCount = segmentCountOf(spanTicks);
  const segmentTicks = spanTicks / segmentCount;
  const segmentS = <f64>segmentTicks / <f64>TICKS_PER_S;
  const segment = changetype<Segment>(work);
  const sums = work + offsetof<Segment>();
  densities.binHz = 0.5 / segmentS;
  densities.count = binCountOf(segmentS);
  densities.values = segmentCount > 1 ? sums + <usize>densities.count * BIN_BYTES : sums;
  densities.lowestHz = 0;
  segment.window = window;
  let used = 0;
  let to = 0;
  while (to < count) {
    segment.from = to;
    let ticks: i64 = 0;
    for (to++; to < count; to++) {
      ticks += stepTo(window, to);
      if (ticks > segmentTicks + SEGMENT_TICKS_MORE) break;
    }
    segment.to = to;
    const intervals = to - segment.from;
    if (intervals < INTERVAL_COUNT_MIN) continue;
    sumSegment(segment, sums, densities.count, segmentTicks);
    addDensities(densities, sums, <f32>intervals, <f32>(segment.meanTicks / <f64>TICKS_PER_S), used === 0);
    used += intervals;
  }
  // As for Hann windows, with the bandwidth of no window, and one degree of freedom more for every segment.
  densities.varianceHz = 1 / (measuredS * (1 + 1 / <f64>segmentCount));
  for (let k = 0; k < densities.count; k++) {
    const address = densities.values + ((<usize>k) << 3);
    store<f64>(address, used === 0 ? NaN : load<f64>(address) / <f64>used);
  }
  // At 0 Hz there is no sine to fit; the density goes on as at the first bin.
  store<f64>(densities.values, load<f64>(densities.values, 8));
}

/** Fill the sums of all bins, at multiples of half a turn a segment, with the segment's intervals minus their straight line. */
function sumSegment(segment: Segment, sums: usize, binCount: i32, segmentTicks: i64): void {
  memory.fill(sums, 0, <usize>binCount * BIN_BYTES);
  fitLine(segment);
  const series = ticksOf(segment.window);
  const phasePerTick = 2147483648.0 / <f64>segmentTicks;
  let ticks: i64 = 0;
  for (let i = segment.from; i < segment.to; i++) {
    if (i > segment.from) ticks += stepTo(segment.window, i);
    const away = secondsOf(ticks) - segment.middleS;
    addInterval(
      sums,
      binCount,
      <u32>(<i64>(<f64>ticks * phasePerTick)),
      restOf(segment, series, i) - segment.msPerS * away,
    );
  }
}

function secondsOf(ticks: i64): f32 {
  return <f32>ticks / <f32>TICKS_PER_S;
}

/** Interval `index` minus the mean, ms. */
function restOf(segment: Segment, series: usize, index: i32): f32 {
  return <f32>(lengthAt(series, index) - <i32>segment.meanTicks) / <f32>TICKS_PER_MS;
}

function fitLine(segment: Segment): void {
  const series = ticksOf(segment.window);
  let lengthSum: i64 = 0;
  let timeSum: i64 = 0;
  let ticks: i64 = 0;
  for (let i = segment.from; i < segment.to; i++) {
    if (i > segment.from) ticks += stepTo(segment.window, i);
    timeSum += ticks;
    lengthSum += lengthAt(series, i);
  }
  const count = segment.to - segment.from;
  segment.meanTicks = <f64>lengthSum / <f64>count;
  segment.middleS = secondsOf(timeSum / count);
  let moment: f32 = 0;
  let spread: f32 = 0;
  ticks = 0;
  for (let i = segment.from; i < segment.to; i++) {
    if (i > segment.from) ticks += stepTo(segment.window, i);
    const away = secondsOf(ticks) - segment.middleS;
    moment += away * restOf(segment, series, i);
    spread += away * away;
  }
  segment.msPerS = spread > 0 ? moment / spread : 0;
}

/** Add one interval to every bin's sums; from bin to bin it turns by `step`. */
function addInterval(sums: usize, binCount: i32, step: u32, value: f32): void {
  const stepRe = cosOf(step);
  const stepIm = sinOf(step);
  let re: f32 = 1;
  let im: f32 = 0;
  for (let k = 0; k < binCount; k++, sums += BIN_BYTES) {
    if ((k & (FRESH_BINS - 1)) === 0) {
      re = cosOf(<u32>k * step);
      im = sinOf(<u32>k * step);
    }
    store<f32>(sums, load<f32>(sums) + value * re);
    store<f32>(sums, load<f32>(sums, 4) + value * im, 4);
    store<f32>(sums, load<f32>(sums, 8) + (re * re - im * im), 8);
    store<f32>(sums, load<f32>(sums, 12) + 2 * re * im, 12);
    const next = re * stepRe - im * stepIm;
    im = re * stepIm + im * stepRe;
    re = next;
  }
}

/** Add the densities of a segment, times its number of intervals; the first one's take their places without being added. */
function addDensities(densities: Densities, sums: usize, count: f32, meanS: f32, isFirst: bool): void {
  for (let k = 0; k < densities.count; k++) {
    const address = densities.values + ((<usize>k) << 3);
    const density = <f64>(count * densityFrom(sums + <usize>k * BIN_BYTES, count, meanS));
    store<f64>(address, isFirst ? density : load<f64>(address) + density);
  }
}

/** Density of a bin of `count` intervals: sum of squares that cosine and sine explain, times the mean interval. */
function densityFrom(bin: usize, count: f32, meanS: f32): f32 {
  const withCosine = load<f32>(bin);
  const withSine = load<f32>(bin, 4);
  const cosines = (count + load<f32>(bin, 8)) / 2;
  const sines = (count - load<f32>(bin, 8)) / 2;
  const mixed = load<f32>(bin, 12) / 2;
  const determinant = cosines * sines - mixed * mixed;
  if (determinant <= count * count * DETERMINANT_MIN) return 0;
  const explained = withCosine * withCosine * sines + withSine * withSine * cosines - 2 * withCosine * withSine * mixed;
  return (explained / determinant) * meanS;
}
