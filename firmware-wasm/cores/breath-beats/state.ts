// The instance of the breath-beats core, in bytes:
//
//  0                                            | BeatState | pending: 8 x Waiting | queue: 16 x BreathBeat | samples: f32 x ringCount |
//
// The ring holds the last 4 s and a little more; finders give beats at most 2 s late, and a beat is measured within 0.3 s around it.

import { checkInstance } from '../../abi/memory';
import { NOT_INITIALISED, OK, Status } from '../../abi/status';
import { FindingRing } from '../../dsp/finding-ring';
import { BreathBeat } from './layout';

/** First word of an instance: "BBT1". */
export const MARK: u32 = 0x31544242;

export const RATE_HZ_MIN: f32 = 20;
export const RATE_HZ_MAX: f32 = 1000;
const RING_S: f32 = 4;
export const WAITING_COUNT: i32 = 8;
export const QUEUE_COUNT: i32 = 16;

/** A beat whose samples are not all there yet. */
@unmanaged
export class Waiting {
  /** Counted from the first sample. */
  sample: f64;
  quality: f32;
  flags: u32;
}

@unmanaged
export class BeatState {
  mark: u32;
  rateHz: f32;
  /** KIND_ECG_BEAT or KIND_PPG_BEAT: what the signal is. */
  signal: i32;
  polarity: i32;
  ringCount: i32;
  flushed: u32;
  /** Samples pushed since init or reset; a whole number. */
  taken: f64;
  /** The next finding does not follow the last one. */
  afterGap: u32;
  waitingCount: i32;
  queueFirst: i32;
  queueCount: i32;
}

const WAITING: usize = offsetof<BeatState>();
export const QUEUE: usize = WAITING + <usize>WAITING_COUNT * offsetof<Waiting>();
const SAMPLES: usize = QUEUE + <usize>QUEUE_COUNT * offsetof<BreathBeat>();

/** Samples in the ring: a power of 2. */
export function ringCountOf(rateHz: f32): i32 {
  let count = 128;
  while (<f32>count < RING_S * rateHz) count <<= 1;
  return count;
}

export function instanceBytes(ringCount: i32): usize {
  return SAMPLES + ((<usize>ringCount) << 2);
}

export function stateAt(at: usize): BeatState {
  return changetype<BeatState>(at);
}

export function waitingAt(at: usize, index: i32): Waiting {
  return changetype<Waiting>(at + WAITING + <usize>index * offsetof<Waiting>());
}

/** The findings that wait to be polled, in the slots at QUEUE. */
export function ringOf(at: usize): FindingRing {
  return changetype<FindingRing>(at + offsetof<BeatState>('queueFirst'));
}

/** Place of sample `number`; of those a whole ring apart the newest is there. */
export function samplePlace(at: usize, number: f64): usize {
  return at + SAMPLES + ((<usize>(<i64>number & <i64>(stateAt(at).ringCount - 1))) << 2);
}

/** Is there a whole instance at `at`? Its size follows from its own header, so the header is checked first and then believed. */
export function checkState(at: usize): Status {
  const status = checkInstance(at, SAMPLES, MARK);
  if (status !== OK) return status;
  const state = stateAt(at);
  if (!(state.rateHz >= RATE_HZ_MIN && state.rateHz <= RATE_HZ_MAX)) return NOT_INITIALISED;
  if (state.ringCount !== ringCountOf(state.rateHz)) return NOT_INITIALISED;
  return checkInstance(at, instanceBytes(state.ringCount), MARK);
}
