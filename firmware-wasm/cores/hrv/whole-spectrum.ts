// The spectrum of a series without a gap: 4-Hz cubic spline, straight line removed, one Hann window over all. hrv-spectrum has the same in
// f64 (dsp/spectrum/grid-spectrum.ts). Here the windowed samples are halved to 2 Hz on the way, which needs half the memory: a half-band
// filter of eleven taps leaves up to 0.5 Hz what it passes, and that is divided out again. What lies above 1.5 Hz and would fold back is
// damped to 6e-5 of its power at 0.4 Hz, to 7e-7 at 0.25 Hz, and a spline between beats has next to nothing there.

import { Densities } from '../../dsp/spectrum/bands';
import { powerOfTwoFrom } from '../../dsp/spectrum/fft';
import { putSquares } from './fft';
import { cosOf } from './phase';
import { SAMPLE_TICKS, SplineWalk, solveBends } from './spline';

const SAMPLE_HZ: f64 = 4;
/** Mean square of a Hann window. */
const HANN_POWER: f64 = 0.375;
/** Taps of the filter at odd distances from its centre, whose own is a half; even distances have none. */
const TAP_1: f32 = 150 / 512;
const TAP_3: f32 = -25 / 512;
const TAP_5: f32 = 3 / 512;
/** Slots before the first sample that the filter reaches, and behind the last. */
const SLOTS_BEFORE: i32 = 2;
const SLOTS_MORE: i32 = 5;
/** Samples that are summed in f32 before they join a sum in f64. */
const BLOCK_SAMPLES: i32 = 32;

/** Samples at 4 Hz from the end of the first interval to the end of the last. */
function sampleCountOf(spanTicks: i64): i32 {
  return <i32>(spanTicks / SAMPLE_TICKS) + 1;
}

/** Samples at 2 Hz, with those that the filter adds at both ends. */
function slotCountOf(sampleCount: i32): i32 {
  return (sampleCount >> 1) + SLOTS_MORE;
}

/** Points of the transform at 2 Hz: at least a fifth of zeros behind the window, so that its bins lie closer than its resolution. */
function pointCountOf(sampleCount: i32): i32 {
  return powerOfTwoFrom(1.2 * <f64>sampleCount) >> 1;
}

/** Bytes of `work` that `fillWholeDensities` needs: the spline's second derivatives lie behind the slots. */
export function wholeBytes(count: i32, spanTicks: i64): usize {
  const sampleCount = sampleCountOf(spanTicks);
  const splineCount = max(count, slotCountOf(sampleCount)) + count;
  return offsetof<SplineWalk>() + ((<usize>max(splineCount, pointCountOf(sampleCount))) << 2);
}

/** Fill `densities` from `count` >= 4 intervals without a gap; from the end of the first to the end of the last there are `spanTicks`. */
export function fillWholeDensities(densities: Densities, at: usize, count: i32, spanTicks: i64, work: usize): void {
  const sampleCount = sampleCountOf(spanTicks);
  const pointCount = pointCountOf(sampleCount);
  const walk = changetype<SplineWalk>(work);
  const slots = work + offsetof<SplineWalk>();
  const bends = slots + ((<usize>max(count, slotCountOf(sampleCount))) << 2);
  solveBends(at, count, bends, slots);
  fillSlots(walk, at, count, bends, slots, sampleCount);
  memory.fill(
    slots + ((<usize>slotCountOf(sampleCount)) << 2),
    0,
    (<usize>(pointCount - slotCountOf(sampleCount))) << 2,
  );
  putSquares(slots, pointCount);
  densities.values = slots;
  densities.count = (pointCount >> 2) + 1;
  densities.binHz = SAMPLE_HZ / 2 / <f64>pointCount;
  densities.varianceHz = hannVarianceHz(<f64>sampleCount / SAMPLE_HZ);
  densities.lowestHz = 0;
  // Half of the samples have half of the amplitude.
  const scale = <f32>((4 * 2) / (SAMPLE_HZ * HANN_POWER * <f64>sampleCount));
  const step = 0x80000000 / <u32>pointCount;
  for (let k = 0; k < densities.count; k++) {
    const to = slots + ((<usize>k) << 3);
    const passed = responseAt(<u32>k * step);
    store<f64>(to, <f64>((<f32>load<f64>(to) * scale) / (passed * passed)));
  }
}

/** What the filter leaves of a wave that turns by `phase` from one 4-Hz sample to the next. */
function responseAt(phase: u32): f32 {
  const cosine = cosOf(phase);
  const square = cosine * cosine;
  return 0.5 + (cosine * (15 - square * (10 - 3 * square))) / 16;
}

/** Samples minus their straight line, times the window, filtered and halved. */
function fillSlots(walk: SplineWalk, at: usize, count: i32, bends: usize, slots: usize, sampleCount: i32): void {
  const middle = <f32>(sampleCount - 1) / 2;
  walk.begin(at, count, bends);
  let sum: f64 = 0;
  let moment: f64 = 0;
  for (let i = 0; i < sampleCount; ) {
    let blockSum: f32 = 0;
    let blockMoment: f32 = 0;
    for (const end = min(sampleCount, i + BLOCK_SAMPLES); i < end; i++) {
      const sample = walk.next();
      blockSum += sample;
      blockMoment += (<f32>i - middle) * sample;
    }
    sum += <f64>blockSum;
    moment += <f64>blockMoment;
  }
  const n = <f64>sampleCount;
  const mean = <f32>(sum / n);
  const slope = <f32>((12 * moment) / (n * (n * n - 1)));
  const step = <u32>(4294967296.0 / n);
  memory.fill(slots, 0, (<usize>slotCountOf(sampleCount)) << 2);
  walk.begin(at, count, bends);
  for (let i = 0; i < sampleCount; i++) {
    const rest = walk.next() - mean - slope * (<f32>i - middle);
    const weighed = rest * (0.5 - 0.5 * cosOf(<u32>i * step));
    const slot = slots + ((<usize>((i >> 1) + SLOTS_BEFORE)) << 2);
    if (i & 1) spread(slot, weighed);
    else store<f32>(slot, load<f32>(slot) + weighed / 2);
  }
}

/** An odd sample lies between the 2-Hz samples at `slot` and behind it, and goes into three on either side. */
function spread(slot: usize, sample: f32): void {
  add(slot - 8, TAP_5 * sample);
  add(slot - 4, TAP_3 * sample);
  add(slot, TAP_1 * sample);
  add(slot + 4, TAP_1 * sample);
  add(slot + 8, TAP_3 * sample);
  add(slot + 12, TAP_5 * sample);
}

function add(at: usize, value: f32): void {
  store<f32>(at, load<f32>(at) + value);
}

/**
 * Variance of a band's power over its integral of density^2: a Hann window's equivalent bandwidth for variance (35/18 of 1 / length). An
 * estimated density's square is too high by as much as its own variance, which is taken out again.
 */
function hannVarianceHz(windowS: f64): f64 {
  return 35 / 36 / windowS;
}
