// The findings that wait to be polled.

import { FindingRing, openSlot, takeSlots } from '../../dsp/finding-ring';
import { StressFinding } from './layout';
import { QUEUE, QUEUE_COUNT, StressState } from './state';

function ringOf(at: usize): FindingRing {
  return changetype<FindingRing>(at + offsetof<StressState>('queueFirst'));
}

/** One slot is kept for the window that a flush ends. */
export function queueHasRoom(at: usize): bool {
  return ringOf(at).count < QUEUE_COUNT - 1;
}

/** A new finding, all zero. */
export function enqueue(at: usize): StressFinding {
  return changetype<StressFinding>(openSlot(ringOf(at), at + QUEUE, QUEUE_COUNT, offsetof<StressFinding>()));
}

/** Moves up to `count` findings to `into` and returns how many. */
export function dequeue(at: usize, into: usize, count: i32): i32 {
  return takeSlots(ringOf(at), at + QUEUE, QUEUE_COUNT, offsetof<StressFinding>(), into, count);
}
