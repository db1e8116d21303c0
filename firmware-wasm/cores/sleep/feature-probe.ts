// What the trainer asks the core's own sources: the verbs that fill an instance, and the features of an epoch.

import { takeSpectra } from './epochs';
import { writeFeatures } from './features';
import { writeSpectrumFeatures } from './spectrum-features';
import { CHANNEL_SPECTRUM, stateAt } from './state';

export { arena, init, push, size } from './core';
export { featuresAt } from './state';

export function epochCount(at: usize): i32 {
  takeSpectra(at, stateAt(at).epochCount);
  return stateAt(at).epochCount;
}

/** `last` of the channels 0 activity, 1 spread; or of the spectrum, which stand alone. */
export function features(at: usize, last: i32, epoch: i32, end: i32): i32 {
  return last < CHANNEL_SPECTRUM ? writeFeatures(at, last, epoch, end) : writeSpectrumFeatures(at, epoch, end);
}
