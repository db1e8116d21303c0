// The findings that wait to be polled.

import { FindingRing, openSlot, takeSlots } from '../../dsp/finding-ring';
import { MotionFinding } from './layout';
import { MotionState, QUEUE, QUEUE_COUNT } from './state';

/** The most findings one frame, or a flush, can bring: an epoch, a change of wear and a change of usability. */
const FINDINGS_PER_STEP_MAX: i32 = 3;

function ringOf(at: usize): FindingRing {
  return changetype<FindingRing>(at + offsetof<MotionState>('queueFirst'));
}

/** One step's findings stay free for the flush. */
export function queueHasRoom(at: usize): bool {
  return ringOf(at).count <= QUEUE_COUNT - 2 * FINDINGS_PER_STEP_MAX;
}

/** A new finding, empty but for its kind and time. */
export function enqueue(at: usize, kind: u16, timeS: f64): MotionFinding {
  const slot = changetype<MotionFinding>(openSlot(ringOf(at), at + QUEUE, QUEUE_COUNT, offsetof<MotionFinding>()));
  slot.kind = kind;
  slot.timeS = timeS;
  return slot;
}

/** Moves up to `count` findings to `into` and returns how many. */
export function dequeue(at: usize, into: usize, count: i32): i32 {
  return takeSlots(ringOf(at), at + QUEUE, QUEUE_COUNT, offsetof<MotionFinding>(), into, count);
}
