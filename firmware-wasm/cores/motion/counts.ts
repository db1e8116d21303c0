// Activity counts as te Lindert & Van Someren (2013) made them from raw acceleration to agree with an Actiwatch: the z axis between 3 and
// 11 Hz, its largest size in every second in steps of 5/128 g, summed over 15 s, less the 18 of a wrist at rest, times 3.07. The published
// filter runs forwards and backwards; here it runs forwards twice, which has the same gain and no look-ahead.

import { bandPassStep, designBandPass } from '../../dsp/motion-band-pass';
import { COUNT_FILTER, COUNT_MEMORY, COUNT_MEMORY_BYTES, HALF_EPOCH_S, SECTION_COUNT, stateAt } from './state';

const LOW_HZ: f64 = 3;
const HIGH_HZ: f64 = 11;
/** The band ends here at the latest, as a share of the rate. */
const SHARE_MAX: f64 = 0.45;
const STEP_G: f32 = 5.0 / 128;
/** One step beyond 5 g. */
const STEPS_MAX: f32 = 129;
const REST: f64 = 18;
const SCALE: f64 = 3.07;
/** Half of the 15 s. */
const SECONDS_MIN: i32 = 8;

export function designCounts(at: usize): void {
  const rateHz = <f64>stateAt(at).rateHz;
  designBandPass(at + COUNT_FILTER, LOW_HZ, min(HIGH_HZ, SHARE_MAX * rateHz), rateHz);
}

/** Begins a stretch at `z`: a constant is not in the band, so all is measured from here and gravity makes no step. */
export function openCounts(at: usize, z: f32): void {
  stateAt(at).zBase = z;
  memory.fill(at + COUNT_MEMORY, 0, COUNT_MEMORY_BYTES);
}

export function countStep(at: usize, z: f32): void {
  const state = stateAt(at);
  const half = COUNT_MEMORY_BYTES / 2;
  const once = bandPassStep(at + COUNT_FILTER, at + COUNT_MEMORY, SECTION_COUNT, z - state.zBase);
  const twice = bandPassStep(at + COUNT_FILTER, at + COUNT_MEMORY + half, SECTION_COUNT, once);
  state.secondPeak = max(state.secondPeak, abs(twice));
}

/** Ends a second; one that is not there does not count. */
export function closeCountSecond(at: usize, isThere: bool): void {
  const state = stateAt(at);
  if (isThere) {
    state.halfSum += min(STEPS_MAX, floor(state.secondPeak / STEP_G) + 1);
    state.halfSeconds += 1;
  }
  state.secondPeak = 0;
}

/** Counts of the 15 s that end, as if all of them were there; NaN if half of them are not. */
export function takeCounts(at: usize): f64 {
  const state = stateAt(at);
  const seconds = state.halfSeconds;
  const sum = <f64>state.halfSum;
  state.halfSum = 0;
  state.halfSeconds = 0;
  if (seconds < SECONDS_MIN) return NaN;
  return max(0, (sum * (<f64>HALF_EPOCH_S / <f64>seconds) - REST) * SCALE);
}
