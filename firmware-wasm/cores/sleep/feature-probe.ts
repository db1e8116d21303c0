// What the trainer asks the core's own sources: the verbs, and the features of the epoch that would be judged next.

import { writeFeatures } from './features';
import { writeSpectrumFeatures } from './spectrum-features';

export { arena, flush, init, poll, push, size } from './core';
export { featuresAt } from './state';

/** `model` 0 activity, 1 with spread, 2 the spectrum of the intervals; after a `poll` that judged `epoch`. Returns how many. */
export function features(at: usize, model: i32, epoch: i32, end: i32): i32 {
  return model < 2 ? writeFeatures(at, model, epoch, end) : writeSpectrumFeatures(at, epoch, end);
}
