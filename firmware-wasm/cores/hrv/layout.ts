// What goes into the hrv core and what comes out, byte for byte (ABI.md).

/** Flag of an interval: a gap lies between it and the previous one. */
export const FLAG_AFTER_GAP: u32 = 1;

/** One RR interval. */
@unmanaged
export class Interval {
  /** Length of the interval in ms; finite and > 0. */
  rrMs: f64;
  /** Bit 0: a gap lies between this interval and the previous one. */
  flags: u32;
  /** Must be 0. */
  reserved: u32;
}

/**
 * Time-domain heart rate variability of one window. Names and definitions are NeuroKit2's; lengths in ms, shares in per cent.
 * A value that does not exist (too few intervals, a ratio over 0) has its bit in `valid` clear and is 0.
 * @prefix HRV_ of the names in TypeScript, so that they are NeuroKit2's columns
 */
@unmanaged
export class HrvTime {
  /** Bit i set: value i exists, counted from MeanNN = 0. */
  valid: u32;
  /** Intervals in the window. */
  count: u32;
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
}
