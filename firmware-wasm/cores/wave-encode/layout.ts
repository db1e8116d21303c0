// What a caller of the wave-encode core needs to know beside the verbs.

/** A sample of this value is missing. */
export const MISSING: i16 = -32768;
/** Most channels of an instance. */
export const CHANNELS_MAX: i32 = 8;
/** Longest block, in frames. */
export const FRAMES_MAX: i32 = 4096;
/** A block is never longer than its samples (two bytes each) and this many bytes. */
export const OVERHEAD_BYTES_MAX: i32 = 4;
