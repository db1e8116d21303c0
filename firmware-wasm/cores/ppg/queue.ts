// The findings that wait to be polled.

import { FindingRing, openSlot, takeSlots } from '../../dsp/finding-ring';
import { PpgFinding } from './layout';
import { PENDING_COUNT, PpgState, QUEUE, QUEUE_COUNT } from './state';

/** The most findings one frame, or a flush, can bring: every candidate, two changes of usability and a window. */
const FINDINGS_PER_STEP_MAX: i32 = PENDING_COUNT + 4;

function ringOf(at: usize): FindingRing {
  return changetype<FindingRing>(at + offsetof<PpgState>('queueFirst'));
}

export function queueHasRoom(at: usize): bool {
  return ringOf(at).count <= QUEUE_COUNT - FINDINGS_PER_STEP_MAX;
}

export function enqueue(at: usize, sample: f64, quality: f32, kind: u16, flags: u16): void {
  const slot = changetype<PpgFinding>(openSlot(ringOf(at), at + QUEUE, QUEUE_COUNT, offsetof<PpgFinding>()));
  slot.sample = nearest(sample * 1024) / 1024;
  slot.quality = quality;
  slot.kind = kind;
  slot.flags = flags;
}

/** Moves up to `count` findings to `into` and returns how many. */
export function dequeue(at: usize, into: usize, count: i32): i32 {
  return takeSlots(ringOf(at), at + QUEUE, QUEUE_COUNT, offsetof<PpgFinding>(), into, count);
}
