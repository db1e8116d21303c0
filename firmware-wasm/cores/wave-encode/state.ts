// The instance of the wave-encode core, in bytes, for c channels and blocks of n frames:
//
//  0                  48        48 + 56 c               48 + 200 c (rounded up to 8)
//  | WaveEncodeState  | c Plans | c WaveChannels (144)  | 2 c n samples |

import { CHANNEL_BYTES } from '../../dsp/wave/channel';
import { ROW_COUNT } from '../../dsp/wave/tables';

/** First word of an instance: "WVE1". */
export const MARK: u32 = 0x31455657;

@unmanaged
export class WaveEncodeState {
  mark: u32;
  flushed: i32;
  channelCount: i32;
  blockFrames: i32;
  /** Samples in the block so far. */
  sampleCount: i32;
  /** What the block holds is missing somewhere. */
  hasGaps: i32;
  reserved0: i32;
  reserved1: i32;
  /** The range coder while a block is written: a RangeEncoder. */
  coderLow: u32;
  coderRange: u32;
  coderCount: i32;
  reserved2: i32;
}

/** What the encoder decides for a channel, and from what. Followed by the score of each row. */
@unmanaged
export class Plan {
  row: i32;
  scale: i32;
  /** Sum of |error| over the block, 1/16, and how many. */
  errorSum: i32;
  errorCount: i32;
  /** Samples left of the run of present or missing ones. */
  run: i32;
  /** The row that is tried next. */
  turn: i32;
}

const PLANS: usize = offsetof<WaveEncodeState>();
export const PLAN_BYTES: usize = offsetof<Plan>() + <usize>(4 * ROW_COUNT);

export function stateAt(at: usize): WaveEncodeState {
  return changetype<WaveEncodeState>(at);
}

export function coderAt(at: usize): usize {
  return at + offsetof<WaveEncodeState>('coderLow');
}

export function planAt(at: usize, channel: i32): Plan {
  return changetype<Plan>(at + PLANS + <usize>channel * PLAN_BYTES);
}

/** Scores of a channel's rows, i32 each: the lower, the better it predicts. */
export function scoresAt(at: usize, channel: i32): usize {
  return at + PLANS + <usize>channel * PLAN_BYTES + offsetof<Plan>();
}

export function channelAt(at: usize, channel: i32): usize {
  return at + PLANS + <usize>stateAt(at).channelCount * PLAN_BYTES + <usize>channel * CHANNEL_BYTES;
}

export function samplesAt(at: usize): usize {
  return at + samplesOffset(stateAt(at).channelCount);
}

function samplesOffset(channelCount: i32): usize {
  return (PLANS + <usize>channelCount * (PLAN_BYTES + CHANNEL_BYTES) + 7) & ~7;
}

export function instanceBytes(channelCount: i32, blockFrames: i32): usize {
  return (samplesOffset(channelCount) + 2 * <usize>(channelCount * blockFrames) + 7) & ~7;
}
