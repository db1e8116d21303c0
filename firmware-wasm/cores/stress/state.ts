// The instance of the stress core, in bytes:
//
//  0             | SECOND      | LEAKS          | GRAVITY          | HEART_RING | EDA_RING | OWN           | INTERVALS        | SORTED | QUEUE |
//  | StressState | StressSecond | Leak x 16      | f64 x 5 x 3 axes | Ring 120   | Ring 120 | Moments x 4   | Interval x 1024  | f64    | 8     |
//
// second: sums of the second that is being filled. leaks: exponentially fading sums, fed once a second. gravity: low-passed axes.
// rings: one value a window, the last hour. intervals: the last five minutes.

import { StressFinding } from './layout';

/** First word of an instance: "STR1". */
export const MARK: u32 = 0x31525453;

export const STEP_S: i64 = 30;
export const WINDOW_S: i64 = 60;
/** One value a window for an hour: what "the person's own" means here. */
export const RING_COUNT: i32 = 120;
/** Five minutes at 200 beats a minute. */
export const INTERVAL_COUNT: i32 = 1024;
export const QUEUE_COUNT: i32 = 8;
export const MOVEMENT_BAND_COUNT: i32 = 3;
export const LOW_PASS_COUNT: i32 = 5;

@unmanaged
export class StressState {
  mark: u32;
  flushed: i32;
  sensors: i32;
  hasInput: i32;
  /** Time of the last input, s. */
  lastS: f64;
  /** The second that is being filled: from here to one more. */
  secondS: i64;
  /** End of the next window. */
  nextEndS: i64;
  /** End of the last interval; the next one follows it or does not. */
  intervalEndS: f64;
  intervalMs: f64;
  intervalIsGood: i32;
  intervalFirst: i32;
  intervalCount: i32;
  reserved: i32;
  /** Acceleration: time of the last sample, its spacing, and coefficients of the low-passes for that spacing. */
  motionS: f64;
  spacingS: f64;
  pass0: f64;
  pass1: f64;
  pass2: f64;
  pass3: f64;
  pass4: f64;
  motionIsOn: i32;
  /** EDA of the second before, low-passed, -1 unknown. */
  edaIsOn: i32;
  edaBefore: f64;
  queueFirst: i32;
  queueCount: i32;
}

/** What the current second holds so far. */
@unmanaged
export class StressSecond {
  beatWeight: f64;
  beatSeconds: f64;
  changeSum: f64;
  changeCount: f64;
  motionCount: f64;
  fastSquares: f64;
  middleSquares: f64;
  slowSquares: f64;
  allSquares: f64;
  edaSum: f64;
  edaCount: f64;
  temperatureSum: f64;
  temperatureCount: f64;
}

/** A sum that fades by a factor a second, and the sum of weights that fades with it. */
@unmanaged
export class Leak {
  sum: f64;
  weight: f64;
}

/** The last values of something, one a window. The values follow. */
@unmanaged
export class Ring {
  count: i32;
  next: i32;
}

/** Mean and variance of what was seen so far. */
@unmanaged
export class Moments {
  count: f64;
  mean: f64;
  variance: f64;
}

/** An interval that was taken in the last five minutes. */
@unmanaged
export class Taken {
  endS: f64;
  rrMs: f32;
  /** INTERVAL_* bits. */
  bits: u32;
}

/** Good enough for an index. */
export const INTERVAL_GOOD: u32 = 1;
/** The interval before it in memory is the one before it in time, and is good too. */
export const INTERVAL_JOINED: u32 = 2;
/** Its length does not fit those before. */
export const INTERVAL_ARTEFACT: u32 = 4;

export const LEAK_COUNT: i32 = 16;
const RING_BYTES: usize = offsetof<Ring>() + <usize>(RING_COUNT * 8);
export const OWN_COUNT: i32 = 4;

export const SECOND: usize = (offsetof<StressState>() + 7) & ~7;
export const LEAKS: usize = SECOND + offsetof<StressSecond>();
export const GRAVITY: usize = LEAKS + <usize>LEAK_COUNT * offsetof<Leak>();
export const HEART_RING: usize = GRAVITY + <usize>(LOW_PASS_COUNT * 3 * 8);
export const EDA_RING: usize = HEART_RING + RING_BYTES;
export const OWN: usize = EDA_RING + RING_BYTES;
export const FEATURES: usize = OWN + <usize>OWN_COUNT * offsetof<Moments>();
export const FEATURE_COUNT: i32 = 10;
export const INTERVALS: usize = FEATURES + <usize>(FEATURE_COUNT * 8);
export const SORTED: usize = INTERVALS + <usize>INTERVAL_COUNT * offsetof<Taken>();
export const QUEUE: usize = SORTED + <usize>(INTERVAL_COUNT * 8);
export const INSTANCE_BYTES: usize = (QUEUE + <usize>QUEUE_COUNT * offsetof<StressFinding>() + 7) & ~7;

export function stateAt(at: usize): StressState {
  return changetype<StressState>(at);
}

export function secondAt(at: usize): StressSecond {
  return changetype<StressSecond>(at + SECOND);
}

export function leakAt(at: usize, index: i32): Leak {
  return changetype<Leak>(at + LEAKS + <usize>index * offsetof<Leak>());
}

export function ownAt(at: usize, index: i32): Moments {
  return changetype<Moments>(at + OWN + <usize>index * offsetof<Moments>());
}

/** An interval of the last five minutes; 0 is the oldest. */
export function takenAt(at: usize, index: i32): Taken {
  const place = (stateAt(at).intervalFirst + index) & (INTERVAL_COUNT - 1);
  return changetype<Taken>(at + INTERVALS + <usize>place * offsetof<Taken>());
}

/** Feature `index` of the last window, NaN where it does not exist. */
export function featureOf(at: usize, index: i32): f64 {
  return load<f64>(at + FEATURES + ((<usize>index) << 3));
}

export function setFeature(at: usize, index: i32, value: f64): void {
  store<f64>(at + FEATURES + ((<usize>index) << 3), value);
}
