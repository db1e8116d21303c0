// What goes into the stress core and what comes out, byte for byte (ABI.md).

/** Sensor beside the heart, for `init`: acceleration. */
export const SENSOR_MOTION: i32 = 1;
/** Sensor beside the heart, for `init`: electrodermal activity. */
export const SENSOR_EDA: i32 = 2;
/** Sensor beside the heart, for `init`: skin temperature. */
export const SENSOR_TEMPERATURE: i32 = 4;

/** Kind of an input: an RR interval; `x` its length in ms, `y` its quality, `timeS` its end. */
export const INPUT_KIND_INTERVAL: u16 = 1;
/** Kind of an input: acceleration; `x`, `y`, `z` in g. */
export const INPUT_KIND_ACCELERATION: u16 = 2;
/** Kind of an input: electrodermal activity; `x` in microsiemens. */
export const INPUT_KIND_EDA: u16 = 3;
/** Kind of an input: skin temperature; `x` in degrees Celsius. */
export const INPUT_KIND_TEMPERATURE: u16 = 4;

/** Flag of an interval: a gap lies between it and the previous one. */
export const INPUT_FLAG_AFTER_GAP: u16 = 1;

/** Flag of a finding: less than five minutes of heart rate are known, so the person's own baseline is young. */
export const FLAG_WARMING_UP: u16 = 1;
/** Flag of a finding: too few good intervals; no probability. */
export const FLAG_TOO_FEW_BEATS: u16 = 2;
/** Flag of a finding: sustained movement now or a moment ago; no probability. */
export const FLAG_EXERCISE: u16 = 4;
/** Flag of a finding: the heart beats faster than mental stress makes it, or its intervals are all the same; no probability. */
export const FLAG_NOT_PLAUSIBLE: u16 = 8;
/** Flag of a finding: a sensor that `init` was told of gave nothing; its part of the probability is 0. */
export const FLAG_SENSOR_MISSING: u16 = 16;
/** Flag of a finding: there are artefacts among the intervals of the indices; they were left out. */
export const FLAG_ARTEFACTS: u16 = 32;

/** One thing that was measured. */
@unmanaged
export class StressInput {
  /** Time in s from the start of the recording, 0 to 1e9; never less than that of the input before. */
  timeS: f64;
  /** What the kind says; NaN, or outside what a body can give: missing. */
  x: f32;
  /** Quality 0..1 of an interval, NaN unknown; second axis of an acceleration. */
  y: f32;
  /** Third axis of an acceleration. */
  z: f32;
  /** 1 interval, 2 acceleration, 3 EDA, 4 skin temperature. */
  kind: u16;
  /** Bit 0, intervals only: a gap lies between this interval and the previous one. */
  flags: u16;
}

/** Stress of the minute before `timeS`, and the indices of the five minutes before it. A value that does not exist is 0 and its bit is clear. */
@unmanaged
export class StressFinding {
  /** Bit i set: value i exists, counted from probability = 0. */
  valid: u32;
  /** Good intervals in the last five minutes. */
  count: u32;
  /** End of the window in s, a multiple of 30. */
  timeS: f64;
  /** Share 0..1 of the last five minutes that good intervals cover. */
  coverage: f32;
  flags: u16;
  reserved: u16;
  /** Probability of mental stress, 0..1. */
  probability: f64;
  /** What the heart rate adds to the log-odds of the probability. */
  byHeartRate: f64;
  /** What the variability of the intervals adds to the log-odds. */
  byVariability: f64;
  /** What movement adds to the log-odds. */
  byMotion: f64;
  /** What electrodermal activity adds to the log-odds. */
  byEda: f64;
  /** What skin temperature adds to the log-odds. */
  byTemperature: f64;
  /** What all of them are added to: the log-odds of a person of whom nothing is known. */
  byNothing: f64;
  /** Heart rate, bpm, weighted towards the end of the window. */
  heartRateBpm: f64;
  /** Baevsky's stress index (index of tension, IN): amoPercent / (2 moS mxDMnS), per s2. */
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
  /** Root mean square of successive differences, ms. */
  rmssdMs: f64;
  /** Parasympathetic side: mean z of mean RR, RMSSD and SD1 (n.u.) against the norms of Nunan 2010. */
  pns: f64;
  /** Sympathetic side: mean z of heart rate, sqrt SI and SD2 (n.u.) against the norms. */
  sns: f64;
  /** As `pns`, against the person's own windows of the last hour. */
  pnsOwn: f64;
  /** As `sns`, against the person's own windows of the last hour. */
  snsOwn: f64;
}
