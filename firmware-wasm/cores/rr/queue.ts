// The findings that wait to be polled: a ring inside the instance.

import { RrFinding } from './layout';
import { QUEUE, QUEUE_COUNT, stateAt } from './state';

/** The most findings one interval, or a flush, can bring: 3 decisions of at most 4 parts, a pause, a rhythm, 2 of rate. */
const FINDINGS_PER_STEP_MAX: i32 = 32;

function slotAt(at: usize, index: i32): RrFinding {
  return changetype<RrFinding>(at + QUEUE + <usize>(index & (QUEUE_COUNT - 1)) * offsetof<RrFinding>());
}

export function queueHasRoom(at: usize): bool {
  return stateAt(at).queueCount <= QUEUE_COUNT - FINDINGS_PER_STEP_MAX;
}

/** A new finding, empty but for its kind, its interval and the rhythm. */
export function enqueue(at: usize, kind: u16, index: u32, timeS: f64): RrFinding {
  const state = stateAt(at);
  const slot = slotAt(at, state.queueFirst + state.queueCount);
  memory.fill(changetype<usize>(slot), 0, offsetof<RrFinding>());
  slot.kind = kind;
  slot.index = index;
  slot.timeS = timeS;
  slot.rhythm = <u16>state.rhythm;
  state.queueCount += 1;
  return slot;
}

/** Moves up to `count` findings to `into` and returns how many. */
export function dequeue(at: usize, into: usize, count: i32): i32 {
  const state = stateAt(at);
  const moved = min(count, state.queueCount);
  for (let i = 0; i < moved; i++) {
    const to = into + <usize>i * offsetof<RrFinding>();
    memory.copy(to, changetype<usize>(slotAt(at, state.queueFirst + i)), offsetof<RrFinding>());
  }
  state.queueFirst = (state.queueFirst + moved) & (QUEUE_COUNT - 1);
  state.queueCount -= moved;
  return moved;
}
