// Where exactly the R peak is: the larger extremum of the signal against its surroundings, then a parabola.

import { rawAt, SLOW, SLOW_COUNT, stateAt } from './state';

/** Half the stretch searched: a wide QRS and the spread of the energy's delay. */
const REACH_S: f32 = 0.1;
/** Half the stretch whose mean is the baseline: longer than a QRS, shorter than the waves around it. */
const BASE_HALF_S: f32 = 0.1;
/** An extremum at the end of the stretch counts this much less than one in the middle. */
const TAPER: f32 = 0.5;
/** How much the usual polarity counts when a QRS has two extrema of about the same height. */
const POLARITY_BIAS: f32 = 0.2;

export function designPlacing(at: usize): void {
  const state = stateAt(at);
  const hz = state.rateHz * state.scale;
  state.reach = max(2, <i32>nearest(REACH_S * hz));
  state.baseHalf = max(2, <i32>nearest(BASE_HALF_S * hz));
  state.taper = Mathf.sqrt(TAPER) / <f32>state.reach;
}

/** Returns the sample of the peak near decimated sample `center`, and leaves its polarity in the state. */
export function placePeak(at: usize, center: i32): f64 {
  const state = stateAt(at);
  const reach = state.reach;
  const half = state.baseHalf;
  const ring = at + SLOW;
  // The stretch and what has been taken bound the search.
  const lowest = max(0, center - half - reach);
  const highest = min(state.clock, center + half + reach);
  const first = max(lowest, center - reach);
  const last = min(highest, center + reach);
  let from = max(lowest, first - half);
  let to = min(highest, first + half);
  let sum: f32 = 0;
  for (let i = from; i <= to; i++) sum += load<f32>(ring + ((<usize>(i & (SLOW_COUNT - 1))) << 2));
  let share: f32 = 1 / <f32>(to - from + 1);
  let up: f32 = 0;
  let upAt = center;
  let down: f32 = 0;
  let downAt = center;
  for (let i = first; i <= last; i++) {
    const far = <f32>(i - center) * state.taper;
    const height = (load<f32>(ring + ((<usize>(i & (SLOW_COUNT - 1))) << 2)) - sum * share) * (1 - far * far);
    if (height > up) {
      up = height;
      upAt = i;
    } else if (height < down) {
      down = height;
      downAt = i;
    }
    const grows = to < highest;
    const shrinks = from <= i - half;
    if (grows) sum += load<f32>(ring + ((<usize>(++to & (SLOW_COUNT - 1))) << 2));
    if (shrinks) sum -= load<f32>(ring + ((<usize>(from++ & (SLOW_COUNT - 1))) << 2));
    if (grows != shrinks) share = 1 / <f32>(to - from + 1);
  }
  state.upright = up > -down ? 1 : -1;
  const bias = POLARITY_BIAS * state.polarity;
  return up * (1 + bias) > -down * (1 - bias) ? refine(at, upAt, 1) : refine(at, downAt, -1);
}

// The extremum of the full-rate samples in and next to decimated sample `slow`, then the summit of the parabola through it.
function refine(at: usize, slow: i32, sign: f32): f64 {
  const state = stateAt(at);
  const factor = state.factor;
  const group = state.startSample + <i64>slow * <i64>factor;
  const last = min(state.taken - 1, group + <i64>(2 * factor - 1));
  const first = min(last, max(state.startSample, group - <i64>factor));
  let best = first;
  let height: f32 = -Infinity;
  for (let i = first; i <= last; i++) {
    const x = sign * load<f32>(rawAt(at, <i32>i));
    if (x > height) {
      height = x;
      best = i;
    }
  }
  return <f64>best + summitOffset(at, best);
}

// Where the parabola through three samples has its summit, -0.5 to 0.5 samples from the middle one.
function summitOffset(at: usize, index: i64): f64 {
  const state = stateAt(at);
  if (index <= state.startSample || index + 1 >= state.taken) return 0;
  const middle = load<f32>(rawAt(at, <i32>index));
  const before = load<f32>(rawAt(at, <i32>index - 1)) - middle;
  const after = load<f32>(rawAt(at, <i32>index + 1)) - middle;
  const bend = before + after;
  // Not a summit: the extremum against the baseline lies on a slope of the signal.
  if (before * after < 0 || bend == 0) return 0;
  return <f64>((0.5 * (before - after)) / bend);
}
