// The Porges-Bohrer method: heart period at 2 Hz, a moving cubic taken out of it, what is left between 0.12 and 0.40 Hz, and its variance
// in every 30 s (Lewis et al. 2012, 10.1016/j.biopsycho.2011.11.009).

import { bandPassed } from './band-pass.ts';
import { monotoneCubic } from './monotone-cubic.ts';

const GRID_HZ = 2;
const LOW_HZ = 0.12;
const HIGH_HZ = 0.4;
const EPOCH_COUNT = 30 * GRID_HZ;
/** The moving cubic is fitted to this many points to either side, 21 in all. */
const HALF = 10;
/** NeuroKit2 divides the variance by it "to convert ms". */
const NEUROKIT_DIVISOR = 1000;

interface Recording {
  readonly sampleCount: number;
  readonly rateHz: number;
}

/** Of the whole epochs and of the last, broken one; a variance of 0 has no logarithm and is left out. `neurokit`: see RsaInput. */
export function epochVariances(beatsS: readonly number[], neurokit?: Recording): number[] {
  if (beatsS.length < 4) return [];
  const series = neurokit ? rateGrid(beatsS, neurokit) : periodGrid(beatsS);
  if (series.length < 2 * HALF + 1) return [];
  const trend = movingCubic(series);
  const band = bandPassed(
    series.map((value, i) => value - trend[i]!),
    GRID_HZ,
    LOW_HZ,
    HIGH_HZ,
  );
  const variances: number[] = [];
  for (let from = 0; from + 1 < band.length; from += EPOCH_COUNT) {
    variances.push(varianceOf(band.slice(from, from + EPOCH_COUNT)));
  }
  const divisor = neurokit ? NEUROKIT_DIVISOR : 1;
  return variances.filter((variance) => variance > 0).map((variance) => variance / divisor);
}

/** Interval that ends at each beat, ms; the first beat ends none and gets the mean. */
function periodsMs(beatsS: readonly number[]): number[] {
  const periods = beatsS.slice(1).map((beat, i) => (beat - beatsS[i]!) * 1000);
  return [periods.reduce((sum, period) => sum + period, 0) / periods.length, ...periods];
}

function periodGrid(beatsS: readonly number[]): number[] {
  const at = monotoneCubic(beatsS, periodsMs(beatsS));
  const count = Math.floor((beatsS.at(-1)! - beatsS[0]!) * GRID_HZ) + 1;
  return Array.from({ length: count }, (_, i) => at(beatsS[0]! + i / GRID_HZ));
}

/** Beats per minute, the ends held, at evenly spaced moments from the first sample to the last. */
function rateGrid(beatsS: readonly number[], { sampleCount, rateHz }: Recording): number[] {
  const at = monotoneCubic(beatsS, periodsMs(beatsS));
  const count = Math.round((sampleCount * GRID_HZ) / rateHz);
  const spanS = (sampleCount - 1) / rateHz;
  const [first, last] = [beatsS[0]!, beatsS.at(-1)!];
  return Array.from({ length: count }, (_, i) => {
    return 60_000 / at(Math.max(first, Math.min(last, (i * spanS) / (count - 1))));
  });
}

/** Smoothed by a cubic over 21 points (Savitzky & Golay 1964); the first and last ten by the cubic of the end they are at. */
function movingCubic(values: readonly number[]): number[] {
  return values.map((_, i) => {
    const middle = Math.max(HALF, Math.min(values.length - 1 - HALF, i));
    let sum = 0;
    for (let k = -HALF; k <= HALF; k++) sum += weightOf(k, i - middle) * values[middle + k]!;
    return sum;
  });
}

/** Weight of point `k` in the value of the fitted cubic at `place`, both -10..10 (Gorry 1990). */
function weightOf(k: number, place: number): number {
  let sum = 0;
  let norm = 1 / (2 * HALF + 1);
  for (let degree = 0; degree <= 3; degree++) {
    sum += (2 * degree + 1) * norm * gram(k, degree) * gram(place, degree);
    norm *= (2 * HALF - degree) / (2 * HALF + degree + 2);
  }
  return sum;
}

/** Gram polynomial: orthogonal over -10..10. */
function gram(place: number, degree: number): number {
  if (degree === 0) return 1;
  if (degree === 1) return place / HALF;
  const scale = degree * (2 * HALF - degree + 1);
  const newer = ((4 * degree - 2) / scale) * place * gram(place, degree - 1);
  return newer - (((degree - 1) * (2 * HALF + degree)) / scale) * gram(place, degree - 2);
}

function varianceOf(values: readonly number[]): number {
  const middle = values.reduce((sum, value) => sum + value, 0) / values.length;
  return values.reduce((sum, value) => sum + (value - middle) ** 2, 0) / (values.length - 1);
}
