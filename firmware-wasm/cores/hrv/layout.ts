// What comes out of the hrv core, byte for byte (ABI.md); what goes in is `Interval` of abi/interval.ts.

/** Definitions to follow: NeuroKit2's names and formulas with what is wrong there put right; the only one with powers (hrv-spectrum has the others'). */
export const PROFILE_MAIBO: i32 = 0;
/** NeuroKit2's numbers to the last. */
export const PROFILE_NEUROKIT: i32 = 1;
/** Kubios' choices. */
export const PROFILE_KUBIOS: i32 = 2;
/** Task Force of the ESC and NASPE 1996. */
export const PROFILE_TASKFORCE: i32 = 3;
/** As PROFILE_NEUROKIT: only powers are normalised. */
export const PROFILE_NEUROKIT_NORMALISED: i32 = 4;

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
 * Heart rate variability of one window. Names and definitions are NeuroKit2's; lengths in ms, powers in ms2, shares in per cent.
 * A value that does not exist (too few intervals, a ratio over 0) has its bit clear and is 0.
 * @prefix HRV_ of the names in TypeScript, so that they are NeuroKit2's columns
 */
@unmanaged
export class HrvIndices {
  /** Bit i set: value i exists, counted from MeanNN = 0. */
  valid: u32;
  /** The same for the values from 32 on. */
  valid1: u32;
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
  /** Mean of the intervals, ms. */
  MeanNN: f64;
  /** Standard deviation of the intervals, ms. */
  SDNN: f64;
  /** Standard deviation of the means of 1-min segments, ms; from 3 segments on. */
  SDANN1: f64;
  /** Mean of the standard deviations of 1-min segments, ms; from 3 segments on. */
  SDNNI1: f64;
  /** SDANN over 2-min segments, ms. */
  SDANN2: f64;
  /** SDNNI over 2-min segments, ms. */
  SDNNI2: f64;
  /** SDANN over 5-min segments, ms. */
  SDANN5: f64;
  /** SDNNI over 5-min segments, ms. */
  SDNNI5: f64;
  /** Root mean square of successive differences, ms. */
  RMSSD: f64;
  /** Standard deviation of successive differences, ms. */
  SDSD: f64;
  /** SDNN / MeanNN. */
  CVNN: f64;
  /** RMSSD / MeanNN. */
  CVSD: f64;
  /** Median of the intervals, ms. */
  MedianNN: f64;
  /** Median distance from the median, times 1.4826, ms. */
  MadNN: f64;
  /** MadNN / MedianNN. */
  MCVNN: f64;
  /** Interquartile range, ms. */
  IQRNN: f64;
  /** SDNN / RMSSD. */
  SDRMSSD: f64;
  /** 20th percentile, ms. */
  Prc20NN: f64;
  /** 80th percentile, ms. */
  Prc80NN: f64;
  /** Share of successive differences above 50 ms, per cent. */
  pNN50: f64;
  /** Share of successive differences above 20 ms, per cent. */
  pNN20: f64;
  /** Shortest interval, ms. */
  MinNN: f64;
  /** Longest interval, ms. */
  MaxNN: f64;
  /** Triangular index: intervals over the height of their histogram's highest bin (1/128 s wide). */
  HTI: f64;
  /** Base of the triangle that fits the histogram best, ms. */
  TINN: f64;
  /** Power below 0.0033 Hz, ms2. */
  ULF: f64;
  /** Power from 0.0033 to 0.04 Hz, ms2. */
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
  /** Poincare plot: spread across the line of identity, ms. */
  SD1: f64;
  /** Poincare plot: spread along the line of identity, ms. */
  SD2: f64;
  /** SD1 / SD2. */
  SD1SD2: f64;
  /** Area of the ellipse with the half axes SD1 and SD2, ms2. */
  S: f64;
  /** Detrended fluctuation analysis: short-term exponent. */
  DFA_alpha1: f64;
  /** Detrended fluctuation analysis: long-term exponent. */
  DFA_alpha2: f64;
  /** Sample entropy, m = 2, tolerance 0.2 of the standard deviation. */
  SampEn: f64;
}
