// What the ecg core hands out: 16 bytes per finding, as drawn in ABI.md.

/** Kind of a finding: a heart beat. */
export const KIND_BEAT: u16 = 1;
/** Kind of a finding: the signal is unusable from here. */
export const KIND_UNUSABLE: u16 = 2;
/** Kind of a finding: the signal is usable again from here. */
export const KIND_USABLE: u16 = 3;
/** Kind of a finding: how good the 10 s before it were. */
export const KIND_WINDOW: u16 = 4;

/** Why the signal is unusable: samples are missing (not a finite number). */
export const FLAG_MISSING: u16 = 1;
/** Why the signal is unusable: it does not move (lead off, sensor asleep). */
export const FLAG_FLAT: u16 = 2;
/** Why the signal is unusable: it stands at a rail of the converter. */
export const FLAG_CLIPPED: u16 = 4;
/** Why the signal is unusable: nothing in it stands out of the noise. */
export const FLAG_NOISE: u16 = 8;

/** One finding of the ecg core. */
@unmanaged
export class EcgFinding {
  /** Position in samples, counted from the first pushed sample (missing ones count), a multiple of 1/1024. */
  sample: f64;
  /** Probability that the beat is right, or share of a window's beats that are right and there, as expected; 0 for the other kinds. */
  quality: f32;
  /** 1 beat, 2 signal unusable from here, 3 signal usable again from here, 4 end of 10 s. */
  kind: u16;
  /** Kind 2: bit 0 missing, bit 1 flat, bit 2 clipped, bit 3 noise. Otherwise 0. */
  flags: u16;
}
