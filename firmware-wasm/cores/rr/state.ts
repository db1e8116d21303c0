// The instance of the rr core, in bytes:
//
//  0          112       240    272              1008             1744              2480     2672   2704      2736    5296
//  | RrState  | pending | past | DIFFS: Spread  | DEVS: Spread   | SHIFTS: Spread  | RHYTHM | RATE | SCRATCH | QUEUE |
//
// pending: intervals that wait for the two that follow them. past: the last corrected intervals without a gap between.
// A Spread is followed by the last 91 values of one quantity twice: as they came and in ascending order.
//
// What is given back (an interval, its parts, its time) is f64, as it came. What is only compared is f32: the device has no doubles, and
// half a ten-millionth of an interval decides nothing.

import { RrFinding } from './layout';

/** First word of an instance: "RRC1". */
export const MARK: u32 = 0x31435252;

/** An interval is decided when this many follow it. */
export const AHEAD_COUNT: i32 = 2;
export const PENDING_COUNT: i32 = 4;
export const PAST_COUNT: i32 = 8;
/** Intervals whose spread sets a threshold: Lipponen & Tarvainen 2019. */
export const SPREAD_COUNT: i32 = 91;
/** Intervals in the window of the rhythm. */
export const RHYTHM_COUNT: i32 = 48;
/** Intervals in the running mean of the rate. */
export const RATE_COUNT: i32 = 8;
/** Values sorted for a median. */
const SCRATCH_COUNT: i32 = 8;
export const QUEUE_COUNT: i32 = 64;

/** Below this a source doubts its own interval. */
const QUALITY_MIN: f32 = 0.5;

/** An interval that waits. */
@unmanaged
export class Pending {
  rrMs: f64;
  timeS: f64;
  /** rrMs to compare with. */
  lengthMs: f32;
  /** -1: the source does not say. */
  quality: f32;
  index: u32;
  reserved: u32;
}

/** Head of a window of values. */
@unmanaged
export class Spread {
  count: i32;
  /** Place of the oldest value, which is the next one's. */
  next: i32;
}

@unmanaged
export class RrState {
  mark: u32;
  flushed: i32;
  /** Intervals pushed since init or reset. */
  taken: u32;
  pendingCount: i32;
  /** A longer interval is reported as a pause. */
  pauseMs: f64;
  /** Sum of the original intervals, s. */
  timeS: f64;
  /** Corrected intervals in the past. */
  pastCount: i32;
  /** The last interval of the past is an original one. */
  pastIsOriginal: i32;
  /** The next corrected interval does not follow the previous one. */
  afterGap: i32;
  /** Decisions in a row that left no ordinary interval. */
  oddCount: i32;
  /** Share of the last intervals, about 32, that were taken for anything but normal. */
  oddShare: f32;
  /** RHYTHM_* of the last window. */
  rhythm: i32;
  rhythmCount: i32;
  /** Intervals since the last window was looked at. */
  rhythmDue: i32;
  /** The next interval does not follow the last one of the window. */
  rhythmBroken: i32;
  /** 0, KIND_BRADYCARDIA or KIND_TACHYCARDIA: what is going on. */
  episode: i32;
  /** The same for the last intervals, however few. */
  runKind: i32;
  runStartS: f64;
  runMs: f64;
  runBeats: i32;
  rateCount: i32;
  queueFirst: i32;
  queueCount: i32;
}

const SPREAD_BYTES: usize = offsetof<Spread>() + <usize>(2 * SPREAD_COUNT * 4);

export const PENDING: usize = (offsetof<RrState>() + 7) & ~7;
export const PAST: usize = PENDING + <usize>PENDING_COUNT * offsetof<Pending>();
export const DIFFS: usize = PAST + <usize>PAST_COUNT * 4;
export const DEVS: usize = DIFFS + SPREAD_BYTES;
export const SHIFTS: usize = DEVS + SPREAD_BYTES;
export const RHYTHM: usize = SHIFTS + SPREAD_BYTES;
export const RATE: usize = RHYTHM + <usize>RHYTHM_COUNT * 4;
export const SCRATCH: usize = RATE + <usize>RATE_COUNT * 4;
export const QUEUE: usize = (SCRATCH + <usize>SCRATCH_COUNT * 4 + 7) & ~7;
export const INSTANCE_BYTES: usize = (QUEUE + <usize>QUEUE_COUNT * offsetof<RrFinding>() + 7) & ~7;

export function stateAt(at: usize): RrState {
  return changetype<RrState>(at);
}

/** An interval that waits; 0 is the next to be decided. */
export function pendingAt(at: usize, index: i32): Pending {
  return changetype<Pending>(at + PENDING + <usize>index * offsetof<Pending>());
}

/** A corrected interval of the past; 0 is the last one. */
export function pastAt(at: usize, back: i32): f32 {
  return load<f32>(at + PAST + ((<usize>back) << 2));
}

/** Does the source doubt this interval? Nothing is learned from it then. */
export function isDoubted(interval: Pending): bool {
  return interval.quality >= 0 && interval.quality < QUALITY_MIN;
}
