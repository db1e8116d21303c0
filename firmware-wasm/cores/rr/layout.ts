// What goes into the rr core and what comes out, byte for byte (ABI.md).

/** Kind of a finding: an original interval, or one that was inserted. */
export const KIND_INTERVAL: u16 = 1;
/** Kind of a finding: how irregular the last beats were. */
export const KIND_RHYTHM: u16 = 2;
/** Kind of a finding: an interval longer than `pauseMs`. */
export const KIND_PAUSE: u16 = 3;
/** Kind of a finding: a bradycardia, 30 s long so far. */
export const KIND_BRADYCARDIA: u16 = 4;
/** Kind of a finding: the bradycardia is over. */
export const KIND_BRADYCARDIA_END: u16 = 5;
/** Kind of a finding: a tachycardia, 30 s long so far. */
export const KIND_TACHYCARDIA: u16 = 6;
/** Kind of a finding: the tachycardia is over. */
export const KIND_TACHYCARDIA_END: u16 = 7;

/** What the interval is taken for: from sinus beat to sinus beat. */
export const ARTEFACT_NORMAL: u8 = 0;
/** What the interval is taken for: it ends or begins at a beat that came too early or too late. */
export const ARTEFACT_ECTOPIC: u8 = 1;
/** What the interval is taken for: beats were not detected in it. */
export const ARTEFACT_MISSED: u8 = 2;
/** What the interval is taken for: a part of an interval, cut by a beat that was none. */
export const ARTEFACT_EXTRA: u8 = 3;
/** What the interval is taken for: too long, and no beat in another place explains it. */
export const ARTEFACT_LONG: u8 = 4;
/** What the interval is taken for: too short, and no beat in another place explains it. */
export const ARTEFACT_SHORT: u8 = 5;

/** What was done: nothing. */
export const ACTION_KEPT: u8 = 0;
/** What was done: the beat between this interval and its neighbour was moved. */
export const ACTION_MOVED: u8 = 1;
/** What was done: beats were inserted; this is the first part. */
export const ACTION_SPLIT: u8 = 2;
/** What was done: a further part of the interval that was split. */
export const ACTION_INSERTED: u8 = 3;
/** What was done: the beat at one end was removed; the time is in one of the neighbours. */
export const ACTION_MERGED: u8 = 4;
/** What was done: kept in time, but it is no interval between sinus beats; leave it out of heart rate variability. */
export const ACTION_EXCLUDED: u8 = 5;
/** What was done: nothing, because the rhythm is irregular. */
export const ACTION_WITHHELD: u8 = 6;

/** The rhythm around: too few beats to say. */
export const RHYTHM_UNKNOWN: u16 = 0;
/** The rhythm around: regular enough to be sinus rhythm. */
export const RHYTHM_REGULAR: u16 = 1;
/** The rhythm around: irregular, as in atrial fibrillation. */
export const RHYTHM_IRREGULAR: u16 = 2;

/** The interval does not follow the previous one: a gap, or an interval that is left out, lies between. */
export const FLAG_AFTER_GAP: u32 = 1;

/** One RR interval from any beat source. */
@unmanaged
export class RrInput {
  /** Length of the interval in ms; > 0 and at most 10^9. */
  rrMs: f64;
  /** How sure the source is of it, 0 to 1; NaN: it does not say. */
  quality: f32;
  /** Bit 0: a gap lies between this interval and the previous one. */
  flags: u32;
}

/** One finding of the rr core. */
@unmanaged
export class RrFinding {
  /** Kind 1: the original interval, 0 for an inserted one. Kind 3: the interval. Otherwise 0. */
  rrMs: f64;
  /** Kind 1: the corrected interval, 0 for one that was merged into a neighbour. Otherwise 0. */
  correctedMs: f64;
  /** Kinds 1 and 3: end of the original interval; 2: end of the window; 4 to 7: when the episode began or ended. Sum of intervals, s. */
  timeS: f64;
  /** The original interval, counted from 0, at whose decision the finding arose. */
  index: u32;
  /** Kind 1: quality of the source, -1 if unknown; 2: probability of an irregular rhythm; 3: length, s; 4 to 7: mean rate, bpm. */
  value: f32;
  /** 1 interval, 2 rhythm, 3 pause, 4 and 5 bradycardia and its end, 6 and 7 tachycardia and its end. */
  kind: u16;
  /** Kinds 1 and 3: what the interval is taken for. */
  artefact: u8;
  /** Kinds 1 and 3: what was done with it. */
  action: u8;
  /** The rhythm around: 0 unknown, 1 regular, 2 irregular. */
  rhythm: u16;
  /** Bit 0 (kind 1): this corrected interval does not follow the one before. */
  flags: u16;
}
