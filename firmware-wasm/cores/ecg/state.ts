// One instance, drawn. It is plain bytes without addresses: copying it is a snapshot.
//
//   0          RAW            BAND          BOX_A    BOX_B    PENDING      QUEUE         INSTANCE_BYTES
//   |- fields -|- full rate --|- decimated -|-- box sums -----|- candidates|- findings --|
//              |  f32 x 1024  |  f32 x 256  | f32 x 32, 32    |   24       |   48        |
//
// A ring of 2^n numbers is indexed by a running count and a mask; the count may wrap, the index does not notice.

import { EcgFinding } from './layout';

/** First word of an instance: "ECG1". */
export const MARK: u32 = 0x31474345;

/** Full-rate samples kept to place a beat: 1.02 s at 1000 Hz. */
export const RAW_COUNT: i32 = 1024;
/** Band-passed samples kept at the decision rate (at most 300 Hz): 0.85 s and more. */
export const BAND_COUNT: i32 = 256;
/** Longest moving sum, in samples at the decision rate. */
export const BOX_COUNT: i32 = 32;
/** Candidates that wait for their verdict; one is born at most every 100 ms and lives less than 2 s. */
export const PENDING_COUNT: i32 = 24;
/** Findings that wait to be polled. */
export const QUEUE_COUNT: i32 = 64;
/** Points of a shape: 0.2 s at 90 Hz. */
export const EXCERPT_COUNT: i32 = 17;
/** Shapes remembered. */
export const TEMPLATE_COUNT: i32 = 2;
/** Intervals and levels remembered: medians of eight, Hamilton 2002. */
export const MEMORY_COUNT: i32 = 8;

/** A local maximum of the energy that may be a beat. */
@unmanaged
export class Candidate {
  /** Position of the peak, samples from the first pushed one. */
  sample: f64;
  /** Energy at the maximum. */
  level: f32;
  /** Log odds of being a beat, from its own looks. */
  odds: f32;
  /** Best total over the paths that end here. */
  total: f32;
  /** The candidate before this one on that path; -1 for the last beat. */
  back: i32;
  /** Likeness to the shape of recent beats, -1 to 1. */
  match: f32;
  lnLevel: f32;
}

@unmanaged
export class EcgState {
  mark: u32;
  rateHz: f32;
  /** Samples pushed since init or reset. */
  taken: i64;
  /** Sample at which the present usable stretch began. */
  startSample: i64;
  flushed: i32;
  /** Why the signal is unusable now; 0 when it is usable. */
  trouble: i32;

  // Decimation
  factor: i32;
  phase: i32;
  sum: f32;
  scale: f32;
  base: f32;
  primed: i32;
  previous: f32;
  stuckCount: i32;

  // Band-pass: two biquads
  hb0: f32;
  hb1: f32;
  hb2: f32;
  ha1: f32;
  ha2: f32;
  hz1: f32;
  hz2: f32;
  lb0: f32;
  lb1: f32;
  lb2: f32;
  la1: f32;
  la2: f32;
  lz1: f32;
  lz2: f32;

  // Energy: two moving sums
  slow: i32;
  boxA: i32;
  boxB: i32;
  boxAt: i32;
  boxBt: i32;
  sumA: f32;
  freshA: f32;
  sumB: f32;
  freshB: f32;
  lag: i32;
  center: i32;

  // Peak search, in decimated samples since the stretch began
  clock: i32;
  energy: f32;
  peak: f32;
  peakAt: i32;
  rising: i32;
  hold: i32;
  delay: f32;

  // What beats look like
  signal: f32;
  lnNoise: f32;
  lnT: f32;
  lnLast: f32;
  shortRr: f32;
  worst: f32;
  worstT: f32;
  templateCount: i32;
  lastTemplate: i32;
  stride: i32;
  learned: i32;
  levelCount: i32;
  intervalCount: i32;
  typicalRr: f32;
  lastBeat: f64;
  lastLevel: f32;
  hasLast: i32;
  lag1: i32;
  solveAt: i32;

  pendingCount: i32;
  queueFirst: i32;
  queueCount: i32;
  spare: i32;
}

export const LEVELS: usize = (offsetof<EcgState>() + 7) & ~7;
export const INTERVALS: usize = LEVELS + <usize>MEMORY_COUNT * 4;
export const RAW: usize = INTERVALS + <usize>MEMORY_COUNT * 4;
export const BAND: usize = RAW + <usize>RAW_COUNT * 4;
export const BOX_A: usize = BAND + <usize>BAND_COUNT * 4;
export const BOX_B: usize = BOX_A + <usize>BOX_COUNT * 4;
export const PENDING: usize = BOX_B + <usize>BOX_COUNT * 4;
export const EXCERPTS: usize = PENDING + <usize>PENDING_COUNT * offsetof<Candidate>();
export const TEMPLATE: usize = EXCERPTS + <usize>(PENDING_COUNT * EXCERPT_COUNT * 4);
export const QUEUE: usize = (TEMPLATE + <usize>(TEMPLATE_COUNT * EXCERPT_COUNT * 4) + 7) & ~7;
export const INSTANCE_BYTES: usize = (QUEUE + <usize>QUEUE_COUNT * offsetof<EcgFinding>() + 7) & ~7;

export function stateAt(at: usize): EcgState {
  return changetype<EcgState>(at);
}

export function candidateAt(at: usize, index: i32): Candidate {
  return changetype<Candidate>(at + PENDING + <usize>index * offsetof<Candidate>());
}

export function rawAt(at: usize, index: i32): f32 {
  return load<f32>(at + RAW + ((<usize>(index & (RAW_COUNT - 1))) << 2));
}

export function bandAt(at: usize, index: i32): f32 {
  return load<f32>(at + BAND + ((<usize>(index & (BAND_COUNT - 1))) << 2));
}

export function excerptAt(at: usize, index: i32): usize {
  return at + EXCERPTS + <usize>(index * EXCERPT_COUNT * 4);
}
