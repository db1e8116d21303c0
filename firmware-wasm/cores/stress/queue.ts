// The findings that wait to be polled: a ring inside the instance.

import { StressFinding } from './layout';
import { QUEUE, QUEUE_COUNT, stateAt } from './state';

function slotAt(at: usize, index: i32): StressFinding {
  return changetype<StressFinding>(at + QUEUE + <usize>(index & (QUEUE_COUNT - 1)) * offsetof<StressFinding>());
}

/** One slot is kept for the window that a flush ends. */
export function queueHasRoom(at: usize): bool {
  return stateAt(at).queueCount < QUEUE_COUNT - 1;
}

/** A new finding, empty. */
export function enqueue(at: usize): StressFinding {
  const state = stateAt(at);
  const slot = slotAt(at, state.queueFirst + state.queueCount);
  memory.fill(changetype<usize>(slot), 0, offsetof<StressFinding>());
  state.queueCount += 1;
  return slot;
}

/** Moves up to `count` findings to `into` and returns how many. */
export function dequeue(at: usize, into: usize, count: i32): i32 {
  const state = stateAt(at);
  const moved = min(count, state.queueCount);
  for (let i = 0; i < moved; i++) {
    const to = into + <usize>i * offsetof<StressFinding>();
    memory.copy(to, changetype<usize>(slotAt(at, state.queueFirst + i)), offsetof<StressFinding>());
  }
  state.queueFirst = (state.queueFirst + moved) & (QUEUE_COUNT - 1);
  state.queueCount -= moved;
  return moved;
}
