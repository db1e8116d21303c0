// The instance of the wave-decode core, in bytes, for c channels and blocks of up to n frames:
//
//  0                  52          52 + 8 c             52 + 152 c (rounded up to 8)
//  | WaveDecodeState  | c Runs    | c WaveChannels     | 2 c n samples |

import { CHANNEL_BYTES } from '../../dsp/wave/channel';

/** First word of an instance: "WVD1". */
export const MARK: u32 = 0x31445657;

@unmanaged
export class WaveDecodeState {
  mark: u32;
  flushed: i32;
  channelCount: i32;
  blockFrames: i32;
  /** Samples of the last block, and how many of them were polled. */
  sampleCount: i32;
  polledCount: i32;
  /** The block that is being read has gaps, and so many frames. */
  hasGaps: i32;
  frames: i32;
  /** The range coder while a block is read: a RangeDecoder. */
  coderCode: u32;
  coderRange: u32;
  coderPart: u32;
  coderCount: i32;
  coderSize: i32;
}

/** The run of present or missing samples that a channel is in. */
@unmanaged
export class Run {
  left: i32;
  isMissing: i32;
}

const RUNS: usize = offsetof<WaveDecodeState>();

export function stateAt(at: usize): WaveDecodeState {
  return changetype<WaveDecodeState>(at);
}

export function coderAt(at: usize): usize {
  return at + offsetof<WaveDecodeState>('coderCode');
}

export function runAt(at: usize, channel: i32): Run {
  return changetype<Run>(at + RUNS + <usize>channel * offsetof<Run>());
}

export function channelAt(at: usize, channel: i32): usize {
  return at + RUNS + <usize>stateAt(at).channelCount * offsetof<Run>() + <usize>channel * CHANNEL_BYTES;
}

export function samplesAt(at: usize): usize {
  return at + samplesOffset(stateAt(at).channelCount);
}

function samplesOffset(channelCount: i32): usize {
  return (RUNS + <usize>channelCount * (offsetof<Run>() + CHANNEL_BYTES) + 7) & ~7;
}

export function instanceBytes(channelCount: i32, blockFrames: i32): usize {
  return (samplesOffset(channelCount) + 2 * <usize>(channelCount * blockFrames) + 7) & ~7;
}
