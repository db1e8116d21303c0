// The instance of the sleep core, in bytes:
//
//  0            | FEATURES | PROBABILITIES | SAMPLES         | WINDOW    | CHANNELS                                                      |
//  | SleepState | f64 x 64 | f64 x 4       | RR 2 Hz, f32 x 1024 | f64 x 616 | activity, spread, 16 of a spectrum: f32 x epochCountMax each |
//
// WINDOW holds the window of a spectrum while that is taken; when an epoch is judged, a tally and sharp activity (order.ts, sharp.ts).
// A channel holds one value an epoch, NaN where nothing was measured. Behind the channels of the features lie those of what a device
// measures, in the same way: two counts, two heart rates, the two filtered, and the spread before it is scaled (raw-features.ts).

/** First word of an instance: "SLP1". */
export const MARK: u32 = 0x31504c53;

export const EPOCH_S: f64 = 30;
export const CHANNEL_ACTIVITY: i32 = 0;
export const CHANNEL_SPREAD: i32 = 1;
/** The first of the sixteen of a spectrum (spectrum.ts). */
export const CHANNEL_SPECTRUM: i32 = 2;
export const SPECTRUM_COUNT: i32 = 16;
export const CHANNEL_COUNT: i32 = CHANNEL_SPECTRUM + SPECTRUM_COUNT;
/** Slots of 15 s, two an epoch. */
export const SLOT_S: f64 = 15;
export const COUNT_FIRST: i32 = CHANNEL_COUNT;
export const RATE_FIRST: i32 = COUNT_FIRST + 2;
export const FILTERED_FIRST: i32 = RATE_FIRST + 2;
export const SPREAD_RAW: i32 = FILTERED_FIRST + 2;
export const ROW_COUNT: i32 = SPREAD_RAW + 1;
/** RR intervals at 2 Hz. */
export const SAMPLE_RATE_HZ: f64 = 2;
export const SAMPLES_PER_EPOCH: i32 = 60;
export const SAMPLE_COUNT: i32 = 1024;
export const WINDOW_COUNT: i32 = 512;
export const POWER_COUNT_MAX: i32 = 104;
export const FEATURE_COUNT_MAX: i32 = 64;

@unmanaged
export class SleepState {
  mark: u32;
  epochCountMax: i32;
  mode: i32;
  flushed: i32;
  /** Epochs from 0 to the last input's, which is still being filled until `flush`. */
  epochCount: i32;
  /** The next epoch to be polled. */
  nextEpoch: i32;
  lastS: f64;
  /** The next epoch whose spectrum is to be taken. */
  nextSpectrum: i32;
  /** Samples of RR written since the start, the last SAMPLE_COUNT of them kept. */
  sampleCount: i32;
  /** The last good interval and its end; 0 before there is one. */
  intervalMs: f64;
  intervalEndS: f64;
  /** What an interval is compared with, ms, and how many in a row did not fit. */
  usualMs: f64;
  misfitCount: i32;
  /** Was there a count; a heart rate, measured or from intervals; a measured one? */
  hasCounts: i32;
  hasRates: i32;
  hasMeasuredRates: i32;
  /** The slot that heart rates fall into, and those in it. */
  rateSlot: i32;
  rateCount: i32;
  rateSum: f32;
  reserved: i32;
}

export const FEATURES: usize = (offsetof<SleepState>() + 7) & ~7;
export const PROBABILITIES: usize = FEATURES + <usize>(FEATURE_COUNT_MAX * 8);
export const SAMPLES: usize = PROBABILITIES + 32;
export const WINDOW: usize = SAMPLES + <usize>(SAMPLE_COUNT * 4);
export const CHANNELS: usize = WINDOW + <usize>((WINDOW_COUNT + POWER_COUNT_MAX) * 8);

export function instanceBytes(epochCountMax: i32): usize {
  return (CHANNELS + <usize>(ROW_COUNT * epochCountMax * 4) + 7) & ~7;
}

/** Where the features of an epoch are written: for the trainer, which reads them there. */
export function featuresAt(at: usize): usize {
  return at + FEATURES;
}

export function stateAt(at: usize): SleepState {
  return changetype<SleepState>(at);
}

export function placeOf(at: usize, channel: i32, epoch: i32): usize {
  return at + CHANNELS + ((<usize>(channel * stateAt(at).epochCountMax + epoch)) << 2);
}

export function channelValue(at: usize, channel: i32, epoch: i32): f64 {
  return load<f32>(placeOf(at, channel, epoch));
}

export function setValue(at: usize, channel: i32, epoch: i32, value: f64): void {
  store<f32>(placeOf(at, channel, epoch), <f32>value);
}
