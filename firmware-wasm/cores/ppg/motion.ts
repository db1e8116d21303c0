// How much the wearer moves: the part of the acceleration that is not gravity, over the last second. Looked at as often as
// the rhythm.

import { PpgState, stateAt } from './state';

/** What changes slower than this is posture. */
const POSTURE_S: f32 = 1;
/** Motion counts this long after it. */
const AFTER_S: f32 = 0.5;
/** No wrist gives this. */
const G_MAX: f32 = 1000;
/** Acceleration (g) of a moving wearer: a wrist at rest stays below a tenth of it, walking lies above. */
const MOVING_G: f32 = 0.1;

export function isMoving(g: f32): bool {
  return g >= MOVING_G;
}

export function designMotion(at: usize): void {
  const state = stateAt(at);
  state.gravityGain = state.evenS / POSTURE_S;
  state.motionGain = state.evenS / AFTER_S;
}

/** Takes the accelerations of the frame at `frame`. One that is not finite is not there. */
export function motionStep(at: usize, frame: usize): void {
  const state = stateAt(at);
  const axes = state.channelCount - 1;
  if (axes === 0) return;
  const gain = state.gravityGain;
  let known = state.motionKnown;
  let squares: f32 = 0;
  // axisX, axisY and axisZ lie side by side in the state.
  let cell = at + offsetof<PpgState>('axisX');
  for (let axis = 0; axis < axes; axis++) {
    frame += 4;
    const g = load<f32>(frame);
    // A comparison with NaN is false.
    if (g <= G_MAX && g >= -G_MAX) {
      const gravity = known & (1 << axis) ? load<f32>(cell) : g;
      known |= 1 << axis;
      const away = g - gravity;
      store<f32>(cell, gravity + gain * away);
      squares += away * away;
    }
    cell += 4;
  }
  state.motionKnown = known;
  const motion = state.motion + state.motionGain * (squares - state.motion);
  state.motion = motion;
  if (motion > state.windowMotion) state.windowMotion = motion;
}
