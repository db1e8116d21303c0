// Named limits of the readers. A file that goes past one is refused with the limit's number in the message.

export const CHANNELS_MAX = 256;
export const RATE_HZ_MAX = 100_000;

/** Bytes read from disk at a time: a multiple of 3 (format 212) and of 2 (format 16), large enough to hide the call. */
export const CHUNK_BYTES = 192 * 1024;
/** Samples per chunk a text reader gives. */
export const TEXT_CHUNK_SAMPLES = 16_384;

/** A day of RR intervals on one line is about 600 kB. */
export const LINE_CHARS_MAX = 1 << 20;
export const HEADER_LINES_MAX = 1_000;
/** Lines looked at to tell columns, time unit and rate. */
export const SNIFF_LINES = 2_000;
export const SNIFF_CHARS_MAX = 4 * LINE_CHARS_MAX;

/** Samples of all signals in one WFDB frame, so that two frames always fit a chunk. */
export const WFDB_FRAME_SAMPLES_MAX = 32_768;
/** EDF recommends 61 440 bytes a record; files of 1 s records with many channels go past that. */
export const EDF_RECORD_BYTES_MAX = 16 * 1024 * 1024;
export const ANNOTATIONS_MAX = 4_000_000;

/** Missing samples are handed out in chunks of at most this many. */
export const GAP_CHUNK_SAMPLES = 16_384;
/** Longest hole between two stamped samples that is filled with NaN; a longer one is a broken clock. */
export const GAP_S_MAX = 7 * 24 * 3600;
/** The same in samples: 7 days at 100 Hz, or an hour at 17 kHz. A few bytes may not cost minutes of NaN. */
export const GAP_SAMPLES_MAX = 61_000_000;

/** Outside of this no heart made the interval: 6 to 60 000 beats a minute. */
export const RR_MS_MIN = 1;
export const RR_MS_MAX = 10_000;
