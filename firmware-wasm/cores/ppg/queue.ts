// The findings that wait to be polled: a ring inside the instance.

import { PpgFinding } from './layout';
import { PENDING_COUNT, QUEUE, QUEUE_COUNT, stateAt } from './state';

/** The most findings one frame, or a flush, can bring: every candidate, two changes of usability and a window. */
const FINDINGS_PER_STEP_MAX: i32 = PENDING_COUNT + 4;

function slotAt(at: usize, index: i32): PpgFinding {
  return changetype<PpgFinding>(at + QUEUE + <usize>(index & (QUEUE_COUNT - 1)) * offsetof<PpgFinding>());
}

export function queueHasRoom(at: usize): bool {
  return stateAt(at).queueCount <= QUEUE_COUNT - FINDINGS_PER_STEP_MAX;
}

export function enqueue(at: usize, sample: f64, quality: f32, kind: u16, flags: u16): void {
  const state = stateAt(at);
  const slot = slotAt(at, state.queueFirst + state.queueCount);
  slot.sample = nearest(sample * 1024) / 1024;
  slot.quality = quality;
  slot.kind = kind;
  slot.flags = flags;
  state.queueCount += 1;
}

/** Moves up to `count` findings to `into` and returns how many. */
export function dequeue(at: usize, into: usize, count: i32): i32 {
  const state = stateAt(at);
  const moved = min(count, state.queueCount);
  const bytes = offsetof<PpgFinding>();
  for (let i = 0; i < moved; i++) {
    memory.copy(into + <usize>i * bytes, changetype<usize>(slotAt(at, state.queueFirst + i)), bytes);
  }
  state.queueFirst = (state.queueFirst + moved) & (QUEUE_COUNT - 1);
  state.queueCount -= moved;
  return moved;
}
