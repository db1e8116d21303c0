// What the trainer asks the core's own sources: the verbs that fill an instance, and the features of an epoch.

import { takeSpectra } from './epochs';
import { writeFeatures, writeSpectrumFeatures } from './features';
import { CHANNEL_SPECTRUM, stateAt } from './state';

export { arena, init, push, size } from './core';

export function epochCount(at: usize): i32 {
  takeSpectra(at, stateAt(at).epochCount);
  return stateAt(at).epochCount;
}

export function features(at: usize, first: i32, to: i32, epoch: i32, end: i32): i32 {
  if (first === CHANNEL_SPECTRUM) return writeSpectrumFeatures(at, epoch, end);
  return writeFeatures(at, first, to, epoch, end);
}
