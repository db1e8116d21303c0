// One channel while a block is coded: what is expected of the coming sample, and what is learned from it. Encoder and decoder run exactly
// this. All arithmetic is 32 bits and wraps; `>>` rounds down. FORMAT.md has the same in formulas.
//
//  0              48        80            144
//  | WaveChannel  | 8 steps | 32 differences |
//
// steps: what is learned of the first eight weights, i32. differences: the last 16, newest first, i16, written twice so that a run of 16
// is always in one piece.

import { curveAt, rowAt, TAP_COUNT } from './tables';

/** Weights that learn. */
const STEP_COUNT: i32 = 8;
/** A symbol is -128..127; the two at the ends say that more follows. */
export const SYMBOL_MIN: i32 = -128;
export const SYMBOL_MAX: i32 = 127;
export const SAMPLE_MIN: i32 = -32768;
export const SAMPLE_MAX: i32 = 32767;
/** Largest scale number of a channel's byte. */
export const SCALE_MAX: i32 = 11;
const DIFFERENCE_MAX: i32 = 16_383;
/** What one error may teach, in 1/16. */
const LESSON_MAX: i32 = 32_767;
/** Errors of a predictor beyond this count as this, in 1/16: keeps the products in 32 bits. */
const MISS_MAX: i32 = 1 << 18;
const SPREAD_MAX: i32 = 1 << 20;
/** Keeps the step finite in silence. */
const ENERGY_FLOOR: u32 = 64;

@unmanaged
export class WaveChannel {
  row: i32;
  last: i32;
  /** Newest difference in the ring, 0..15. */
  place: i32;
  /** Sum of squared differences, each a quarter less at every step. */
  energy: u32;
  /** |error| of the last sample, 1/16. */
  error: i32;
  /** Its running mean, 1/256. */
  errorMean: i32;
  /** Running mean |error| of the row alone, and of the row with what was learned, 1/256. */
  rowMiss: i32;
  learnedMiss: i32;
  /** Predictions of the coming sample, 1/16: of the row alone, and with what was learned. */
  rowGuess: i32;
  learnedGuess: i32;
  /** Not 0 when there is a `last`. */
  isStarted: i32;
  reserved: i32;
}

const STEPS: usize = offsetof<WaveChannel>();
const RING: usize = STEPS + <usize>(4 * STEP_COUNT);
export const CHANNEL_BYTES: usize = RING + <usize>(2 * 2 * TAP_COUNT);

/** Makes the channel new, as at the start of a block. `scale` 0..SCALE_MAX is the expected size of an error, log2 of halves. */
export function startChannel(at: usize, row: i32, scale: i32): void {
  memory.fill(at, 0, CHANNEL_BYTES);
  const channel = changetype<WaveChannel>(at);
  const error = 8 << scale;
  channel.row = row;
  channel.error = error;
  channel.errorMean = error << 4;
  channel.rowMiss = error << 4;
  channel.learnedMiss = error << 4;
  channel.energy = ((error * error) >> 4) + 1;
}

/** The first sample of a block is coded as it is. */
export function beginWith(at: usize, sample: i32): void {
  const channel = changetype<WaveChannel>(at);
  channel.last = sample;
  channel.isStarted = 1;
}

/** What the coming sample is expected to be, 1/16. */
export function expectSample(at: usize): i32 {
  const channel = changetype<WaveChannel>(at);
  const level = channel.last << 4;
  const fixed = sumOfRow(at, channel.row);
  const learned = sumOfSteps(at);
  channel.rowGuess = level + (fixed >> 9);
  channel.learnedGuess = level + ((fixed + learned) >> 9);
  // Each predictor counts by the error of the other.
  const rowMiss = channel.rowMiss;
  const share = <i32>(((<u32>rowMiss) << 8) / <u32>(rowMiss + channel.learnedMiss));
  const guess = level + ((fixed + (learned >> 8) * share + 256) >> 9);
  return max(min(guess, SAMPLE_MAX << 4), SAMPLE_MIN << 4);
}

/** How widely the error is expected to scatter, 1/16: the mean of the last errors with more weight on the last, and a floor. */
export function expectSpread(at: usize): i32 {
  const channel = changetype<WaveChannel>(at);
  const errors = (channel.errorMean >> 1) + channel.error;
  return min((min(112 + errors, 28 + errors + (errors >> 1)) >> 4) + 1, SPREAD_MAX);
}

/** Low bits of an error that are coded as they are. */
export function shiftOf(spread: i32): i32 {
  return max(25 - <i32>clz(spread), 0);
}

/** 2^18 over the spread of what is left of the error. */
export function reciprocalOf(spread: i32, shift: i32): i32 {
  return (1 << 18) / (spread >> shift);
}

/** Learns from the sample that came where `guess` was expected. Returns |error|, 1/16. */
export function learnSample(at: usize, guess: i32, sample: i32): i32 {
  const channel = changetype<WaveChannel>(at);
  const level = sample << 4;
  const error = abs(level - guess);
  channel.error = error;
  channel.errorMean += (((error << 4) - channel.errorMean) * 3) >> 4;
  const lesson = level - channel.learnedGuess;
  const rowMiss = min(abs(level - channel.rowGuess), MISS_MAX) << 4;
  const learnedMiss = min(abs(lesson), MISS_MAX) << 4;
  channel.rowMiss += (rowMiss + 8 - channel.rowMiss) >> 2;
  channel.learnedMiss += (learnedMiss + 8 - channel.learnedMiss) >> 2;
  adjustSteps(at, max(min(lesson, LESSON_MAX), -LESSON_MAX));
  pushDifference(at, sample - channel.last);
  channel.last = sample;
  return error;
}

/**
 * Where symbol `symbol` begins, in 1/65536; every symbol has a width of at least 1. `offset` is how far the expected value lies above the
 * whole number that the error is counted from, 1/16.
 */
export function symbolStart(symbol: i32, offset: i32, shift: i32, reciprocal: i32): i32 {
  if (symbol <= SYMBOL_MIN) return 0;
  if (symbol > SYMBOL_MAX) return 0x10000;
  const edge = ((symbol << (shift + 4)) - 8 - offset) >> shift;
  const share = curveAt((abs(edge) * reciprocal) >> 8);
  const below = <u32>(edge < 0 ? 0x10000 - share : share);
  // 256 parts are set aside: one for each symbol.
  return symbol - SYMBOL_MIN + <i32>((below * 0xff00) >>> 16);
}

/** Row times the last 16 differences, 1/8192. */
function sumOfRow(at: usize, row: i32): i32 {
  let weight = rowAt(row);
  let difference = newestDifference(at);
  let sum = 0;
  for (let i = 0; i < TAP_COUNT; i += 8) {
    sum += <i32>load<i16>(weight) * <i32>load<i16>(difference);
    sum += <i32>load<i16>(weight, 2) * <i32>load<i16>(difference, 2);
    sum += <i32>load<i16>(weight, 4) * <i32>load<i16>(difference, 4);
    sum += <i32>load<i16>(weight, 6) * <i32>load<i16>(difference, 6);
    sum += <i32>load<i16>(weight, 8) * <i32>load<i16>(difference, 8);
    sum += <i32>load<i16>(weight, 10) * <i32>load<i16>(difference, 10);
    sum += <i32>load<i16>(weight, 12) * <i32>load<i16>(difference, 12);
    sum += <i32>load<i16>(weight, 14) * <i32>load<i16>(difference, 14);
    weight += 16;
    difference += 16;
  }
  return sum;
}

/** What was learned times the last 8 differences, 1/8192. */
function sumOfSteps(at: usize): i32 {
  let step = at + STEPS;
  let difference = newestDifference(at);
  let sum = 0;
  for (let i = 0; i < STEP_COUNT; i += 4) {
    sum += load<i32>(step) * <i32>load<i16>(difference);
    sum += load<i32>(step, 4) * <i32>load<i16>(difference, 2);
    sum += load<i32>(step, 8) * <i32>load<i16>(difference, 4);
    sum += load<i32>(step, 12) * <i32>load<i16>(difference, 6);
    step += 16;
    difference += 8;
  }
  return sum;
}

/** Normalised LMS: against the gradient, by the energy of the differences, a quarter less for each older one. */
function adjustSteps(at: usize, lesson: i32): void {
  const channel = changetype<WaveChannel>(at);
  const newest = newestDifference(at);
  const difference = <i32>load<i16>(newest);
  channel.energy = channel.energy - (channel.energy >>> 2) + <u32>(difference * difference);
  const energy = channel.energy + ENERGY_FLOOR;
  const shift = max(16 - <i32>clz(energy), 0);
  let gain = (lesson << 9) / <i32>(energy >>> shift);
  const step = at + STEPS;
  for (let i: usize = 0; i < 2; i++) {
    const steps = step + (i << 4);
    const differences = newest + (i << 3);
    store<i32>(steps, load<i32>(steps) + ((gain * <i32>load<i16>(differences)) >> shift));
    gain -= gain >> 2;
    store<i32>(steps, load<i32>(steps, 4) + ((gain * <i32>load<i16>(differences, 2)) >> shift), 4);
    gain -= gain >> 2;
    store<i32>(steps, load<i32>(steps, 8) + ((gain * <i32>load<i16>(differences, 4)) >> shift), 8);
    gain -= gain >> 2;
    store<i32>(steps, load<i32>(steps, 12) + ((gain * <i32>load<i16>(differences, 6)) >> shift), 12);
    gain -= gain >> 2;
  }
}

function pushDifference(at: usize, difference: i32): void {
  const channel = changetype<WaveChannel>(at);
  channel.place = (channel.place - 1) & (TAP_COUNT - 1);
  const slot = newestDifference(at);
  const kept = max(min(difference, DIFFERENCE_MAX), -DIFFERENCE_MAX);
  store<i16>(slot, kept);
  store<i16>(slot, kept, 2 * TAP_COUNT);
}

function newestDifference(at: usize): usize {
  return at + RING + ((<usize>changetype<WaveChannel>(at).place) << 1);
}
