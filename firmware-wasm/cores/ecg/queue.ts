// The findings that wait to be polled.

import { FindingRing, openSlot, takeSlots } from '../../dsp/finding-ring';
import { EcgFinding } from './layout';
import { EcgState, QUEUE, QUEUE_COUNT } from './state';

/** The most findings one sample, or a flush, can bring: every candidate, and a change of usability. */
const FINDINGS_PER_STEP_MAX: i32 = 32;

function ringOf(at: usize): FindingRing {
  return changetype<FindingRing>(at + offsetof<EcgState>('queueFirst'));
}

export function queueHasRoom(at: usize): bool {
  return ringOf(at).count <= QUEUE_COUNT - FINDINGS_PER_STEP_MAX;
}

export function enqueue(at: usize, sample: f64, quality: f32, kind: u16, flags: u16): void {
  const slot = changetype<EcgFinding>(openSlot(ringOf(at), at + QUEUE, QUEUE_COUNT, offsetof<EcgFinding>()));
  slot.sample = nearest(sample * 1024) / 1024;
  slot.quality = quality;
  slot.kind = kind;
  slot.flags = flags;
}

/** Moves up to `count` findings to `into` and returns how many. */
export function dequeue(at: usize, into: usize, count: i32): i32 {
  return takeSlots(ringOf(at), at + QUEUE, QUEUE_COUNT, offsetof<EcgFinding>(), into, count);
}
