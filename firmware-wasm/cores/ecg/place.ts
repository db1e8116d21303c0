// Where exactly the R peak is: the major extremum of the signal against its own surroundings, then a parabola.

import { rawAt, stateAt } from './state';

/** Half the stretch searched for the peak. */
const SEARCH_S: f32 = 0.1;
/** Half the stretch whose mean is the baseline: longer than a QRS, shorter than a T wave. */
const BASELINE_S: f32 = 0.1;

/** Returns the sample of the peak near full-rate sample `center` (a count like `taken`). */
export function placePeak(at: usize, center: i64): f64 {
  const state = stateAt(at);
  const half = max(2, <i32>nearest(SEARCH_S * state.rateHz));
  const wide = max(2, <i32>nearest(BASELINE_S * state.rateHz));
  const first = max(center - half, state.startSample);
  const last = min(center + half, state.taken - 2);
  let best: f32 = -1;
  let bestAt = center;
  let sum: f32 = 0;
  const lowest = state.startSample;
  const highest = state.taken - 1;
  // moving baseline, clamped at the ends of what is known
  for (let k = first - wide; k < first + wide; k++) sum += rawAt(at, <i32>min(max(k, lowest), highest));
  const span = 2 * wide;
  const norm: f32 = 1 / <f32>span;
  for (let i = first; i <= last; i++) {
    const y = abs(rawAt(at, <i32>i) - sum * norm);
    if (y > best) {
      best = y;
      bestAt = i;
    }
    sum += rawAt(at, <i32>min(max(i + wide, lowest), highest)) - rawAt(at, <i32>min(max(i - wide, lowest), highest));
  }
  return <f64>bestAt + parabola(at, bestAt);
}

function parabola(at: usize, i: i64): f64 {
  const state = stateAt(at);
  if (i <= state.startSample || i + 1 >= state.taken) return 0;
  const a = rawAt(at, <i32>(i - 1));
  const b = rawAt(at, <i32>i);
  const c = rawAt(at, <i32>(i + 1));
  const bend = a - 2 * b + c;
  if (bend == 0) return 0;
  const shift: f32 = (0.5 * (a - c)) / bend;
  return <f64>min<f32>(0.5, max<f32>(-0.5, shift));
}
