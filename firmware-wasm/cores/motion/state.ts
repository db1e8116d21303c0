// The instance of the motion core, in bytes:
//
//  0             | COUNT_FILTER | AXES     | GRID   | LIKENESS | PEAKS  | NORMS   | CHANGES | SORTED | QUEUE |
//  | MotionState | Section x 3  | Axis x 3 | f32 72 | f32 49   | f32 48 | f32 96  | f32 60  | f32 60 |   8   |
//
// count filter: coefficients and memories. grid: the norm at about 12 Hz, 2.1 s and what the current second adds. likeness: its
// autocorrelation by lag. peaks: of that. norms: the current 5 s. changes: of the z angle in 5 min; sorted: those that exist.

import { MotionFinding } from './layout';

/** First word of an instance: "MOT1". */
export const MARK: u32 = 0x31544f4d;

export const EPOCH_S: i32 = 30;
export const HALF_EPOCH_S: i32 = 15;
export const WINDOW_S: i32 = 5;
export const SECTION_COUNT: i32 = 3;
/** Lags of the norm's autocorrelation: 2.1 s of the grid, of which a second has 19 points at most, and some. */
export const LAG_COUNT: i32 = 48;
/** What the points of a second are compared with, those left over by the last one, and they. */
const GRID_COUNT: i32 = LAG_COUNT + 24;
/** Peaks in them. */
export const PEAK_COUNT: i32 = 24;
/** Five seconds of the grid and some. */
export const NORM_COUNT: i32 = 96;
/** Five minutes of 5-s windows. */
export const CHANGE_COUNT: i32 = 60;
export const QUEUE_COUNT: i32 = 8;

@unmanaged
export class MotionState {
  mark: u32;
  flushed: i32;
  rateHz: f32;
  /** Place in the frame of the next number. */
  channel: i32;
  /** The frame that is being filled: x, y and z lie side by side. */
  x: f32;
  y: f32;
  z: f32;
  /** The last frame that is there. */
  lastX: f32;
  lastY: f32;
  lastZ: f32;
  /** Is a stretch of frames under way? */
  isRunning: i32;
  /** Frames since init or reset, missing ones too. */
  taken: i64;
  /** Missing frames in a row; 1 in `isUnusable` once they were said. */
  missingCount: i64;
  isUnusable: i32;
  /** Whole seconds since init or reset. */
  seconds: i32;
  /** Of the current second: frames to come, and how far its first frame lies after its start, in frames of 2^20. */
  secondLeft: i32;
  secondLate: i32;
  /** Frames of the current second, 5 s and 30 s that are there; norms of the 5 s. */
  secondCount: i32;
  windowCount: i32;
  normCount: i32;
  epochCount: i32;

  /** Counts: the largest square of the second, the filter's gain, sum of the 15 s, seconds in it. */
  secondPeak: f32;
  countGain: f32;
  halfSum: f32;
  halfSeconds: i32;
  countsFirst: f32;

  /** Sums of the 5 s. */
  sumX: f32;
  sumY: f32;
  sumZ: f32;
  /** Of the norms that are kept. */
  sumNorm: f32;
  /** Sum of what the norm is above 1 g. */
  sumOver: f32;
  /** Sums of the epoch. */
  enmoSum: f32;
  madSum: f32;
  madCount: i32;
  noGravityCount: i32;
  epochX: f32;
  epochY: f32;
  epochZ: f32;
  angleSum: f32;
  angleCount: i32;
  /** 5-s windows without a change of the z angle; windows since then that changed in this epoch. */
  quietCount: i32;
  turnCount: i32;
  /** Where the next change goes, and how many exist. */
  changeNext: i32;
  changeCount: i32;
  /** The z angle of the window before; NaN is none. */
  angleBefore: f32;

  /** The grid: frames to a point and to the next one, sum of the norm since the last, and the sum before. */
  boxFrames: i32;
  boxLeft: i32;
  boxSum: f32;
  boxBefore: f32;
  boxGain: f32;
  gridHz: f32;
  /** Points that wait, and how many of them are no sums any more. */
  pointCount: i32;
  readyCount: i32;
  /** What the norm is measured from, 0 if nothing is known. */
  gridBase: f32;
  baseGain: f32;
  /** Share of the autocorrelation that is lost when four points come; lags it has; is it all zero? */
  gridFade: f32;
  lagCount: i32;
  isCleared: i32;
  /** Seconds since the grid began. */
  gridSeconds: i32;
  /** Seconds in a row that look like gait with one rhythm, and their step rate. */
  rhythmS: i32;
  rhythmHz: f32;
  /** Seconds since then that did not fit. */
  oddS: i32;
  gaitS: i32;
  /** Steps since init that were not yet reported, and sum of the gait's step rates of this epoch. */
  stepsDue: f32;
  cadenceSum: f32;

  /** Wear: epochs in a row in which nothing moved, when they began, and whether they lasted long enough. */
  stillEpochs: i32;
  isOff: i32;
  /** Frames of the epoch that were looked at, and frames to the next one and from one to the next. */
  wearCount: i32;
  wearLeft: i32;
  wearStep: i32;
  stillSinceS: f64;

  queueFirst: i32;
  queueCount: i32;
}

/** One second-order section (1 - z^-2) / (1 + a1 z^-1 + a2 z^-2), and its memory. */
@unmanaged
export class Section {
  a1: f32;
  a2: f32;
  memory1: f32;
  memory2: f32;
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
}

/** The values of an epoch, in the order of the finding. They lie where the peaks do, of which nothing is kept. */
@unmanaged
export class EpochValues {
  countsFirst: f32;
  countsSecond: f32;
  enmoMg: f32;
  madMg: f32;
  zAngleDeg: f32;
  zAngleChangeDeg: f32;
  quietS: f32;
  steps: f32;
  cadenceSpm: f32;
  gaitS: f32;
}

export const COUNT_FILTER: usize = offsetof<MotionState>();
export const AXES: usize = COUNT_FILTER + <usize>SECTION_COUNT * offsetof<Section>();
export const GRID: usize = AXES + 3 * offsetof<Axis>();
export const LIKENESS: usize = GRID + <usize>(GRID_COUNT * 4);
export const PEAKS: usize = LIKENESS + <usize>((LAG_COUNT + 1) * 4);
export const NORMS: usize = PEAKS + <usize>(PEAK_COUNT * 8);
export const CHANGES: usize = NORMS + <usize>(NORM_COUNT * 4);
export const SORTED: usize = CHANGES + <usize>(CHANGE_COUNT * 4);
export const QUEUE: usize = (SORTED + <usize>(CHANGE_COUNT * 4) + 7) & ~7;
export const INSTANCE_BYTES: usize = QUEUE + <usize>QUEUE_COUNT * offsetof<MotionFinding>();

export function stateAt(at: usize): MotionState {
  return changetype<MotionState>(at);
}

export function sectionAt(at: usize, index: i32): Section {
  return changetype<Section>(at + COUNT_FILTER + <usize>index * offsetof<Section>());
}

export function axisAt(at: usize, index: i32): Axis {
  return changetype<Axis>(at + AXES + <usize>index * offsetof<Axis>());
}

export function valuesAt(at: usize): EpochValues {
  return changetype<EpochValues>(at + PEAKS);
}
