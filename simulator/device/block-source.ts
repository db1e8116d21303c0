// What a virtual wearable's log holds: where its blocks come from. Small windows of the log can be read again, as a resend needs.
import type { SampleFormat, StreamInfo } from '@maibo/protocols';

export interface LogBlock {
  readonly seq: number;
  readonly firstSample: number;
  /** Device tick of the first sample, and of the moment the block is complete. */
  readonly ticks: number;
  readonly completeTicks: number;
  readonly format: SampleFormat;
  readonly samples: Uint8Array;
}

export interface BlockSource {
  /** Same input, same 20 bytes: 16 for the device, 4 for the epoch of its log. */
  readonly identity: Uint8Array;
  readonly stream: StreamInfo;
  /** Blocks of the whole log. */
  readonly blockCount: number;
  /** A block, or null behind the end of the log. */
  read(seq: number): Promise<LogBlock | null>;
}

/** The virtual device counts microseconds. */
export const TICK_RATE_HZ = 1_000_000;
