// How much each rate explains of the points of one source: a least-squares sinusoid at every rate (Lomb 1976, Scargle 1982), which
// asks for no even sampling and bridges no gap.

import { pointAt, RATE_COUNT, RATE_MIN_BRPM, RATE_STEP_BRPM, SUMS, stateAt, WINDOW_S } from './state';
import { cosTurns, sinTurns } from './turn';

/** Above this share of the points' own rate a sinusoid and its mirror image cannot be told apart. */
const NYQUIST_SHARE: f64 = 0.45;
/** Rates that one sinusoid fills: the noise bandwidth of the taper, 1.08 / window, in steps of the grid. */
const LOBE_STEPS: f64 = (1.08 * 60) / WINDOW_S / RATE_STEP_BRPM;
/** A pure sinusoid explains all; its logarithm has to stay finite. */
const SHARE_MAX: f64 = 0.98;
/** With less than this share of the energy in all the rates together there is nothing in them but rounding. */
const NOTHING: f64 = 1e-6;
/** Slopes that are believed: from the falling of slow rhythms to the rising of uneven beat times. */
const EXPONENT_MIN: f64 = -2;
const EXPONENT_MAX: f64 = 1;
/** Share of the energy below which a power is as good as none: keeps the logarithms of a clean sinusoid from running away. */
const FLOOR: f64 = 0.001;

/** Rows of sums, RATE_COUNT each; the share replaces the first. */
function rowOf(at: usize, row: i32): usize {
  return at + SUMS + ((<usize>(row * RATE_COUNT)) << 3);
}

/** Share (0..1) of the spectrum around rate `index`; what stands in the scratch after `makeSpectrum`. */
export function shareAt(at: usize, index: i32): f64 {
  return load<f64>(at + SUMS + ((<usize>index) << 3));
}

/** `pointsPerMin`: how often the source is sampled. Returns how many of the rates can be told, 0 when there is nothing. */
export function makeSpectrum(at: usize, pointsPerMin: f64): i32 {
  memory.fill(at + SUMS, 0, <usize>(5 * RATE_COUNT * 8));
  const count = stateAt(at).pointCount;
  let energy: f64 = 0;
  for (let i = 0; i < count; i++) {
    const point = pointAt(at, i);
    energy += point.weight * point.value * point.value;
    if (point.weight > 0) addPoint(at, point.timeS / 60, point.value, point.weight);
  }
  if (!(energy > 0)) return 0;
  const rates = min(<i32>floor((NYQUIST_SHARE * pointsPerMin - RATE_MIN_BRPM) / RATE_STEP_BRPM) + 1, RATE_COUNT);
  return rates < 3 || !normalise(at, energy, pointsPerMin) ? 0 : rates;
}

/** Adds one point to the sums of all rates; sine and cosine turn on from rate to rate. */
function addPoint(at: usize, minutes: f64, value: f64, weight: f64): void {
  let c = cosTurns(minutes * RATE_MIN_BRPM);
  let s = sinTurns(minutes * RATE_MIN_BRPM);
  const stepC = cosTurns(minutes * RATE_STEP_BRPM);
  const stepS = sinTurns(minutes * RATE_STEP_BRPM);
  const row = (<usize>RATE_COUNT) << 3;
  let to = rowOf(at, 0);
  for (let i = 0; i < RATE_COUNT; i++, to += 8) {
    store<f64>(to, load<f64>(to) + weight * value * c);
    store<f64>(to + row, load<f64>(to + row) + weight * value * s);
    store<f64>(to + 2 * row, load<f64>(to + 2 * row) + weight * c * c);
    store<f64>(to + 3 * row, load<f64>(to + 3 * row) + weight * c * s);
    store<f64>(to + 4 * row, load<f64>(to + 4 * row) + weight * s * s);
    const turned = c * stepC - s * stepS;
    s = s * stepC + c * stepS;
    c = turned;
  }
}

/** Sums to powers, and these to shares of the whole. */
function normalise(at: usize, energy: f64, pointsPerMin: f64): bool {
  const nyquist = 0.5 * pointsPerMin;
  let total: f64 = 0;
  for (let i = 0; i < RATE_COUNT; i++) {
    const power = rateAt(i) <= nyquist ? explainedAt(at, i) : 0;
    store<f64>(at + SUMS + ((<usize>i) << 3), power);
    total += power;
  }
  if (!(total > NOTHING * energy)) return false;
  const exponent = max(EXPONENT_MIN, min(EXPONENT_MAX, slopeOf(at, FLOOR * energy)));
  total = 0;
  for (let i = 0; i < RATE_COUNT; i++) {
    const to = at + SUMS + ((<usize>i) << 3);
    store<f64>(to, load<f64>(to) * Math.exp(-exponent * Math.log(rateAt(i))));
    total += load<f64>(to);
  }
  for (let i = 0; i < RATE_COUNT; i++) {
    const to = at + SUMS + ((<usize>i) << 3);
    store<f64>(to, min(SHARE_MAX, (load<f64>(to) * LOBE_STEPS) / total));
  }
  return true;
}

function rateAt(index: i32): f64 {
  return RATE_MIN_BRPM + RATE_STEP_BRPM * <f64>index;
}

/**
 * Exponent of the power of the rate that the powers follow: the slope of the line through their logarithms, each rate weighing 1 / rate so
 * that the line is even along the logarithm. One peak hardly moves it; slow rhythms, 1/f noise and the noise of beat times do.
 */
function slopeOf(at: usize, floorPower: f64): f64 {
  let n: f64 = 0;
  let sx: f64 = 0;
  let sy: f64 = 0;
  let sxx: f64 = 0;
  let sxy: f64 = 0;
  for (let i = 0; i < RATE_COUNT; i++) {
    const power = shareAt(at, i);
    if (power === 0) continue;
    const weight = 1 / rateAt(i);
    const x = Math.log(rateAt(i));
    const y = Math.log(power + floorPower);
    n += weight;
    sx += weight * x;
    sy += weight * y;
    sxx += weight * x * x;
    sxy += weight * x * y;
  }
  const variance = n * sxx - sx * sx;
  return variance > 1e-9 ? (n * sxy - sx * sy) / variance : 0;
}

/** Energy that the best sinusoid at rate `index` takes away. */
function explainedAt(at: usize, index: i32): f64 {
  const to = rowOf(at, 0) + ((<usize>index) << 3);
  const row = (<usize>RATE_COUNT) << 3;
  const yc = load<f64>(to);
  const ys = load<f64>(to + row);
  const cc = load<f64>(to + 2 * row);
  const cs = load<f64>(to + 3 * row);
  const ss = load<f64>(to + 4 * row);
  const determinant = cc * ss - cs * cs;
  // Near half the sampling rate the sine vanishes at all points, or the cosine does.
  if (!(determinant > 0.01 * (cc + ss) * (cc + ss))) return 0;
  return max(0, (yc * yc * ss - 2 * yc * ys * cs + ys * ys * cc) / determinant);
}
