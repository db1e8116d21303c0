// The first bytes of a block and its limits (cores/wave-encode/FORMAT.md).
//
//  0                                   1              2 (only after 255)
//  | version 3 | mode 2 | channels-1 3 | frames 1..254 | frames u16 |
//
// Then, in a coded block, a byte for each channel and the bytes of the range coder; in a raw block the samples.

export const FORMAT_VERSION: i32 = 1;
export const MODE_RAW: i32 = 0;
export const MODE_CODED: i32 = 1;
/** Coded, with runs of missing samples. */
export const MODE_GAPS: i32 = 2;

export const CHANNEL_COUNT_MAX: i32 = 8;
export const BLOCK_FRAMES_MAX: i32 = 4096;
/** The value of a sample that is missing, as in WFDB. */
export const MISSING_SAMPLE: i32 = -32768;
/** In the second byte: the number of frames follows in two bytes. */
export const LONG_FRAMES: i32 = 255;
/** Exp-Golomb orders: of what a symbol leaves over, and of runs. */
export const REST_ORDER: i32 = 5;
export const RUN_ORDER: i32 = 3;

/** Bytes before the channels' bytes. */
export function headBytes(frames: i32): i32 {
  return frames < LONG_FRAMES ? 2 : 4;
}

export function limitsAreGood(channelCount: i32, blockFrames: i32): bool {
  return channelCount >= 1 && channelCount <= CHANNEL_COUNT_MAX && blockFrames >= 1 && blockFrames <= BLOCK_FRAMES_MAX;
}
