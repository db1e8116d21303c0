// Activity counts as te Lindert & Van Someren (2013) made them from raw acceleration to agree with an Actiwatch: the z axis between 3 and
// 11 Hz, its largest size in every second in steps of 5/128 g, summed over 15 s, less the 18 of a wrist at rest, times 3.07. The published
// filter (order 5) runs forwards and backwards; here one of order 3 runs forwards, which spreads a jerk less than two of order 5 would.
// Its edges lie inwards so that at 3 and 11 Hz it halves, as theirs does.

import { designBandPass } from './band-pass';
import { HALF_EPOCH_S, SECTION_COUNT, sectionAt, stateAt } from './state';

const LOW_HZ: f32 = 3;
const HIGH_HZ: f32 = 11;
/** The band ends here at the latest, as a share of the rate. */
const SHARE_MAX: f32 = 0.45;
const STEP_G: f32 = 5.0 / 128;
/** One step beyond 5 g. */
const STEPS_MAX: f32 = 129;
const REST: f32 = 18;
const SCALE: f32 = 3.07;
/** Half of the 15 s. */
const SECONDS_MIN: i32 = 8;

export function designCounts(at: usize): void {
  const state = stateAt(at);
  const rateHz = state.rateHz;
  state.countGain = designBandPass(at, LOW_HZ, min(HIGH_HZ, SHARE_MAX * rateHz), rateHz);
}

/** Begins a stretch as if it had always been `z`: a constant is not in the band, and gravity makes no step. */
export function openCounts(at: usize, z: f32): void {
  for (let i = 0; i < SECTION_COUNT; i++) {
    const section = sectionAt(at, i);
    section.memory1 = i === 0 ? z : 0;
    section.memory2 = i === 0 ? z : 0;
  }
}

/** Ends a second; one that is not there does not count. */
export function closeCountSecond(at: usize, isThere: bool): void {
  const state = stateAt(at);
  if (isThere) {
    const steps = floor((state.countGain * sqrt(state.secondPeak)) / STEP_G) + 1;
    state.halfSum += steps < STEPS_MAX ? steps : STEPS_MAX;
    state.halfSeconds += 1;
  }
  state.secondPeak = 0;
}

/** Counts of the 15 s that end, as if all of them were there; NaN if half of them are not. */
export function takeCounts(at: usize): f32 {
  const state = stateAt(at);
  const seconds = state.halfSeconds;
  const steps = (state.halfSum * <f32>HALF_EPOCH_S) / <f32>seconds;
  state.halfSum = 0;
  state.halfSeconds = 0;
  if (seconds < SECONDS_MIN) return NaN;
  return steps > REST ? (steps - REST) * SCALE : 0;
}
