// The findings that wait to be polled.

import { FindingRing, openSlot, takeSlots } from '../../dsp/finding-ring';
import { RrFinding } from './layout';
import { QUEUE, QUEUE_COUNT, RrState, stateAt } from './state';

/** The most findings one interval, or a flush, can bring: 3 decisions of at most 4 parts, a pause, a rhythm, 2 of rate. */
const FINDINGS_PER_STEP_MAX: i32 = 32;

function ringOf(at: usize): FindingRing {
  return changetype<FindingRing>(at + offsetof<RrState>('queueFirst'));
}

export function queueHasRoom(at: usize): bool {
  return ringOf(at).count <= QUEUE_COUNT - FINDINGS_PER_STEP_MAX;
}

/** A new finding, empty but for its kind, its interval and the rhythm. */
export function enqueue(at: usize, kind: u16, index: u32, timeS: f64): RrFinding {
  const slot = changetype<RrFinding>(openSlot(ringOf(at), at + QUEUE, QUEUE_COUNT, offsetof<RrFinding>()));
  slot.kind = kind;
  slot.index = index;
  slot.timeS = timeS;
  slot.rhythm = <u16>stateAt(at).rhythm;
  return slot;
}

/** Moves up to `count` findings to `into` and returns how many. */
export function dequeue(at: usize, into: usize, count: i32): i32 {
  return takeSlots(ringOf(at), at + QUEUE, QUEUE_COUNT, offsetof<RrFinding>(), into, count);
}
