// What the ppg core hands out: 16 bytes per finding, as drawn in ABI.md.

/** Kind of a finding: a pulse. */
export const KIND_BEAT: u16 = 1;
/** Kind of a finding: the signal is unusable from here. */
export const KIND_UNUSABLE: u16 = 2;
/** Kind of a finding: the signal is usable again from here. */
export const KIND_USABLE: u16 = 3;
/** Kind of a finding: how good the 10 s before it were. */
export const KIND_WINDOW: u16 = 4;

/** The signal is unusable because samples are missing (not a finite number). */
export const FLAG_MISSING: u16 = 1;
/** The signal is unusable because it does not move (off the skin, sensor asleep). */
export const FLAG_FLAT: u16 = 2;
/** The signal is unusable because it stands at a rail of the converter. */
export const FLAG_CLIPPED: u16 = 4;
/** No pulse stands out of the noise. */
export const FLAG_NOISE: u16 = 8;
/** The wearer moves. */
export const FLAG_MOTION: u16 = 16;
/** The signal was found to be upside down: times before and after do not belong together. */
export const FLAG_TURNED: u16 = 32;

/** One finding of the ppg core. */
@unmanaged
export class PpgFinding {
  /** Position in frames, counted from the first pushed frame (missing ones count), a multiple of 1/1024. */
  sample: f64;
  /** Probability, 0 to 1, that the pulse (kind 1) or the pulses of the last 10 s (kind 4) are right; 0 for the other kinds. */
  quality: f32;
  /** 1 beat, 2 signal unusable from here, 3 signal usable again from here, 4 quality of the 10 s before this sample. */
  kind: u16;
  /** Bit 0 missing, bit 1 flat, bit 2 clipped, bit 3 noise, bit 4 motion, bit 5 turned. */
  flags: u16;
}
