// What goes into the breath-beats core and what comes out, byte for byte. A finding has the bytes of the breath core's input.

/** Kind of a finding: an ECG beat; as the breath core counts its inputs. */
export const KIND_ECG_BEAT: u16 = 2;
/** Kind of a finding: a PPG pulse; likewise. */
export const KIND_PPG_BEAT: u16 = 3;

/** A beat was lost, or could not be measured, between this one and the one before. */
export const FLAG_AFTER_GAP: u16 = 1;

/** A sample, or a beat found in the samples before. */
@unmanaged
export class BreathBeatInput {
  /** Of a sample its value, any unit; not finite: missing. Of a beat how far it lies before the next sample, in samples. */
  value: f32;
  /** Of a beat, 0 to 1: how sure its finder is; NaN: it does not say. Of a sample 0. */
  quality: f32;
  /** 0: a sample; 1: a beat. */
  isBeat: u16;
  /** Of a beat, bit 0: a gap lies between it and the one before. */
  flags: u16;
  reserved: u32;
}

/** A beat with its size. */
@unmanaged
export class BreathBeat {
  /** Its moment, s from the first sample. */
  timeS: f64;
  /** ECG: root mean square of the QRS complex over its baseline. PPG: from foot to peak. Unit of the samples. */
  value: f32;
  /** ECG: the signal before the QRS complex. PPG: the foot. Unit of the samples. */
  baseline: f32;
  /** As its finder said. */
  quality: f32;
  /** 2 ECG beat, 3 PPG pulse. */
  kind: u16;
  /** Bit 0: a gap lies between it and the one before. */
  flags: u16;
}
