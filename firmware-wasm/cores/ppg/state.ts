// One instance, drawn. It is plain bytes without addresses: copying it is a snapshot.
//
//   0          SLOPE       FINE        EVEN        WORK       LAGS       SHAPE, SHARP  LEVELS, INTERVALS  PENDING       QUEUE        INSTANCE_BYTES
//   |- fields -|- slopes --|- fine ----|- levelled |- light --|- autocor- |- shapes of --|- of the last --|- candidates -|- findings -|
//              | 2 x 256   | 2 x 256   | 2 x 64    | 2 x 16   |  relation |  a pulse     |  8 pulses      |      16      |     32     |
//
// A ring of 2^n numbers is indexed by a running count and a mask; the count may wrap, the index does not notice. A ring is there twice, so
// that any 2^n numbers of it lie in one piece.

import { PpgFinding } from './layout';

/** First word of an instance: "PPG1". */
export const MARK: u32 = 0x31475050;

/** Slopes kept: 4 s at 60 Hz. */
export const SLOPE_COUNT: i32 = 256;
/** Levelled slopes kept, or means of two: all lags and a block. */
export const EVEN_COUNT: i32 = 64;
/** Work samples kept: two moving sums of 0.12 s at 60 Hz. */
export const WORK_COUNT: i32 = 16;
/** Lags of the autocorrelation: 1.8 s at 30 Hz and some. */
export const LAG_COUNT: i32 = 64;
/** Points of a shape: 0.6 s at 60 Hz and the middle. */
export const SHAPE_COUNT: i32 = 40;
/** Pulses remembered for medians. */
export const MEMORY_COUNT: i32 = 8;
/** Candidates that wait for their verdict: 2 s of them, 0.15 s apart. */
export const PENDING_COUNT: i32 = 16;
/** Findings that wait to be polled. */
export const QUEUE_COUNT: i32 = 32;

/** A local maximum of the slope that may be the upstroke of a pulse. */
@unmanaged
export class Candidate {
  /** Slope at the maximum. */
  level: f32;
  /** Its natural logarithm. */
  lnLevel: f32;
  /** Likeness to the shape of recent pulses, -1 to 1. */
  match: f32;
  /** Log odds of being a pulse, from its own looks. */
  odds: f32;
  /** Best total over the paths that end here. */
  total: f32;
  /** The candidate before this one on that path; -1 for the last beat. */
  back: i32;
  /** Acceleration around it, g. */
  motion: f32;
  /** Where it is in the ring of slopes: whole number and part, -0.5 to 0.5. */
  index: i32;
  part: f32;
}

@unmanaged
export class PpgState {
  mark: u32;
  rateHz: f32;
  /** Frames pushed since init or reset. */
  taken: i64;
  /** Frame at which the present usable stretch began. */
  startSample: i64;
  /** Where findings have reached: nothing earlier may be enqueued. */
  saidSample: f64;
  flushed: i32;
  /** Why the signal is unusable now; 0 when it is usable. */
  trouble: i32;
  /** As given to init: 0 find out, 1 systole upwards, -1 downwards. */
  polarity: i32;
  channelCount: i32;

  // Frames: the one that is being filled, the axes without gravity
  channel: i32;
  light: f32;
  accelerationX: f32;
  accelerationY: f32;
  accelerationZ: f32;
  axisX: f32;
  axisY: f32;
  axisZ: f32;
  /** Mean square of the acceleration. */
  motion: f32;
  motionKnown: i32;
  gravityGain: f32;
  motionGain: f32;

  // Watch over the raw signal
  previous: f32;
  stuckCount: i32;
  stuckMax: i32;
  railCount: i32;
  railMax: i32;
  lowest: f32;
  highest: f32;
  lowCount: i32;
  highCount: i32;

  // Decimation
  factor: i32;
  phase: i32;
  sum: f32;
  scale: f32;
  base: f32;
  primed: i32;
  workHz: f32;
  /** From one work sample to the next. */
  workS: f32;

  // Slope: median of three, then the difference of two neighbouring moving sums
  before1: f32;
  before2: f32;
  half: i32;
  fineHalf: i32;
  clock: i32;

  // Levelled slope
  level: f32;
  levelGain: f32;
  /** The last one. */
  even: f32;

  // Polarity
  sign: f32;
  skew: f32;
  cube: f32;
  evidence: f32;
  evidenceGain: f32;

  // Rhythm: of so many levelled slopes a value is made, which lie so far apart; the first of them; values so far
  evenFactor: i32;
  evenS: f32;
  evenBefore: f32;
  evenCount: i32;
  lagFirst: i32;
  lagLast: i32;
  lagGain: f32;
  power: f32;
  period: f32;
  periodicity: f32;
  tickAt: i32;
  tick: i32;

  // Search
  searchAt: i32;
  learnCount: i32;
  learned: i32;
  shapeHalf: i32;
  shiftMax: i32;
  shapeAge: i32;
  lead: i32;
  /** A candidate that lies so many slopes back gets its verdict. */
  verdict: i32;
  /** Likeness to a shape at the best place and beside it. */
  dotBefore: f32;
  dotBest: f32;
  dotAfter: f32;

  // What pulses look like
  signal: f32;
  lnSignal: f32;
  levelCount: i32;
  intervalCount: i32;
  typicalRr: f32;
  lastBeat: f64;
  /** Where it is in the ring of slopes. */
  lastIndex: i32;
  lastPart: f32;
  /** Highest candidate since the last beat that was none, against the usual slope. */
  rival: f32;
  hasLast: i32;
  /** How irregular, and how alike, the last pulses were. */
  strayed: f32;
  likeness: f32;

  // The window of 10 s
  windowCount: i32;
  windowAt: i64;
  closeAt: i64;
  coveredSum: f32;
  /** The largest mean square. */
  windowMotion: f32;
  doubtful: i32;

  pendingCount: i32;
  queueFirst: i32;
  queueCount: i32;
}

export const SLOPE: usize = (offsetof<PpgState>() + 7) & ~7;
export const FINE: usize = SLOPE + <usize>SLOPE_COUNT * 8;
export const EVEN: usize = FINE + <usize>SLOPE_COUNT * 8;
export const WORK: usize = EVEN + <usize>EVEN_COUNT * 8;
export const LAGS: usize = WORK + <usize>WORK_COUNT * 8;
export const SHAPE: usize = LAGS + <usize>LAG_COUNT * 4;
export const SHARP: usize = SHAPE + <usize>SHAPE_COUNT * 4;
export const LEVELS: usize = SHARP + <usize>SHAPE_COUNT * 4;
export const INTERVALS: usize = LEVELS + <usize>MEMORY_COUNT * 4;
export const PENDING: usize = INTERVALS + <usize>MEMORY_COUNT * 4;
export const QUEUE: usize = (PENDING + <usize>PENDING_COUNT * offsetof<Candidate>() + 7) & ~7;
export const INSTANCE_BYTES: usize = QUEUE + <usize>QUEUE_COUNT * offsetof<PpgFinding>();

export function stateAt(at: usize): PpgState {
  return changetype<PpgState>(at);
}

export function candidateAt(at: usize, index: i32): Candidate {
  return changetype<Candidate>(at + PENDING + <usize>index * offsetof<Candidate>());
}

/** Where number `index` of a ring of `count` lies: those after it, up to `count` of them, follow it. */
export function placeIn(ring: usize, index: i32, count: i32): usize {
  return ring + ((<usize>(index & (count - 1))) << 2);
}

/** Writes a number of a ring to both of its places. */
export function setTwice(ring: usize, index: i32, count: i32, value: f32): void {
  const place = placeIn(ring, index, count);
  store<f32>(place + ((<usize>count) << 2), value);
  store<f32>(place, value);
}
