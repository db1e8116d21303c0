// What comes out of the hrv-nonlinear core, byte for byte (ABI.md); what goes in is `Interval` of abi/interval.ts.

/** Definitions to follow: NeuroKit2's, with no value where its number says nothing (NOTES.md). */
export const PROFILE_MAIBO: i32 = 0;
/** NeuroKit2's numbers to the last. */
export const PROFILE_NEUROKIT: i32 = 1;
/** Kubios' boxes of the detrended fluctuation analysis: 4 to 12 and 13 to 64 intervals. */
export const PROFILE_KUBIOS: i32 = 2;
/** Task Force 1996 defines no non-linear index: as PROFILE_MAIBO. */
export const PROFILE_TASKFORCE: i32 = 3;
/** As PROFILE_NEUROKIT: there is nothing to normalise here. */
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
/** More intervals than indices of all pairs of them are computed for: those have no value. */
export const FLAG_LONG: u16 = 8;

/**
 * The non-linear indices of one window that are not in the core hrv, the recurrence quantification, under NeuroKit2's names and
 * definitions, and Baevsky's indices. A value that does not exist (too few intervals, a ratio over 0, too many pairs) has its bit clear and is 0.
 */
@unmanaged
export class HrvNonlinear {
  /** Bit i set: value i exists, counted from HRV_CSI = 0. */
  valid: u32;
  /** The same for the values from 32 on. */
  valid1: u32;
  /** The same for the values from 64 on. */
  valid2: u32;
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
  /** Cardiac sympathetic index: SD2 / SD1. */
  HRV_CSI: f64;
  /** Cardiac vagal index: log10(16 SD1 SD2). */
  HRV_CVI: f64;
  /** Modified cardiac sympathetic index: 4 SD2^2 / SD1, ms. */
  HRV_CSI_Modified: f64;
  /** Turns of the heart rate over intervals, share 0..1. */
  HRV_PIP: f64;
  /** 1 / mean length of the segments of accelerations or decelerations. */
  HRV_IALS: f64;
  /** Share 0..1 of segments with less than three differences. */
  HRV_PSS: f64;
  /** Share 0..1 of rows of turns with at least four turns. */
  HRV_PAS: f64;
  /** Guzik's index: share of the distances to the line of identity that decelerations have, per cent. */
  HRV_GI: f64;
  /** Slope index: share of the angles, per cent. */
  HRV_SI: f64;
  /** Area index: share of the areas, per cent. */
  HRV_AI: f64;
  /** Porta's index: share of accelerations, per cent. */
  HRV_PI: f64;
  /** Decelerations' share 0..1 of the short-term variance. */
  HRV_C1d: f64;
  /** Accelerations' share 0..1 of the short-term variance. */
  HRV_C1a: f64;
  /** Short-term deviation of decelerations, ms. */
  HRV_SD1d: f64;
  /** Short-term deviation of accelerations, ms. */
  HRV_SD1a: f64;
  /** Decelerations' share 0..1 of the long-term variance. */
  HRV_C2d: f64;
  /** Accelerations' share 0..1 of the long-term variance. */
  HRV_C2a: f64;
  /** Long-term deviation of decelerations, ms. */
  HRV_SD2d: f64;
  /** Long-term deviation of accelerations, ms. */
  HRV_SD2a: f64;
  /** Decelerations' share 0..1 of the total variance. */
  HRV_Cd: f64;
  /** Accelerations' share 0..1 of the total variance. */
  HRV_Ca: f64;
  /** Total deviation of decelerations, ms. */
  HRV_SDNNd: f64;
  /** Total deviation of accelerations, ms. */
  HRV_SDNNa: f64;
  /** Width of the singularity spectrum, short-term boxes. */
  HRV_MFDFA_alpha1_Width: f64;
  /** Strength H at the top of the spectrum, short-term boxes. */
  HRV_MFDFA_alpha1_Peak: f64;
  /** Middle between the largest and the smallest H, short-term boxes. */
  HRV_MFDFA_alpha1_Mean: f64;
  /** Dimension D at the largest H, short-term boxes. */
  HRV_MFDFA_alpha1_Max: f64;
  /** Dimension D at the largest H minus that at the smallest, short-term boxes. */
  HRV_MFDFA_alpha1_Delta: f64;
  /** Smallest H minus the peak, over the width, short-term boxes. */
  HRV_MFDFA_alpha1_Asymmetry: f64;
  /** Roughness of the exponents over the powers: squared second differences, short-term boxes. */
  HRV_MFDFA_alpha1_Fluctuation: f64;
  /** Change of the exponents over the powers: squared first differences, short-term boxes. */
  HRV_MFDFA_alpha1_Increment: f64;
  /** Width of the singularity spectrum, long-term boxes. */
  HRV_MFDFA_alpha2_Width: f64;
  /** Strength H at the top of the spectrum, long-term boxes. */
  HRV_MFDFA_alpha2_Peak: f64;
  /** Middle between the largest and the smallest H, long-term boxes. */
  HRV_MFDFA_alpha2_Mean: f64;
  /** Dimension D at the largest H, long-term boxes. */
  HRV_MFDFA_alpha2_Max: f64;
  /** Dimension D at the largest H minus that at the smallest, long-term boxes. */
  HRV_MFDFA_alpha2_Delta: f64;
  /** Smallest H minus the peak, over the width, long-term boxes. */
  HRV_MFDFA_alpha2_Asymmetry: f64;
  /** Roughness of the exponents over the powers: squared second differences, long-term boxes. */
  HRV_MFDFA_alpha2_Fluctuation: f64;
  /** Change of the exponents over the powers: squared first differences, long-term boxes. */
  HRV_MFDFA_alpha2_Increment: f64;
  /** Approximate entropy, m = 2, tolerance 0.2 of the standard deviation. */
  HRV_ApEn: f64;
  /** Shannon entropy of the lengths, bits. */
  HRV_ShanEn: f64;
  /** Fuzzy entropy, m = 2, tolerance 0.2 of the standard deviation. */
  HRV_FuzzyEn: f64;
  /** Multiscale entropy, area per scale. */
  HRV_MSEn: f64;
  /** Composite multiscale entropy, area per scale. */
  HRV_CMSEn: f64;
  /** Refined composite multiscale entropy, area per scale. */
  HRV_RCMSEn: f64;
  /** Correlation dimension. */
  HRV_CD: f64;
  /** Higuchi's fractal dimension, k = 1 to 10. */
  HRV_HFD: f64;
  /** Katz' fractal dimension. */
  HRV_KFD: f64;
  /** Lempel-Ziv complexity, 1 for a random series. */
  HRV_LZC: f64;
  /** Share 0..1 of words of three symbols without variation. */
  HRV_Symbolic_EqualProb4_0V: f64;
  /** Share 0..1 of words with one variation. */
  HRV_Symbolic_EqualProb4_1V: f64;
  /** Share 0..1 of words with two variations in the same direction. */
  HRV_Symbolic_EqualProb4_2LV: f64;
  /** Share 0..1 of words with two variations in opposite directions. */
  HRV_Symbolic_EqualProb4_2UV: f64;
  /** Share 0..1 of pairs of states that recur. */
  RecurrenceRate: f64;
  /** Slope of the logarithm of a diagonal's share of recurrences over that of its lag. */
  DiagRec: f64;
  /** Share of the recurrences that lie on diagonal lines. */
  Determinism: f64;
  /** Determinism / RecurrenceRate. */
  DeteRec: f64;
  /** Mean length of the diagonal lines, intervals. */
  L: f64;
  /** 1 / length of the longest diagonal line. */
  Divergence: f64;
  /** Shannon entropy of the lengths of the diagonal lines, nats. */
  LEn: f64;
  /** Share of the recurrences that lie on vertical lines. */
  Laminarity: f64;
  /** Mean length of the vertical lines, intervals. */
  TrappingTime: f64;
  /** Length of the longest vertical line, intervals. */
  VMax: f64;
  /** Shannon entropy of the lengths of the vertical lines, nats. */
  VEn: f64;
  /** Mean length of the vertical lines without recurrence, intervals. */
  W: f64;
  /** Length of the longest vertical line without recurrence, intervals. */
  WMax: f64;
  /** Shannon entropy of the lengths of the vertical lines without recurrence, nats. */
  WEn: f64;
  /** Baevsky's stress index (index of tension): amoPercent / (2 moS mxDMnS), per s2. No value where all intervals lie within 50 ms. */
  si: f64;
  /** Square root of `si`. */
  sqrtSi: f64;
  /** Index of vegetative balance: amoPercent / mxDMnS, per s. */
  ivr: f64;
  /** Vegetative rhythm index: 1 / (moS mxDMnS), per s2. */
  vpr: f64;
  /** Adequacy of regulation (PAPR): amoPercent / moS, per s. */
  papr: f64;
  /** Mode of the intervals, s: centre of the fullest 50-ms bin. */
  moS: f64;
  /** Share of the intervals in that bin, per cent. */
  amoPercent: f64;
  /** Longest less shortest interval, s. */
  mxDMnS: f64;
}
