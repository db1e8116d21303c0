// The instance of the stress core, in bytes:
//
//  0             | SECOND       | LEAKS     | GRAVITY          | HEART_RING | EDA_RING | OWN         | FEATURES | SCRATCH  | SUMS | INTERVALS | QUEUE |
//  | StressState | StressSecond | Leak x 16 | f32 x 5 x 3 axes | Ring 120   | Ring 120 | Moments x 4 | f32 x 10 | u16 x 41 | Sums | u32 x 750 | 2     |
//
// second: sums of the second that is being filled. leaks: exponentially fading sums, fed once a second. gravity: low-passed axes.
// rings: one value a window, the last hour. intervals: the last five minutes. scratch: a histogram, or the least values of a ring.
// In f32 but for what is reckoned once a window: a microcontroller has no f64.

import { StressFinding } from './layout';

/** First word of an instance: "STR1". */
export const MARK: u32 = 0x31525453;

export const STEP_S: i32 = 30;
export const WINDOW_S: i32 = 60;
/** One value a window for an hour: what "the person's own" means here. */
export const RING_COUNT: i32 = 120;
/** Five minutes at 150 beats a minute, above which nothing is plausible. */
export const INTERVAL_COUNT: i32 = 750;
export const QUEUE_COUNT: i32 = 2;
export const MOVEMENT_BAND_COUNT: i32 = 3;
export const LOW_PASS_COUNT: i32 = 5;

@unmanaged
export class StressState {
  mark: u32;
  flushed: i32;
  sensors: i32;
  hasInput: i32;
  /** Time of the last input, in s and in ticks. */
  lastS: f64;
  lastTicks: i64;
  /** End of the last interval, ticks; the next one follows it or does not. */
  intervalEndTicks: i64;
  /** Time of the last sample of the acceleration, ticks. */
  motionTicks: i64;
  /** The second that is being filled: from here to one more. */
  secondS: i32;
  /** End of the next window. */
  nextEndS: i32;
  intervalMs: f32;
  intervalIsGood: i32;
  intervalFirst: i32;
  intervalCount: i32;
  /** Acceleration: spacing of its samples, and coefficients of the low-passes for that spacing. */
  motionIsOn: i32;
  spacingS: f32;
  pass0: f32;
  pass1: f32;
  pass2: f32;
  pass3: f32;
  pass4: f32;
  /** EDA of the second before, low-passed. */
  edaBefore: f32;
  edaIsOn: i32;
  queueFirst: i32;
  queueCount: i32;
  reserved: i32;
}

/** What the current second holds so far. */
@unmanaged
export class StressSecond {
  beatWeight: f32;
  beatSeconds: f32;
  changeSum: f32;
  changeCount: f32;
  motionCount: f32;
  fastSquares: f32;
  middleSquares: f32;
  slowSquares: f32;
  allSquares: f32;
  edaSum: f32;
  edaCount: f32;
  temperatureSum: f32;
  temperatureCount: f32;
}

/** A sum that fades by a factor a second, and the sum of weights that fades with it. */
@unmanaged
export class Leak {
  sum: f32;
  weight: f32;
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

/** What the good intervals of the last five minutes add up to, in ticks. */
@unmanaged
export class Sums {
  count: i32;
  artefacts: i32;
  /** Those that follow a good one, and the squares of the changes to them. */
  joined: i32;
  shortest: i32;
  longest: i32;
  reserved: i32;
  sum: i64;
  squares: i64;
  changeSquares: i64;
}

export const LEAK_COUNT: i32 = 16;
const RING_BYTES: usize = offsetof<Ring>() + <usize>(RING_COUNT * 4);
export const OWN_COUNT: i32 = 4;
/** Bins of 50 ms up to two seconds. */
export const BIN_COUNT: i32 = 41;

export const SECOND: usize = (offsetof<StressState>() + 7) & ~7;
export const LEAKS: usize = (SECOND + offsetof<StressSecond>() + 7) & ~7;
export const GRAVITY: usize = LEAKS + <usize>LEAK_COUNT * offsetof<Leak>();
export const HEART_RING: usize = GRAVITY + <usize>(LOW_PASS_COUNT * 3 * 4);
export const EDA_RING: usize = HEART_RING + RING_BYTES;
export const OWN: usize = (EDA_RING + RING_BYTES + 7) & ~7;
export const FEATURES: usize = OWN + <usize>OWN_COUNT * offsetof<Moments>();
export const FEATURE_COUNT: i32 = 10;
export const SCRATCH: usize = FEATURES + <usize>(FEATURE_COUNT * 4);
export const SUMS: usize = (SCRATCH + <usize>(BIN_COUNT * 2) + 7) & ~7;
export const INTERVALS: usize = SUMS + offsetof<Sums>();
export const QUEUE: usize = (INTERVALS + <usize>(INTERVAL_COUNT * 4) + 7) & ~7;
export const INSTANCE_BYTES: usize = QUEUE + <usize>QUEUE_COUNT * offsetof<StressFinding>();

export function stateAt(at: usize): StressState {
  return changetype<StressState>(at);
}

export function secondAt(at: usize): StressSecond {
  return changetype<StressSecond>(at + SECOND);
}

export function leakAt(at: usize, index: i32): Leak {
  return changetype<Leak>(at + LEAKS + <usize>index * offsetof<Leak>());
}

export function sumsAt(at: usize): Sums {
  return changetype<Sums>(at + SUMS);
}

export function ownAt(at: usize, index: i32): Moments {
  return changetype<Moments>(at + OWN + <usize>index * offsetof<Moments>());
}

/** Feature `index` of the last window, NaN where it does not exist. */
export function featureOf(at: usize, index: i32): f32 {
  return load<f32>(at + FEATURES + ((<usize>index) << 2));
}

export function setFeature(at: usize, index: i32, value: f32): void {
  store<f32>(at + FEATURES + ((<usize>index) << 2), value);
}
