// What goes into the sleep core and what comes out, byte for byte (ABI.md).

/** Mode, for `init`: each epoch as soon as the one after it has ended; nothing later is looked at. */
export const MODE_LIVE: i32 = 0;
/** Mode, for `init`: all epochs after `flush`, each in the light of the whole night. */
export const MODE_MORNING: i32 = 1;

/** Kind of an input: activity of an epoch, in counts as Walch 2019 smooths them. */
export const INPUT_KIND_ACTIVITY: u16 = 1;
/** Kind of an input: windowed spread of the normalised heart rate of an epoch, as Walch 2019 defines it. */
export const INPUT_KIND_HEART_SPREAD: u16 = 2;
/** Kind of an input: an RR interval in ms, at its end. */
export const INPUT_KIND_INTERVAL: u16 = 3;
/** Kind of an input: activity count of 15 s, as the core `motion` gives two an epoch; the core smooths them itself. */
export const INPUT_KIND_COUNT: u16 = 4;
/** Kind of an input: heart rate in beats a minute, any number of them; the core computes the spread itself. */
export const INPUT_KIND_HEART_RATE: u16 = 5;

/** Bit of a finding: activity was used. */
export const SOURCE_ACTIVITY: u16 = 1;
/** Bit of a finding: the spread of the heart rate was used. */
export const SOURCE_HEART_SPREAD: u16 = 2;
/** Bit of a finding: RR intervals were used. */
export const SOURCE_INTERVALS: u16 = 4;

/** Stage: wake. */
export const STAGE_WAKE: u16 = 0;
/** Stage: N1 or N2; of two or three classes, sleep or NREM. */
export const STAGE_LIGHT: u16 = 1;
/** Stage: N3. */
export const STAGE_DEEP: u16 = 2;
/** Stage: REM. */
export const STAGE_REM: u16 = 3;
/** Stage: nothing was measured around this epoch. */
export const STAGE_UNKNOWN: u16 = 4;

/** One thing that was measured. */
@unmanaged
export class SleepInput {
  /**
   * Time in s from the start of the recording: of an epoch or a count its start, of an interval its end; never less than that of the input
   * before. A count may be 60 s late, as it is known when its epoch has ended.
   */
  timeS: f64;
  /** What the kind says; NaN: missing. */
  value: f32;
  /** 1 activity, 2 spread of the heart rate, 3 RR interval, 4 count, 5 heart rate. */
  kind: u16;
  reserved: u16;
}

/** An epoch of 30 s. */
@unmanaged
export class SleepFinding {
  /** Start of the epoch, s. */
  timeS: f64;
  /** Probability of wake, 0..1; the four add up to 1, or are all 0 where the stage is unknown. */
  wake: f32;
  /** Probability of N1 or N2. */
  light: f32;
  /** Probability of N3. */
  deep: f32;
  /** Probability of REM. */
  rem: f32;
  /** Stage if only wake and sleep are told apart. */
  stage2: u16;
  /** Stage if wake, NREM and REM are told apart. */
  stage3: u16;
  /** Stage if wake, light, deep and REM are told apart. */
  stage4: u16;
  /** What was used: 1 activity, 2 spread of the heart rate, 4 RR intervals, or their sum. */
  used: u16;
}
