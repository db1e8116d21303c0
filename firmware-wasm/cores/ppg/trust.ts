// How probable it is that a pulse is right.

import { Candidate, stateAt } from './state';

export function trustOf(at: usize, c: Candidate, rr: f32, rrNext: f32): f32 {
  const state = stateAt(at);
  const usual = state.periodicity > 0.3 ? state.period : state.typicalRr;
  const off: f32 = rr > 0 ? min<f32>(1, abs(Mathf.log(rr / usual))) : 0.5;
  const offNext: f32 = rrNext > 0 ? min<f32>(1, abs(Mathf.log(rrNext / usual))) : 0.5;
  const height: f32 = abs(Mathf.log(c.level / state.signal));
  const moved: f32 = 0.5 * Mathf.log(1 + c.motion / 0.05);
  const z: f32 = 2.5 * c.match + 3.5 * state.periodicity - 6 * off - 2 * offNext - 0.5 * height - 0.7 * state.rival - moved;
  return 1 / (1 + Mathf.exp(-z)); //FEATURE
}
