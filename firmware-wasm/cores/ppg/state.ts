// One instance, drawn. It is plain bytes without addresses: copying it is a snapshot.
//
//   0          SLOPE       FINE        EVEN        WORK       LAGS       SHAPE, SHARP  LEVELS, INTERVALS  PENDING       QUEUE        INSTANCE_BYTES
//   |- fields -|- slopes --|- fine ----|- levelled |- light --|- autocor- |- shapes of --|- of the last --|- candidates -|- findings -|
//              | 2 x 256   | 2 x 256   | 2 x 256   | 256      |  relation |  a pulse     |  8 pulses      |      24      |     64     |
//
// A ring of 2^n numbers is indexed by a running count and a mask; the count may wrap, the index does not notice.

import { PpgFinding } from './layout';

/** First word of an instance: "PPG1". */
export const MARK: u32 = 0x31475050;

/** Slopes kept: 4 s at 60 Hz. */
export const SLOPE_COUNT: i32 = 256;
/** Lags of the autocorrelation: 1.75 s at 60 Hz and some. */
export const LAG_COUNT: i32 = 128;
/** Points of a shape: 0.6 s at 60 Hz and the middle. */
export const SHAPE_COUNT: i32 = 40;
/** Pulses remembered for medians. */
export const MEMORY_COUNT: i32 = 8;
/** Candidates that wait for their verdict. */
export const PENDING_COUNT: i32 = 24;
/** Findings that wait to be polled. */
export const QUEUE_COUNT: i32 = 64;

/** A local maximum of the slope that may be the upstroke of a pulse. */
@unmanaged
export class Candidate {
  /** Position of the upstroke, in frames from the first pushed one. */
  sample: f64;
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
  spare: f32;
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

  // Frames
  channel: i32;
  pulse: f32;
  axisSquares: f32;
  axisX: f32;
  axisY: f32;
  axisZ: f32;
  motion: f32;
  motionRms: f32;
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

  // Slope: median of three, then the difference of two neighbouring moving sums
  before1: f32;
  before2: f32;
  half: i32;
  fineHalf: i32;
  clock: i32;

  // Levelled slope
  level: f32;
  levelGain: f32;

  // Polarity
  sign: f32;
  skew: f32;
  cube: f32;
  evidence: f32;
  evidenceGain: f32;

  // Rhythm
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

  // What pulses look like
  signal: f32;
  lnSignal: f32;
  levelCount: i32;
  intervalCount: i32;
  typicalRr: f32;
  lastBeat: f64;
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
  windowMotion: f32;
  doubtful: i32;

  pendingCount: i32;
  queueFirst: i32;
  queueCount: i32;
}

export const SLOPE: usize = (offsetof<PpgState>() + 7) & ~7;
export const FINE: usize = SLOPE + <usize>SLOPE_COUNT * 8;
export const EVEN: usize = FINE + <usize>SLOPE_COUNT * 8;
export const WORK: usize = EVEN + <usize>SLOPE_COUNT * 8;
export const LAGS: usize = WORK + <usize>SLOPE_COUNT * 4;
export const SHAPE: usize = LAGS + <usize>LAG_COUNT * 4;
export const SHARP: usize = SHAPE + <usize>SHAPE_COUNT * 4;
export const LEVELS: usize = SHARP + <usize>SHAPE_COUNT * 4;
export const INTERVALS: usize = LEVELS + <usize>MEMORY_COUNT * 4;
export const PENDING: usize = (INTERVALS + <usize>MEMORY_COUNT * 4 + 7) & ~7;
export const QUEUE: usize = PENDING + <usize>PENDING_COUNT * offsetof<Candidate>();
export const INSTANCE_BYTES: usize = QUEUE + <usize>QUEUE_COUNT * offsetof<PpgFinding>();

export function stateAt(at: usize): PpgState {
  return changetype<PpgState>(at);
}

export function candidateAt(at: usize, index: i32): Candidate {
  return changetype<Candidate>(at + PENDING + <usize>index * offsetof<Candidate>());
}

/** Number `index` of the ring at `ring`, of SLOPE_COUNT numbers. */
export function ringAt(ring: usize, index: i32): f32 {
  return load<f32>(ring + ((<usize>(index & (SLOPE_COUNT - 1))) << 2));
}

/** As `setRing` for a ring that is there twice, so that any SLOPE_COUNT of it lie in one piece. */
export function setTwice(ring: usize, index: i32, value: f32): void {
  setRing(ring, index, value);
  setRing(ring + ((<usize>SLOPE_COUNT) << 2), index, value);
}

export function setRing(ring: usize, index: i32, value: f32): void {
  store<f32>(ring + ((<usize>(index & (SLOPE_COUNT - 1))) << 2), value);
}
