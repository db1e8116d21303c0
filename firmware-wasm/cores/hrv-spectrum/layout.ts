// What comes out of the hrv-spectrum core, byte for byte (ABI.md); what goes in is `Interval` of abi/interval.ts.

/** Bands of NeuroKit2, spectrum of the Task Force: what the core hrv gives. */
export const PROFILE_MAIBO: i32 = 0;
/** NeuroKit2's numbers to the last, powers in ms2 (its normalize=False). */
export const PROFILE_NEUROKIT: i32 = 1;
/** Kubios' choices. */
export const PROFILE_KUBIOS: i32 = 2;
/** Task Force of the ESC and NASPE 1996. */
export const PROFILE_TASKFORCE: i32 = 3;
/** NeuroKit2's defaults: powers divided by the highest density. */
export const PROFILE_NEUROKIT_NORMALISED: i32 = 4;

/** How the spectrum is estimated: as the profile does. */
export const METHOD_PROFILE: i32 = 0;
/** Welch 1967. */
export const METHOD_WELCH: i32 = 1;
/** Autoregressive, order 16. */
export const METHOD_AR: i32 = 2;
/** Lomb and Scargle, of the uneven intervals themselves. */
export const METHOD_LOMB: i32 = 3;

/** The values of the window. */
export const KIND_VALUES: u16 = 1;
/** Their standard errors. */
export const KIND_ERRORS: u16 = 2;

/** Less than half of the window is covered by intervals: no values. */
export const FLAG_THIN: u16 = 1;
/** A gap lies inside the window. */
export const FLAG_GAP: u16 = 2;
/** More intervals came in the window than the instance can hold; the oldest were dropped. */
export const FLAG_OVERFLOW: u16 = 4;

/**
 * Power by frequency of one window, under NeuroKit2's names. Powers in ms2, or of the highest density where the profile normalises. A
 * value that does not exist has its bit clear and is 0.
 * @prefix HRV_ of the names in TypeScript, so that they are NeuroKit2's columns
 */
@unmanaged
export class HrvSpectrum {
  /** Bit i set: value i exists, counted from ULF = 0. */
  valid: u32;
  /** 0. */
  reserved: u32;
  /** Start of the window in ms, counted from the start of the first interval, with the gap before it if that has a length. */
  fromMs: f64;
  /** End of the window, ms. */
  toMs: f64;
  /** Share 0..1 of the window that is covered by intervals. */
  coverage: f32;
  /** Mean of the known qualities of its intervals, -1 when none is known. */
  quality: f32;
  /** Intervals in the window. */
  count: u32;
  /** Values, or their standard errors. */
  kind: u16;
  /** What to know of the window. */
  flags: u16;
  /** Power of ultra-low frequencies (bands differ by profile), ms2. */
  ULF: f64;
  /** Power of very low frequencies, ms2. */
  VLF: f64;
  /** Power from 0.04 to 0.15 Hz, ms2. */
  LF: f64;
  /** Power from 0.15 to 0.4 Hz, ms2. */
  HF: f64;
  /** Power from 0.4 to 0.5 Hz, ms2. */
  VHF: f64;
  /** Total power, ms2. */
  TP: f64;
  /** LF / HF. */
  LFHF: f64;
  /** LF as a share of the total power (profiles differ). */
  LFn: f64;
  /** HF as a share of the total power (profiles differ). */
  HFn: f64;
  /** Natural logarithm of HF. */
  LnHF: f64;
}
