// The findings that wait to be polled: a ring inside the instance.

import { BreathFinding } from './layout';
import { QUEUE, QUEUE_COUNT, stateAt } from './state';

/** The most findings that one input or a flush can bring: a window and its lateness in steps, rounded up. */
const FINDINGS_PER_INPUT_MAX: i32 = 7;

function slotAt(at: usize, index: i32): BreathFinding {
  return changetype<BreathFinding>(at + QUEUE + <usize>(index & (QUEUE_COUNT - 1)) * offsetof<BreathFinding>());
}

export function queueHasRoom(at: usize): bool {
  return stateAt(at).queueCount <= QUEUE_COUNT - FINDINGS_PER_INPUT_MAX;
}

/** A new finding, all zero. */
export function enqueue(at: usize): BreathFinding {
  const state = stateAt(at);
  const slot = slotAt(at, state.queueFirst + state.queueCount);
  memory.fill(changetype<usize>(slot), 0, offsetof<BreathFinding>());
  state.queueCount += 1;
  return slot;
}

/** Moves up to `count` findings to `into` and returns how many. */
export function dequeue(at: usize, into: usize, count: i32): i32 {
  const state = stateAt(at);
  const moved = min(count, state.queueCount);
  for (let i = 0; i < moved; i++) {
    const to = into + <usize>i * offsetof<BreathFinding>();
    memory.copy(to, changetype<usize>(slotAt(at, state.queueFirst + i)), offsetof<BreathFinding>());
  }
  state.queueFirst = (state.queueFirst + moved) & (QUEUE_COUNT - 1);
  state.queueCount -= moved;
  return moved;
}
