// The instance of the motion core, in bytes:
//
//  0             | COUNT_FILTER        | AXES     | GRID    | GRID_ROW | LIKENESS | NORMS    | CHANGES  | SORTED   | QUEUE |
//  | MotionState | 5 Section, 20 f32   | Axis x 3 | f32 256 | f32 150  | f32 64   | f32 504  | f64 60   | f64 60   | 16    |
//
// count filter: coefficients of five sections, then the memories of two passes. grid: the norm at 25 Hz, the last 6 s and what the current
// second adds. grid row: the same without its mean. likeness: autocorrelation by lag. norms: the current 5 s. changes: of the z angle.

import { MotionFinding } from './layout';

/** First word of an instance: "MOT1". */
export const MARK: u32 = 0x31544f4d;

export const EPOCH_S: i32 = 30;
export const HALF_EPOCH_S: i32 = 15;
export const WINDOW_S: i32 = 5;
export const SECTION_COUNT: i32 = 5;
/** Memories of the count filter: two passes, two numbers a section. */
const MEMORY_COUNT: i32 = 2 * 2 * SECTION_COUNT;
/** Points a second at which steps are looked for. */
export const GRID_HZ: f32 = 25;
export const GRID_COUNT: i32 = 256;
/** Six seconds at 25 Hz. */
export const GRID_ROW_COUNT: i32 = 150;
export const LAG_COUNT: i32 = 64;
/** Five seconds at 100 Hz and a few, since a window may begin between two frames. */
export const NORM_COUNT: i32 = 504;
/** Five minutes of 5-s windows. */
export const CHANGE_COUNT: i32 = 60;
export const QUEUE_COUNT: i32 = 16;

@unmanaged
export class MotionState {
  mark: u32;
  flushed: i32;
  rateHz: f32;
  /** Place in the frame of the next number. */
  channel: i32;
  /** The frame that is being filled. */
  x: f32;
  y: f32;
  /** z of the last frame that is there. */
  lastZ: f32;
  /** Is a stretch of frames under way? */
  isRunning: i32;
  /** Frames since init or reset, missing ones too. */
  taken: i64;
  /** Whole seconds since then, and the frame that begins the next one. */
  seconds: i64;
  nextSecondAt: i64;
  /** Missing frames in a row; 1 in `isUnusable` once they were said. */
  missingCount: i64;
  isUnusable: i32;
  /** Frames of the current second, 5 s and 30 s that are there. */
  secondCount: i32;
  windowCount: i32;
  epochCount: i32;

  /** Counts: what the z axis is measured from, the largest of the second, sum of the 15 s, seconds in it. */
  zBase: f32;
  secondPeak: f32;
  halfSum: f32;
  halfSeconds: i32;
  countsFirst: f64;

  /** Sums of the 5 s. */
  sumX: f32;
  sumY: f32;
  sumZ: f32;
  sumNorm: f32;
  /** Sum of what the norm is above 1 g. */
  sumOver: f32;
  /** Sums of the epoch. */
  enmoSum: f64;
  madSum: f64;
  madCount: i32;
  noGravityCount: i32;
  epochX: f64;
  epochY: f64;
  epochZ: f64;
  angleSum: f64;
  angleCount: i32;
  /** 5-s windows without a change of the z angle; windows since then that changed in this epoch. */
  quietCount: i32;
  turnCount: i32;
  changeNext: i32;
  /** The z angle of the window before; NaN is none. */
  angleBefore: f64;

  /** Gait: low-passed norm of the last frame, twice over, and the gain. */
  smooth0: f32;
  smooth1: f32;
  smoothGain: f32;
  gridLength: i32;
  /** From the last frame to the next point of the grid, and from point to point, in frames. */
  gridAhead: f32;
  gridStep: f32;
  gridFrame: i64;
  /** Seconds in a row that look like gait with one rhythm, and their step rate. */
  rhythmS: i32;
  rhythmHz: f32;
  /** Seconds since then that did not fit. */
  oddS: i32;
  gaitS: i32;
  /** Steps since init that were not yet reported, and sum of the gait's step rates of this epoch. */
  stepsDue: f64;
  cadenceSum: f64;

  /** Wear: epochs in a row in which nothing moved, when they began, and whether they lasted long enough. */
  stillEpochs: i32;
  isOff: i32;
  stillSinceS: f64;

  queueFirst: i32;
  queueCount: i32;
}

/** One second-order section g (1 - z^-2) / (1 + a1 z^-1 + a2 z^-2). */
@unmanaged
export class Section {
  gain: f32;
  a1: f32;
  a2: f32;
}

/** One axis: spread within the epoch (around its first value), and range of the epoch and of the epochs in which nothing moved. */
@unmanaged
export class Axis {
  base: f32;
  sum: f32;
  squares: f32;
  least: f32;
  most: f32;
  stillLeast: f32;
  stillMost: f32;
  reserved: f32;
}

export const COUNT_FILTER: usize = (offsetof<MotionState>() + 7) & ~7;
export const COUNT_MEMORY: usize = COUNT_FILTER + <usize>SECTION_COUNT * offsetof<Section>();
export const AXES: usize = COUNT_MEMORY + <usize>(MEMORY_COUNT * 4);
export const GRID: usize = AXES + 3 * offsetof<Axis>();
export const GRID_ROW: usize = GRID + <usize>(GRID_COUNT * 4);
export const LIKENESS: usize = GRID_ROW + <usize>(GRID_ROW_COUNT * 4);
export const NORMS: usize = LIKENESS + <usize>(LAG_COUNT * 4);
export const CHANGES: usize = (NORMS + <usize>(NORM_COUNT * 4) + 7) & ~7;
export const SORTED: usize = CHANGES + <usize>(CHANGE_COUNT * 8);
export const QUEUE: usize = SORTED + <usize>(CHANGE_COUNT * 8);
export const INSTANCE_BYTES: usize = (QUEUE + <usize>QUEUE_COUNT * offsetof<MotionFinding>() + 7) & ~7;
/** Bytes of the memories of the count filter. */
export const COUNT_MEMORY_BYTES: usize = <usize>(MEMORY_COUNT * 4);

export function stateAt(at: usize): MotionState {
  return changetype<MotionState>(at);
}

export function axisAt(at: usize, index: i32): Axis {
  return changetype<Axis>(at + AXES + <usize>index * offsetof<Axis>());
}
