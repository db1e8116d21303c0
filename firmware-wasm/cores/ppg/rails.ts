// Is the signal at the rails of its converter? Nobody says where those are, so it is judged by the second: when half of its samples
// are exactly its highest or its lowest value, it is a plateau and not a pulse.

import { stateAt } from './state';

/** Share of a second at its extremes from which it is clipped, and up to which it is sound again. */
const CLIPPED: f32 = 0.5;
const SOUND: f32 = 0.25;

export function clearRails(at: usize): void {
  stateAt(at).railCount = 0;
}

/** Begins a second with sample `x`. */
export function openRails(at: usize, x: f32): void {
  const state = stateAt(at);
  state.lowest = x;
  state.highest = x;
  state.lowCount = 0;
  state.highCount = 0;
}

/** Ends a second: 1 when it was clipped, -1 when it was sound, else 0. */
export function closeRails(at: usize): i32 {
  const state = stateAt(at);
  state.railCount = 0;
  const share = <f32>(state.lowCount + state.highCount) / <f32>state.railMax;
  // A second without any movement is flat, which has its own rule.
  if (share >= CLIPPED && state.highest > state.lowest) return 1;
  return share <= SOUND ? -1 : 0;
}

/** Takes a sample; at the end of a second what `closeRails` says, else 0. */
export function railsStep(at: usize, x: f32): i32 {
  const state = stateAt(at);
  if (state.railCount === 0) openRails(at, x);
  if (x > state.highest) {
    state.highest = x;
    state.highCount = 0;
  } else if (x < state.lowest) {
    state.lowest = x;
    state.lowCount = 0;
  }
  if (x === state.highest) state.highCount += 1;
  else if (x === state.lowest) state.lowCount += 1;
  state.railCount += 1;
  return state.railCount < state.railMax ? 0 : closeRails(at);
}
