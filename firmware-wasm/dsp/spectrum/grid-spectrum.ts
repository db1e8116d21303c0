// The 4-Hz spectra: cubic spline, trend removed, then Welch with Hann windows, or one window over all, or an autoregressive model.

import { fillModelDensities, fitModel, MODEL_BYTES } from './autoregressive';
import { Densities } from './bands';
import { METHOD_AR, METHOD_PROFILE, PROFILE_KUBIOS } from './choices';
import { GRID_HZ, gridCount, sampleCubic, solveBends } from './cubic-spline';
import { removeLine, removeSmoothTrend } from './detrend';
import { addPowers, powerOfTwoFrom } from './fft';
import { cosOfTurns, sinOfTurns } from './turns';

/** Kubios' window, 300 s. */
const SEGMENT_SAMPLES: i32 = 1200;
const HIGHEST_HZ: f64 = 0.5;
/** Bins of a model up to 0.5 Hz, and one beyond: 2048 to the Hz, or what fits where the samples were. */
const MODEL_BINS: i32 = 1026;

/** Samples in a Hann window. */
function segmentSamples(profile: i32, method: i32, sampleCount: i32): i32 {
  const whole = profile !== PROFILE_KUBIOS && method === METHOD_PROFILE;
  return whole ? sampleCount : min(sampleCount, SEGMENT_SAMPLES);
}

/** As many half-overlapping windows as fit. */
function segmentCount(sampleCount: i32, segment: i32): i32 {
  return 1 + (sampleCount - segment) / max(1, segment >> 1);
}

/** At least a fifth of zeros behind the window, so that its bins lie closer than its resolution. */
function transformCount(segment: i32): i32 {
  return powerOfTwoFrom(1.2 * <f64>segment);
}

/** Bins up to 0.5 Hz, an eighth of the transform, and one beyond. */
function binCountOf(pointCount: i32): i32 {
  return (pointCount >> 3) + 2;
}

/** The spline's second derivatives lie behind the samples, which overwrite those that are done with. */
function splineBytes(sampleCount: i32, count: i32): usize {
  return max(<usize>(sampleCount + count), 2 * <usize>count) << 3;
}

/** Bytes of `work` that `fillGridDensities` needs. */
export function gridBytes(profile: i32, method: i32, count: i32, spanS: f64): usize {
  const sampleCount = gridCount(spanS);
  const sampleBytes = splineBytes(sampleCount, count);
  if (method === METHOD_AR) return max(sampleBytes, ((<usize>sampleCount) << 4) + MODEL_BYTES);
  const segment = segmentSamples(profile, method, sampleCount);
  const pointCount = transformCount(segment);
  const pointBytes = (<usize>pointCount) << 3;
  if (segmentCount(sampleCount, segment) === 1) return max(sampleBytes, pointBytes);
  return sampleBytes + pointBytes + ((<usize>binCountOf(pointCount)) << 3);
}

/** Fill `densities` from `count` >= 4 intervals without a gap that span `spanS`. */
export function fillGridDensities(
  densities: Densities,
  at: usize,
  count: i32,
  spanS: f64,
  profile: i32,
  method: i32,
  work: usize,
): void {
  const sampleCount = gridCount(spanS);
  const sampleBytes = splineBytes(sampleCount, count);
  const bends = work + sampleBytes - ((<usize>count) << 3);
  solveBends(at, count, bends, work);
  sampleCubic(at, count, bends, work, sampleCount);
  if (profile === PROFILE_KUBIOS) removeSmoothTrend(work, sampleCount);
  else removeLine(work, sampleCount);
  densities.lowestHz = 0;
  if (method === METHOD_AR) fillFromModel(densities, work, sampleCount, spanS, work + ((<usize>sampleCount) << 3));
  else fillFromWindows(densities, work, sampleCount, segmentSamples(profile, method, sampleCount), work + sampleBytes);
}

/** The densities take the place of the samples. */
function fillFromModel(densities: Densities, samples: usize, sampleCount: i32, spanS: f64, model: usize): void {
  densities.values = samples;
  densities.count = min(MODEL_BINS, sampleCount);
  densities.binHz = HIGHEST_HZ / <f64>(densities.count - 2);
  densities.varianceHz = 1 / spanS;
  const noise = fitModel(samples, sampleCount, model, model + MODEL_BYTES);
  fillModelDensities(model, noise, GRID_HZ, samples, densities.count, densities.binHz);
}

function fillFromWindows(densities: Densities, samples: usize, sampleCount: i32, segment: i32, work: usize): void {
  const pointCount = transformCount(segment);
  const windows = segmentCount(sampleCount, segment);
  densities.binHz = GRID_HZ / <f64>pointCount;
  densities.count = binCountOf(pointCount);
  densities.varianceHz = hannVarianceHz(<f64>segment / GRID_HZ, <f64>windows);
  // A single window is transformed where it lies, and its powers written over it.
  const alone = windows === 1;
  const points = alone ? samples : work;
  densities.values = alone ? samples : work + ((<usize>pointCount) << 3);
  if (!alone) memory.fill(densities.values, 0, (<usize>densities.count) << 3);
  for (let i = 0; i < windows; i++) {
    applyHann(samples + ((<usize>(i * (segment >> 1))) << 3), points, segment);
    memory.fill(points + ((<usize>segment) << 3), 0, (<usize>(pointCount - segment)) << 3);
    addPowers(points, pointCount, densities.values, densities.count, !alone);
  }
  const scale = 2 / (GRID_HZ * 0.375 * <f64>segment * <f64>windows);
  for (let k = 0; k < densities.count; k++) {
    const to = densities.values + ((<usize>k) << 3);
    store<f64>(to, load<f64>(to) * scale);
  }
}

/** Copy `count` samples times a periodic Hann window. */
function applyHann(from: usize, to: usize, count: i32): void {
  const stepRe = cosOfTurns(1 / <f64>count);
  const stepIm = sinOfTurns(1 / <f64>count);
  let re: f64 = 1;
  let im: f64 = 0;
  for (let i = 0; i < count; i++, from += 8, to += 8) {
    store<f64>(to, load<f64>(from) * (0.5 - 0.5 * re));
    const next = re * stepRe - im * stepIm;
    im = re * stepIm + im * stepRe;
    re = next;
  }
}

/**
 * Variance of a band's power over its integral of density^2: a Hann window's equivalent bandwidth for variance (35/18 of 1 / length),
 * times the relative variance of one density: 1 over the number of windows, of which neighbours with half in common share 1/36 (Welch
 * 1967). An estimated density's square is too high by that variance, which is taken out again.
 */
export function hannVarianceHz(segmentS: f64, windows: f64): f64 {
  const variance = (1 + (windows - 1) / (18 * windows)) / windows;
  return ((35 / 18) * variance) / (segmentS * (1 + variance));
}
