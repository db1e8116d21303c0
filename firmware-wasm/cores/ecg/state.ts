// One instance, drawn. It is plain bytes without addresses: copying it is a snapshot.
//
//   0         RAW           SLOW          BAND          BOX_A    BOX_B    PENDING       EXCERPTS         SHAPES  SCRATCH  QUEUE
//   |- fields |- full rate -|- decimated -|- band-passed -|- moving sums -|- candidates |- their shapes -|- 2 ---|- f32 --|- findings -|
//             | f32 x 1024  | f32 x 256   | f32 x 256     | f32 x 32 each |    24       | f32 x 17 each  |       |  x 96  |    64      |
//
// A ring of 2^n numbers is indexed by a running count and a mask; the count may wrap, the index does not notice.

import { EcgFinding } from './layout';

/** First word of an instance: "ECG1". */
export const MARK: u32 = 0x31474345;

/** Full-rate samples kept to place a peak: 1.02 s at 1000 Hz. */
export const RAW_COUNT: i32 = 1024;
/** Decimated samples kept, at the decision rate of less than 240 Hz: 1.06 s. */
export const SLOW_COUNT: i32 = 256;
/** Band-passed samples kept, as many. */
export const BAND_COUNT: i32 = 256;
/** Room for a moving sum, in decimated samples: 0.13 s at 240 Hz. */
export const BOX_COUNT: i32 = 32;
/** Candidates that wait for their verdict: at most one per 0.1 s lives less than 2 s. */
export const PENDING_COUNT: i32 = 24;
/** Findings that wait to be polled. */
export const QUEUE_COUNT: i32 = 64;
/** Points of a shape: 0.27 s at 60 Hz. */
export const SHAPE_COUNT: i32 = 17;
/** Shapes remembered: the usual beat and one other. */
export const SHAPES_COUNT: i32 = 2;
/** Band-passed samples one comparison may touch: 17 points, every fourth, and 10 to either side. */
export const SCRATCH_COUNT: i32 = 96;
/** Levels and intervals remembered: Hamilton (2002) takes his medians over eight. */
export const MEMORY_COUNT: i32 = 8;

/** A local maximum of the energy: a wave that may be a beat. */
@unmanaged
export class Candidate {
  /** Position of its peak, samples from the first pushed one. */
  sample: f64;
  /** Energy at the maximum, in units of the input. */
  level: f32;
  /** Natural logarithm of `level`. */
  lnLevel: f32;
  /** Likeness to the nearest remembered shape, -1 to 1. */
  match: f32;
  /** 1 when the larger extremum points up, -1 when down. */
  upright: f32;
  /** Log odds of being a beat, by level and shape alone. */
  odds: f32;
  /** Worth of the best path that ends here. */
  total: f32;
  /** The candidate before this one on that path; -1 for the last settled beat. */
  back: i32;
  spare: i32;
}

@unmanaged
export class EcgState {
  mark: u32;
  rateHz: f32;
  /** Samples pushed since init or reset. */
  taken: i64;
  /** First sample of the present stretch of signal. */
  startSample: i64;
  /** Sample from which the signal was last unusable. */
  troubleSample: i64;
  /** Position of the last settled beat. */
  lastBeat: f64;
  /** The last settled beat, or where the search for one began: the start of the stretch, the last time levels were learned. */
  sinceSample: f64;

  // Whether the signal is usable (signal-check.ts)
  flushed: i32;
  ended: i32;
  /** A FLAG of layout.ts: why no samples are analysed now; 0 when they are. */
  trouble: i32;
  /** 1 while beats are found but not told, because nothing stands out of the noise. */
  muted: i32;
  /** Running mean of how far beats stand out. */
  clarity: f32;
  /** Seconds of beats that hardly stood out, less those that did. */
  murk: f32;
  primed: i32;
  previous: f32;
  stuckCount: i32;
  stuckMax: i32;
  stuckNext: i32;
  stuckStep: i32;
  calm: i32;
  high: f32;
  low: f32;
  highBefore: f32;
  lowBefore: f32;
  extremesAt: i32;
  extremesSpan: i32;
  mean: f32;
  meanRate: f32;
  clipScore: f32;
  clipAt: i32;

  // Decimation (stream.ts)
  factor: i32;
  scale: f32;
  phase: i32;
  sum: f32;
  base: f32;
  /** Decimated samples since the stretch began. */
  clock: i32;

  // Band-pass (filters.ts): a high pass, then a low pass
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

  // Energy (filters.ts): slope, then two moving sums
  lag: i32;
  boxA: i32;
  boxB: i32;
  boxAtA: i32;
  boxAtB: i32;
  sumA: f32;
  sumB: f32;
  freshA: f32;
  freshB: f32;
  /** Decimated samples from a QRS to its maximum in the band-passed signal's moving sums. */
  bandDelay: i32;
  /** Decimated samples from a QRS to the maximum of its energy. */
  energyDelay: f32;

  // Peak search (peak-search.ts)
  energy: f32;
  peak: f32;
  peakAt: i32;
  rising: i32;
  hold: i32;
  tick: i32;
  tickAt: i32;
  pendingCount: i32;

  // Placing a peak (r-peak.ts)
  reach: i32;
  baseHalf: i32;
  taper: f32;
  upright: f32;

  // Shape (shape.ts)
  stride: i32;
  shiftMax: i32;
  shapeCount: i32;
  shapeLast: i32;

  // What beats and noise are like (beat-memory.ts)
  learned: i32;
  hasLast: i32;
  levelCount: i32;
  intervalCount: i32;
  /** Level of a usual beat. */
  signal: f32;
  lnSignal: f32;
  /** Log ratio of the strongest wave between beats to a usual beat. */
  lnNoise: f32;
  /** Log ratio of the strongest wave soon after a beat to that beat. */
  lnAfter: f32;
  worst: f32;
  worstAfter: f32;
  lastLnLevel: f32;
  typicalRr: f32;
  shortRr: f32;
  /** 1 for a regular rhythm, 0 for an irregular or unknown one. */
  regular: f32;
  /** Which way beats point lately: -1 down to 1 up. */
  polarity: f32;
  lnSignalNow: f32;
  lnNoiseNow: f32;

  /** Index of the candidate after the beat to be told, on the best path; -1 when there is none. */
  nextOnPath: i32;
  /** Share of recent beats in a crowd of waves like them. */
  crowded: f32;

  // Ten seconds at a time (windows.ts)
  /** 0 while nothing is told: unusable. */
  covering: i32;
  trustSum: f32;
  trustCount: i32;
  windowCount: i64;
  /** Sample at which the present window ends. */
  windowAt: i64;
  /** Samples of the present window that are usable and not too far behind a beat. */
  covered: f64;
  /** Sample up to which that is counted. */
  coveredTo: f64;
  /** The last finding that is no window: a beat, or where the signal begins. */
  coveredFrom: f64;

  queueFirst: i32;
  queueCount: i32;
}

export const LEVELS: usize = (offsetof<EcgState>() + 7) & ~7;
export const INTERVALS: usize = LEVELS + <usize>MEMORY_COUNT * 4;
export const RAW: usize = INTERVALS + <usize>MEMORY_COUNT * 4;
export const SLOW: usize = RAW + <usize>RAW_COUNT * 4;
export const BAND: usize = SLOW + <usize>SLOW_COUNT * 4;
export const BOX_A: usize = BAND + <usize>BAND_COUNT * 4;
export const BOX_B: usize = BOX_A + <usize>BOX_COUNT * 4;
export const PENDING: usize = BOX_B + <usize>BOX_COUNT * 4;
export const EXCERPTS: usize = PENDING + <usize>PENDING_COUNT * offsetof<Candidate>();
export const SHAPES: usize = EXCERPTS + <usize>PENDING_COUNT * SHAPE_COUNT * 4;
export const SCRATCH: usize = SHAPES + <usize>SHAPES_COUNT * SHAPE_COUNT * 4;
export const QUEUE: usize = (SCRATCH + <usize>SCRATCH_COUNT * 4 + 7) & ~7;
export const INSTANCE_BYTES: usize = QUEUE + <usize>QUEUE_COUNT * offsetof<EcgFinding>();

export function stateAt(at: usize): EcgState {
  return changetype<EcgState>(at);
}

export function candidateAt(at: usize, index: i32): Candidate {
  return changetype<Candidate>(at + PENDING + <usize>index * offsetof<Candidate>());
}

/** Address of the shape that candidate `index` brought along. */
export function excerptAt(at: usize, index: i32): usize {
  return at + EXCERPTS + <usize>(index * SHAPE_COUNT) * 4;
}

/** Address of remembered shape `index`, of unit power. */
export function shapeAt(at: usize, index: i32): usize {
  return at + SHAPES + <usize>(index * SHAPE_COUNT) * 4;
}

/** Address of full-rate sample `index` in its ring; any whole number that is right modulo the ring's length. */
export function rawAt(at: usize, index: i32): usize {
  return at + RAW + ((<usize>(index & (RAW_COUNT - 1))) << 2);
}

/** Takes the first `count` candidates away. */
export function dropCandidates(at: usize, count: i32): void {
  const state = stateAt(at);
  const kept = state.pendingCount - count;
  memory.copy(
    changetype<usize>(candidateAt(at, 0)),
    changetype<usize>(candidateAt(at, count)),
    <usize>kept * offsetof<Candidate>(),
  );
  memory.copy(excerptAt(at, 0), excerptAt(at, count), <usize>(kept * SHAPE_COUNT) * 4);
  state.pendingCount = kept;
}
