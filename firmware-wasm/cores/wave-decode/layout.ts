// What a caller of the wave-decode core needs to know beside the verbs.

/** A sample of this value is missing. */
export const MISSING: i16 = -32768;
/** Most channels of an instance. */
export const CHANNELS_MAX: i32 = 8;
/** Longest block, in frames. */
export const FRAMES_MAX: i32 = 4096;
