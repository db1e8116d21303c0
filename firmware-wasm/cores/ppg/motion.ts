// How much the wearer moves: the part of the acceleration that is not gravity, over the last second.

import { PpgState, stateAt } from './state';

/** What changes slower than this is posture. */
const POSTURE_S: f32 = 1;
/** Motion counts this long after it. */
const AFTER_S: f32 = 0.5;

/** Acceleration (g) of a moving wearer: a wrist at rest stays below a tenth of it, walking lies above. */
const MOVING_G: f32 = 0.1;

export function isMoving(g: f32): bool {
  return g >= MOVING_G;
}

export function designMotion(at: usize): void {
  const state = stateAt(at);
  state.gravityGain = 1 / (POSTURE_S * state.rateHz);
  state.motionGain = 1 / (AFTER_S * state.rateHz);
}

/** Takes the acceleration of the axis that is `channel` (1 to 3). One that is not finite is not there. */
export function motionStep(at: usize, g: f32): void {
  const state = stateAt(at);
  if (state.channel === 1) state.axisSquares = 0;
  if (abs(g) <= 1000) state.axisSquares += awayFromGravity(at, g);
  if (state.channel + 1 < state.channelCount) return;
  state.motion += state.motionGain * (state.axisSquares - state.motion);
  state.motionRms = sqrt(state.motion);
  state.windowMotion = max(state.windowMotion, state.motionRms);
}

function awayFromGravity(at: usize, g: f32): f32 {
  const state = stateAt(at);
  // axisX, axisY and axisZ lie side by side in the state.
  const cell = at + offsetof<PpgState>('axisX') + ((<usize>(state.channel - 1)) << 2);
  const bit = 1 << state.channel;
  if (!(state.motionKnown & bit)) {
    state.motionKnown |= bit;
    store<f32>(cell, g);
  }
  const away = g - load<f32>(cell);
  store<f32>(cell, load<f32>(cell) + state.gravityGain * away);
  return away * away;
}
