// The findings that wait to be polled.

import { FindingRing, openSlot, takeSlots } from '../../dsp/finding-ring';
import { BreathFinding } from './layout';
import { BreathState, QUEUE, QUEUE_COUNT } from './state';

/** The most findings that one input or a flush can bring: a window and its lateness in steps, rounded up. */
const FINDINGS_PER_INPUT_MAX: i32 = 7;

function ringOf(at: usize): FindingRing {
  return changetype<FindingRing>(at + offsetof<BreathState>('queueFirst'));
}

export function queueHasRoom(at: usize): bool {
  return ringOf(at).count <= QUEUE_COUNT - FINDINGS_PER_INPUT_MAX;
}

/** A new finding, all zero. */
export function enqueue(at: usize): BreathFinding {
  return changetype<BreathFinding>(openSlot(ringOf(at), at + QUEUE, QUEUE_COUNT, offsetof<BreathFinding>()));
}

/** Moves up to `count` findings to `into` and returns how many. */
export function dequeue(at: usize, into: usize, count: i32): i32 {
  return takeSlots(ringOf(at), at + QUEUE, QUEUE_COUNT, offsetof<BreathFinding>(), into, count);
}
