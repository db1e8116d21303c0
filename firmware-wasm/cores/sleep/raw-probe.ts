// What the tests of raw-features.ts ask the core's own sources: the verbs, and what they wrote for an epoch.

import { channelValue } from './state';

export { arena, flush, init, poll, push, reset, size } from './core';

export function valueAt(at: usize, channel: i32, epoch: i32): f64 {
  return channelValue(at, channel, epoch);
}
