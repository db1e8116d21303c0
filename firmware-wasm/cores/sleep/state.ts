// The instance of the sleep core, in bytes:
//
//  0            | STATS     | TALLIES      | RATE_TALLY | WINDOW | SAMPLES            | WRIST              | RAW         | SPECTRUM          |
//  | SleepState | f32 x 2 x | u16 x 256 x  | u16 x 512  | 2048   | RR at 2 Hz, u16 x  | activity, spread:  | counts and  | 16 channels:      |
//  |            | 16        | 2            |            |        | 512 or 1024        | u16 x 128 each     | rates: u16  | u16 x 32 each     |
//
// A row holds a code (codes.ts) of an epoch. RAW: counts, heart rates and the
// filtered ones of slots of 15 s, 128 of each. Live, no model
// looks back further than the rows reach, and what is older is in STATS and TALLIES; so they are rings. In the morning each row has
// `epochCountMax` epochs. WINDOW: a spectrum while that is taken; when an epoch is judged, what features.ts, sharp.ts and network.ts note.

import { MODE_LIVE } from './layout';

/** First word of an instance: "SLP2". */
export const MARK: u32 = 0x32504c53;

export const EPOCH_S: i32 = 30;
/** Slots of 15 s, two an epoch. */
export const SLOT_S: i32 = 15;
/** Rows of the wrist. */
export const ACTIVITY: i32 = 0;
export const SPREAD: i32 = 1;
const WRIST_ROWS: i32 = 2;
/** Raw rows, two slots an epoch. */
export const COUNTS: i32 = 0;
export const RATES: i32 = 1;
export const FILTERED: i32 = 2;
export const RAW_ROWS: i32 = 3;
export const SPECTRUM_COUNT: i32 = 16;
/** RR intervals at 2 Hz. */
export const SAMPLES_PER_EPOCH: i32 = 60;
export const WINDOW_COUNT: i32 = 512;
export const BIN_COUNT: i32 = 256;
export const RATE_BIN_COUNT: i32 = 512;

/** Live: epochs that the rows of the wrist, the raw ones and those of spectra reach back; powers of two. */
const WRIST_EPOCHS: i32 = 128;
const RAW_EPOCHS: i32 = 64;
const SPECTRUM_EPOCHS: i32 = 32;
const LIVE_SAMPLES: i32 = 512;
/** The window of a morning's spectrum reaches further ahead. */
const MORNING_SAMPLES: i32 = 1024;
/** Live: epochs that may have begun after the next to be polled, which looks back 120. */
export const AHEAD_MAX: i32 = 8;

@unmanaged
export class SleepState {
  mark: u32;
  epochCountMax: i32;
  mode: i32;
  flushed: i32;
  lastS: f64;
  /** End of the last good interval, ticks. */
  intervalEndTicks: i64;
  /** Epochs from 0 to the last input's, which is still being filled until `flush`. */
  epochCount: i32;
  /** The next epoch to be polled. */
  nextEpoch: i32;
  /** The next epoch whose spectrum is to be taken, that is to be counted in STATS, and that is to be tallied. */
  nextSpectrum: i32;
  nextCounted: i32;
  nextTallied: i32;
  /** Spectra in STATS. */
  countedSpectra: i32;
  /** Samples of RR written since the start. */
  sampleCount: i32;
  /** The last good interval, 0 before there is one; what it is compared with; how many in a row did not fit. */
  intervalMs: f32;
  usualMs: f32;
  misfitCount: i32;
  /** Was there a count; a measured heart rate; and where does the spread come from (SPREAD_*)? */
  hasCounts: i32;
  hasMeasuredRates: i32;
  spreadSource: i32;
  /** The slot that heart rates fall into, and those in it. */
  rateSlot: i32;
  rateCount: i32;
  rateSum: f32;
  /** Codes of the tallied heart rates: their sum and number. */
  talliedRateSum: u32;
  talliedRateCount: i32;
  /** The unit of the spread: 90th percentile of what was seen so far; 0 unknown. */
  rateScale: f32;
  /** Epochs of a row, and a mask for their numbers. */
  wristEpochs: i32;
  wristMask: i32;
  rawSlots: i32;
  rawMask: i32;
  spectrumEpochs: i32;
  spectrumMask: i32;
  sampleMask: i32;
}

export const SPREAD_NONE: i32 = 0;
/** As features of epochs. */
export const SPREAD_GIVEN: i32 = 1;
/** From heart rates: its row holds logarithms of deviations in beats a minute, whose unit changes with the night. */
export const SPREAD_FROM_RATES: i32 = 2;

export const STATS: usize = (offsetof<SleepState>() + 7) & ~7;
export const TALLIES: usize = STATS + <usize>(SPECTRUM_COUNT * 8);
export const RATE_TALLY: usize = TALLIES + <usize>(2 * BIN_COUNT * 2);
export const WINDOW: usize = RATE_TALLY + <usize>(RATE_BIN_COUNT * 2);
const WINDOW_BYTES: usize = <usize>(WINDOW_COUNT * 4);
export const FEATURE_COUNT_MAX: i32 = 64;
/** At the end of the window: nothing else of an epoch that is judged reaches so far. */
export const FEATURES: usize = WINDOW + WINDOW_BYTES - <usize>(FEATURE_COUNT_MAX * 4);
export const SAMPLES: usize = WINDOW + WINDOW_BYTES;

/** Bytes of an instance before its samples and rows. */
export const FIXED_BYTES: usize = SAMPLES;

export function instanceBytes(epochCountMax: i32, mode: i32): usize {
  const isLive = mode === MODE_LIVE;
  const rows = isLive
    ? WRIST_ROWS * WRIST_EPOCHS + 2 * RAW_ROWS * RAW_EPOCHS + SPECTRUM_COUNT * SPECTRUM_EPOCHS
    : (WRIST_ROWS + 2 * RAW_ROWS + SPECTRUM_COUNT) * epochCountMax;
  return (SAMPLES + <usize>(2 * (rows + (isLive ? LIVE_SAMPLES : MORNING_SAMPLES))) + 7) & ~7;
}

/** Says how far the rows of an instance reach. */
export function divideRows(state: SleepState): void {
  const isLive = state.mode === MODE_LIVE;
  const all = state.epochCountMax;
  state.wristEpochs = isLive ? WRIST_EPOCHS : all;
  state.rawSlots = 2 * (isLive ? RAW_EPOCHS : all);
  state.spectrumEpochs = isLive ? SPECTRUM_EPOCHS : all;
  state.wristMask = isLive ? WRIST_EPOCHS - 1 : -1;
  state.rawMask = isLive ? 2 * RAW_EPOCHS - 1 : -1;
  state.spectrumMask = isLive ? SPECTRUM_EPOCHS - 1 : -1;
  state.sampleMask = (isLive ? LIVE_SAMPLES : MORNING_SAMPLES) - 1;
}

export function stateAt(at: usize): SleepState {
  return changetype<SleepState>(at);
}

/** Where the features of an epoch are written: for the trainer, which reads them there. */
export function featuresAt(at: usize): usize {
  return at + FEATURES;
}

export function samplePlace(at: usize, index: i32): usize {
  return at + SAMPLES + ((<usize>(index & stateAt(at).sampleMask)) << 1);
}

export function wristPlace(at: usize, row: i32, epoch: i32): usize {
  const state = stateAt(at);
  return samplesEnd(at) + ((<usize>(row * state.wristEpochs + (epoch & state.wristMask))) << 1);
}

/** Where a raw row begins: whoever reads many slots of it masks their numbers with `rawMask`. */
export function rawRow(at: usize, row: i32): usize {
  const state = stateAt(at);
  return samplesEnd(at) + ((<usize>(WRIST_ROWS * state.wristEpochs + row * state.rawSlots)) << 1);
}

/** Where a channel's row begins, in which an epoch stands at its number masked with `spectrumMask`. */
export function spectrumRow(at: usize, channel: i32): usize {
  const state = stateAt(at);
  const before = WRIST_ROWS * state.wristEpochs + RAW_ROWS * state.rawSlots;
  return samplesEnd(at) + ((<usize>(before + channel * state.spectrumEpochs)) << 1);
}

export function spectrumPlace(at: usize, channel: i32, epoch: i32): usize {
  return spectrumRow(at, channel) + ((<usize>(epoch & stateAt(at).spectrumMask)) << 1);
}

function samplesEnd(at: usize): usize {
  return at + SAMPLES + ((<usize>(stateAt(at).sampleMask + 1)) << 1);
}
