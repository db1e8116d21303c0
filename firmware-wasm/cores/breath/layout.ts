// What goes into the breath core and what comes out, byte for byte (ABI.md).

/** Kind of an input: an RR interval; `timeS` is its end, `value` its length in ms. */
export const INPUT_KIND_RR: u16 = 1;
/** Kind of an input: an ECG beat; `value` is the height of its R peak over `baseline`. */
export const INPUT_KIND_ECG_BEAT: u16 = 2;
/** Kind of an input: a PPG pulse; `value` is its height over `baseline`, its foot. */
export const INPUT_KIND_PPG_BEAT: u16 = 3;
/** Kind of an input: a sample of a respiration signal. */
export const INPUT_KIND_RESPIRATION: u16 = 4;

/** The input does not follow the previous one of its kind: a gap lies between. */
export const INPUT_FLAG_AFTER_GAP: u16 = 1;

/** No fused rate: less than half of the window is there, or no source has enough of it. */
export const REASON_SHORT: u32 = 1;
/** No fused rate: the sources, or the peaks within one, name rates that are far apart. */
export const REASON_DISAGREE: u32 = 2;
/** No fused rate: nothing in the breathing range stands out. */
export const REASON_APERIODIC: u32 = 4;
/** RR intervals look like seconds; they are in ms, so none of them was used. */
export const REASON_SECONDS: u32 = 8;

/** One moment of one source. */
@unmanaged
export class BreathInput {
  /** The moment, s, on the clock that all kinds share; of an interval its end, of a beat the beat. */
  timeS: f64;
  /** RR: length, ms. Beats: height over the baseline, any unit. Respiration: the sample, any unit, inspiration up. */
  value: f32;
  /** Beats: the signal under the beat, any unit. Otherwise 0. */
  baseline: f32;
  /** How sure the source is of it, 0 to 1; NaN: it does not say. */
  quality: f32;
  /** 1 RR interval, 2 ECG beat, 3 PPG pulse, 4 respiration sample. */
  kind: u16;
  /** Bit 0: a gap lies between this input and the previous one of its kind. */
  flags: u16;
}

/** Breathing in the window that ends at `timeS`; one every 10 s. */
@unmanaged
export class BreathFinding {
  /** Bit i: value i exists. */
  valid: u32;
  /** Why there is no fused rate. Bit 0: too little of the window; 1: the sources disagree; 2: nothing is periodic; 3: RR in seconds. */
  why: u32;
  /** Probability that the fused rate is right to 2 breaths/min, 0 to 1, whether or not it was good enough to be given. */
  quality: f32;
  /** Share of the window that the best source covers, 0 to 1. */
  covered: f32;
  /** Sources with enough of the window to be looked at, respiration aside. */
  sourceCount: u16;
  /** Sources that by themselves give the fused rate, to 2 breaths/min. */
  agreeCount: u16;
  /** Inputs since the last finding that were not used: not finite, out of range or out of order. */
  ignoredCount: u32;
  /** End of the window, s. */
  timeS: f64;
  /** Breathing rate from all sources but respiration, breaths/min. */
  rateBrpm: f64;
  /** Standard error of `rateBrpm`, breaths/min. */
  standardErrorBrpm: f64;
  /** Rate from RR intervals alone, breaths/min. */
  rrBrpm: f64;
  /** Rate from the heights of ECG beats alone, breaths/min. */
  ecgHeightBrpm: f64;
  /** Rate from the baseline under ECG beats alone, breaths/min. */
  ecgBaselineBrpm: f64;
  /** Rate from the heights of PPG pulses alone, breaths/min. */
  ppgHeightBrpm: f64;
  /** Rate from the feet of PPG pulses alone, breaths/min. */
  ppgBaselineBrpm: f64;
  /** Rate from the intervals between PPG pulses alone, breaths/min. */
  ppgIntervalBrpm: f64;
  /** Rate of the respiration signal, breaths/min; never part of `rateBrpm`. */
  respirationBrpm: f64;
}
