// The instance of the breath core, in bytes:
//
//  0             | STREAMS: 3 x Stream | BEATS: 3 x 192 x Beat | RESPIRATION: 384 x Bin | POINTS | SPECTRA | QUEUE |
//  | BreathState |
//
// A Stream is the head of a ring: the RR intervals, the ECG beats, the PPG pulses of the window. Respiration is kept as means of 1/8 s.
// POINTS and SPECTRA are scratch for the computing of one finding and hold nothing between two.

import { BreathFinding } from './layout';

/** First word of an instance: "BRE1". */
export const MARK: u32 = 0x31455242;

/** Length of the window, s, and from one finding to the next (NOTES.md, "The window"). */
export const WINDOW_S: f64 = 48;
export const STEP_S: f64 = 10;
/** A finding waits for inputs this much later than its window: the ecg and ppg cores give beats up to 2 s after. */
export const LATE_S: f64 = 3;

/** RR, ECG and PPG each: 48 s at 240 beats a minute; of more the oldest are left out. */
export const BEAT_COUNT: i32 = 192;
export const STREAM_COUNT: i32 = 3;
/** Respiration: means of 1/8 s, and room for what comes after the window's end. */
export const BIN_HZ: f64 = 8;
export const BIN_COUNT: i32 = 512;
/** Points of one source: the longest of them. */
export const POINT_COUNT: i32 = 384;
export const QUEUE_COUNT: i32 = 16;

/** The sources, in the order of their values in a finding. */
export const SOURCE_RR: i32 = 0;
export const SOURCE_ECG_HEIGHT: i32 = 1;
export const SOURCE_ECG_BASELINE: i32 = 2;
export const SOURCE_PPG_HEIGHT: i32 = 3;
export const SOURCE_PPG_BASELINE: i32 = 4;
export const SOURCE_PPG_INTERVAL: i32 = 5;
export const SOURCE_RESPIRATION: i32 = 6;
export const SOURCE_COUNT: i32 = 7;

/** Rates that are looked at: 4 to 42 breaths/min in steps of 0.5. */
export const RATE_MIN_BRPM: f64 = 4;
export const RATE_STEP_BRPM: f64 = 0.5;
export const RATE_COUNT: i32 = 77;

/** Head of a ring of beats. */
@unmanaged
export class Stream {
  first: i32;
  count: i32;
}

/** An input as it is kept. A quality below 0 does not happen: unknown is 1. */
@unmanaged
export class Beat {
  timeS: f64;
  value: f32;
  baseline: f32;
  quality: f32;
  isAfterGap: u32;
}

/** Mean of the respiration samples of 1/8 s. */
@unmanaged
export class Bin {
  sum: f32;
  count: u32;
}

/** One moment of the source that is being looked at. */
@unmanaged
export class Point {
  /** From the end of the window, s, <= 0. */
  timeS: f64;
  value: f64;
  /** Quality times taper; 0: left out. */
  weight: f64;
}

/** What a row of scores says. */
@unmanaged
export class Estimate {
  rateBrpm: f64;
  /** Standard deviation over all rates. */
  errorBrpm: f64;
  /** Probability within 2 breaths/min. */
  quality: f64;
}

@unmanaged
export class BreathState {
  mark: u32;
  flushed: u32;
  /** An input was taken since init or reset: the times below mean something. */
  started: u32;
  ignored: u32;
  /** Of the RR intervals ignored, those that look like seconds. */
  seconds: u32;
  pointCount: i32;
  /** The first input and the newest, s. */
  firstS: f64;
  latestS: f64;
  /** End of the next window, s. */
  dueS: f64;
  /** Number of the newest bin of respiration, counted in 1/8 s from time 0. */
  lastBin: f64;
  queueFirst: i32;
  queueCount: i32;
}

export const STREAMS: usize = (offsetof<BreathState>() + 7) & ~7;
export const BEATS: usize = STREAMS + <usize>STREAM_COUNT * offsetof<Stream>();
export const BINS: usize = BEATS + <usize>(STREAM_COUNT * BEAT_COUNT) * offsetof<Beat>();
export const POINTS: usize = BINS + <usize>BIN_COUNT * offsetof<Bin>();
/** Sums per rate while a spectrum is made, then the spectrum; a second row adds up the sources. */
export const SUMS: usize = POINTS + <usize>POINT_COUNT * offsetof<Point>();
export const FUSED: usize = SUMS + <usize>(5 * RATE_COUNT) * 8;
export const ESTIMATE: usize = FUSED + <usize>RATE_COUNT * 8;
export const QUEUE: usize = ESTIMATE + offsetof<Estimate>();
export const INSTANCE_BYTES: usize = QUEUE + <usize>QUEUE_COUNT * offsetof<BreathFinding>();

export function stateAt(at: usize): BreathState {
  return changetype<BreathState>(at);
}

export function streamAt(at: usize, index: i32): Stream {
  return changetype<Stream>(at + STREAMS + <usize>index * offsetof<Stream>());
}

/** Beat `index` of a stream, 0 the oldest. */
export function beatAt(at: usize, stream: i32, index: i32): Beat {
  let place = streamAt(at, stream).first + index;
  if (place >= BEAT_COUNT) place -= BEAT_COUNT;
  return changetype<Beat>(at + BEATS + <usize>(stream * BEAT_COUNT + place) * offsetof<Beat>());
}

/** The bin that number `number` shares with those a whole ring away. */
export function binAt(at: usize, number: f64): Bin {
  return changetype<Bin>(at + BINS + <usize>(<i64>number & <i64>(BIN_COUNT - 1)) * offsetof<Bin>());
}

export function pointAt(at: usize, index: i32): Point {
  return changetype<Point>(at + POINTS + <usize>index * offsetof<Point>());
}
