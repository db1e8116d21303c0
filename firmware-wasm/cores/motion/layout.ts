// What comes out of the motion core, byte for byte (ABI.md). What goes in are f32 numbers: frames of x, y and z in g.

/** Kind of a finding: 30 s of movement. */
export const KIND_EPOCH: u16 = 1;
/** Kind of a finding: the device was taken off. Said an hour later, when it is sure; `timeS` is when it happened. */
export const KIND_OFF_WRIST: u16 = 2;
/** Kind of a finding: the device is worn, or at least moved, again. */
export const KIND_ON_WRIST: u16 = 3;
/** Kind of a finding: frames are missing from here. Said a second later. */
export const KIND_UNUSABLE: u16 = 4;
/** Kind of a finding: frames are there again. */
export const KIND_USABLE: u16 = 5;

/** What was done: too little of the epoch is there to say. */
export const ACTIVITY_UNKNOWN: u8 = 0;
/** What was done: nothing that moves the device. */
export const ACTIVITY_STILL: u8 = 1;
/** What was done: walking, for most of the epoch. */
export const ACTIVITY_WALK: u8 = 2;
/** What was done: running, for most of the epoch. */
export const ACTIVITY_RUN: u8 = 3;
/** What was done: something else. */
export const ACTIVITY_OTHER: u8 = 4;

/** Which way up the device was: it moved too much, or too little of the epoch is there. */
export const POSTURE_UNKNOWN: u8 = 0;
/** Which way up the device was: its x axis pointed up, within 37 degrees. */
export const POSTURE_X_UP: u8 = 1;
/** Which way up the device was: its x axis pointed down. */
export const POSTURE_X_DOWN: u8 = 2;
/** Which way up the device was: its y axis pointed up. */
export const POSTURE_Y_UP: u8 = 3;
/** Which way up the device was: its y axis pointed down. */
export const POSTURE_Y_DOWN: u8 = 4;
/** Which way up the device was: its z axis pointed up. */
export const POSTURE_Z_UP: u8 = 5;
/** Which way up the device was: its z axis pointed down. */
export const POSTURE_Z_DOWN: u8 = 6;
/** Which way up the device was: between two axes. */
export const POSTURE_BETWEEN: u8 = 7;

/** Is it worn: too little of the epoch is there to say. */
export const WEAR_UNKNOWN: u16 = 0;
/** Is it worn: yes, or taken off less than an hour ago. */
export const WEAR_ON: u16 = 1;
/** Is it worn: no. */
export const WEAR_OFF: u16 = 2;

/** Flag of an epoch: the rate is below 25 Hz, so the counts lack the upper part of their band. */
export const FLAG_LOW_RATE: u16 = 1;
/** Flag of an epoch: at rest the acceleration is not 1 g, within 0.3 g: other units, or a dead sensor. No ENMO, METs or angle. */
export const FLAG_NO_GRAVITY: u16 = 2;

/** 30 s of movement, or one thing that happened. A value that does not exist is 0 and its bit is clear. */
@unmanaged
export class MotionFinding {
  /** Bit i set: value i exists, counted from countsFirst = 0. */
  valid: u32;
  /** 1 epoch, 2 off-wrist, 3 on-wrist, 4 unusable, 5 usable. */
  kind: u16;
  /** Bit 0 low rate, bit 1 no gravity. */
  flags: u16;
  /** Kind 1: end of the epoch, a multiple of 30 except the last; otherwise the moment. In s from the first frame. */
  timeS: f64;
  /** Kind 1: share of the 30 s that is there. */
  share: f32;
  /** Kind 1: what was done. */
  activity: u8;
  /** Kind 1: which way up the device was. */
  posture: u8;
  /** Kind 1: is it worn. */
  wear: u16;
  /** Activity counts of the first 15 s: z axis, 3 to 11 Hz, in the units of an Actiwatch (te Lindert & Van Someren 2013). */
  countsFirst: f64;
  /** Activity counts of the second 15 s. */
  countsSecond: f64;
  /** Euclidean norm minus one, what is below 0 counting as 0: mean in mg (van Hees 2013). Wants a calibrated sensor. */
  enmoMg: f64;
  /** Mean amplitude deviation of the norm in 5-s windows, mean of the windows in mg (Vaha-Ypya 2015). */
  madMg: f64;
  /** Angle of the z axis above the horizontal in degrees, -90 to 90, mean of the 5-s windows. */
  zAngleDeg: f64;
  /** Median size of the change of the z angle from one 5-s window to the next, over the last five minutes, in degrees. */
  zAngleChangeDeg: f64;
  /** How long, at the end of the epoch, the z angle has not changed by more than 5 degrees between 5-s windows, in s. */
  quietS: f64;
  /** Steps. Whole numbers; what is left over goes to the next epoch. */
  steps: f64;
  /** Steps a minute while walking or running. */
  cadenceSpm: f64;
  /** Seconds of walking or running. */
  gaitS: f64;
  /** Metabolic equivalents: Hildebrand 2014, adults, wrist; 1.3 (sitting) below 44.8 mg. */
  mets: f64;
}
