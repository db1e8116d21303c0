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
  /** Four pointers. */
  four: usize;
  reserved: u32;
}

/** An interval on its way through the bins: a pointer that turns by `step` from bin to bin. */
@unmanaged
class Pointer {
  /** 2^-32 turns. */
  step: u32;
  /** ms. */
  value: f32;
  /** 1, or 0 where there is no interval. */
  length: f32;
}

const POINTERS_BYTES: usize = 4 * offsetof<Pointer>();

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
  return offsetof<Segment>() + POINTERS_BYTES + binCount * (isSingle ? BIN_BYTES : BIN_BYTES + 8);
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
  const sums = work + offsetof<Segment>() + POINTERS_BYTES;
  densities.binHz = 0.5 / segmentS;
  densities.count = binCountOf(segmentS);
  densities.values = segmentCount > 1 ? sums + <usize>densities.count * BIN_BYTES : sums;
  densities.lowestHz = 0;
  segment.window = window;
  segment.four = work + offsetof<Segment>();
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
  const four = segment.four;
  let ticks: i64 = 0;
  let place = 0;
  memory.fill(four, 0, POINTERS_BYTES);
  for (let i = segment.from; i < segment.to; i++) {
    if (i > segment.from) ticks += stepTo(segment.window, i);
    const away = secondsOf(ticks) - segment.middleS;
    const pointer = changetype<Pointer>(four + <usize>place * offsetof<Pointer>());
    pointer.step = <u32>(<i64>(<f64>ticks * phasePerTick));
    pointer.value = restOf(segment, series, i) - segment.msPerS * away;
    pointer.length = 1;
    place = (place + 1) & 3;
    if (place !== 0 && i + 1 < segment.to) continue;
    for (let bin = 0; bin < binCount; bin += FRESH_BINS) {
      addFour(four, sums + <usize>bin * BIN_BYTES, bin, min(FRESH_BINS, binCount - bin));
    }
    memory.fill(four, 0, POINTERS_BYTES);
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

/**
 * Add four intervals to the sums of `binCount` bins from number `bin` on. Four at once, because on a device the loads and stores of the
 * sums cost more than what is added; a pointer of length 0 adds nothing.
 */
function addFour(four: usize, sums: usize, bin: i32, binCount: i32): void {
  const p = changetype<Pointer>(four);
  const q = changetype<Pointer>(four + offsetof<Pointer>());
  const r = changetype<Pointer>(four + 2 * offsetof<Pointer>());
  const s = changetype<Pointer>(four + 3 * offsetof<Pointer>());
  let pRe = p.length * cosOf(<u32>bin * p.step);
  let pIm = p.length * sinOf(<u32>bin * p.step);
  let qRe = q.length * cosOf(<u32>bin * q.step);
  let qIm = q.length * sinOf(<u32>bin * q.step);
  let rRe = r.length * cosOf(<u32>bin * r.step);
  let rIm = r.length * sinOf(<u32>bin * r.step);
  let sRe = s.length * cosOf(<u32>bin * s.step);
  let sIm = s.length * sinOf(<u32>bin * s.step);
  const pTurnRe = cosOf(p.step);
  const pTurnIm = sinOf(p.step);
  const qTurnRe = cosOf(q.step);
  const qTurnIm = sinOf(q.step);
  const rTurnRe = cosOf(r.step);
  const rTurnIm = sinOf(r.step);
  const sTurnRe = cosOf(s.step);
  const sTurnIm = sinOf(s.step);
  const pValue = p.value;
  const qValue = q.value;
  const rValue = r.value;
  const sValue = s.value;
  for (let k = 0; k < binCount; k++, sums += BIN_BYTES) {
    const cosine = pValue * pRe + qValue * qRe + (rValue * rRe + sValue * sRe);
    const sine = pValue * pIm + qValue * qIm + (rValue * rIm + sValue * sIm);
    const squares = pRe * pRe - pIm * pIm + (qRe * qRe - qIm * qIm) + (rRe * rRe - rIm * rIm) + (sRe * sRe - sIm * sIm);
    const products = pRe * pIm + qRe * qIm + (rRe * rIm + sRe * sIm);
    store<f32>(sums, load<f32>(sums) + cosine);
    store<f32>(sums, load<f32>(sums, 4) + sine, 4);
    store<f32>(sums, load<f32>(sums, 8) + squares, 8);
    store<f32>(sums, load<f32>(sums, 12) + 2 * products, 12);
    const pNext = pRe * pTurnRe - pIm * pTurnIm;
    const qNext = qRe * qTurnRe - qIm * qTurnIm;
    const rNext = rRe * rTurnRe - rIm * rTurnIm;
    const sNext = sRe * sTurnRe - sIm * sTurnIm;
    pIm = pRe * pTurnIm + pIm * pTurnRe;
    qIm = qRe * qTurnIm + qIm * qTurnRe;
    rIm = rRe * rTurnIm + rIm * rTurnRe;
    sIm = sRe * sTurnIm + sIm * sTurnRe;
    pRe = pNext;
    qRe = qNext;
    rRe = rNext;
    sRe = sNext;
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
