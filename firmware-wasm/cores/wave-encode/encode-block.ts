// A full buffer of samples becomes one block at `into`, which has room for a raw one.

import {
  beginWith,
  CHANNEL_BYTES,
  expectSample,
  expectSpread,
  learnSample,
  reciprocalOf,
  SCALE_MAX,
  SYMBOL_MAX,
  SYMBOL_MIN,
  shiftOf,
  startChannel,
  symbolStart,
  WaveChannel,
} from '../../dsp/wave/channel';
import {
  FORMAT_VERSION,
  headBytes,
  LONG_FRAMES,
  MISSING_SAMPLE,
  MODE_CODED,
  MODE_GAPS,
  MODE_RAW,
  REST_ORDER,
  RUN_ORDER,
} from '../../dsp/wave/format';
import { closeEncoder, encodeBits, encodePart, openEncoder, RangeEncoder } from '../../dsp/wave/range-encoder';
import { chooseRow } from './choose-row';
import { channelAt, coderAt, PLAN_BYTES, Plan, planAt, samplesAt, stateAt } from './state';

/** More than a sample with its runs, and the end of the coder, can take. */
const SAMPLE_BYTES_MAX: i32 = 12;
const END_BYTES_MAX: i32 = 4;
/** An error sum of a block of 4096 stays in 32 bits. */
const ERROR_MAX: i32 = 0xffff;

/** Most bytes the samples in the buffer can become. */
export function blockBytesMax(at: usize): i32 {
  const state = stateAt(at);
  return headBytes(state.sampleCount / state.channelCount) + 2 * state.sampleCount;
}

/** Writes the block and returns its bytes. The buffer is as it was. */
export function encodeBlock(at: usize, into: usize): i32 {
  const state = stateAt(at);
  const bytes = encodeSamples(at, into);
  for (let c = 0; c < state.channelCount; c++) rescale(planAt(at, c));
  return bytes > 0 ? bytes : writeRaw(at, into);
}

/** Returns 0 when the block would not be shorter than a raw one. */
function encodeSamples(at: usize, into: usize): i32 {
  const state = stateAt(at);
  const head = writeHead(at, into, state.hasGaps ? MODE_GAPS : MODE_CODED);
  for (let c = 0; c < state.channelCount; c++) openChannel(at, c, into + <usize>(head + c));
  const codedAt = head + state.channelCount;
  const coder = changetype<RangeEncoder>(coderAt(at));
  const limit = blockBytesMax(at) - codedAt - SAMPLE_BYTES_MAX * state.channelCount - END_BYTES_MAX;
  openEncoder(coder);
  const end = samplesAt(at) + <usize>(2 * state.sampleCount);
  const bytes = into + <usize>codedAt;
  const hasGaps = state.hasGaps;
  let from = samplesAt(at);
  while (from < end) {
    if (coder.count > limit) return 0;
    let plan = planAt(at, 0);
    let place = channelAt(at, 0);
    for (let c = 0; c < state.channelCount; c++) {
      const sample = <i32>load<i16>(from);
      if (hasGaps) encodeRun(at, bytes, plan, from, end);
      if (!hasGaps || sample !== MISSING_SAMPLE) encodeSample(coder, bytes, plan, place, sample);
      from += 2;
      place += CHANNEL_BYTES;
      plan = changetype<Plan>(changetype<usize>(plan) + PLAN_BYTES);
    }
  }
  return codedAt + closeEncoder(coder, into + <usize>codedAt);
}

function openChannel(at: usize, channel: i32, byteAt: usize): void {
  chooseRow(at, channel);
  const plan = planAt(at, channel);
  startChannel(channelAt(at, channel), plan.row, plan.scale);
  store<u8>(byteAt, (plan.row << 4) | plan.scale);
  plan.errorSum = 0;
  plan.errorCount = 0;
  plan.run = 0;
}

function encodeSample(coder: RangeEncoder, into: usize, plan: Plan, place: usize, sample: i32): void {
  if (!changetype<WaveChannel>(place).isStarted) {
    encodeBits(coder, into, sample - MISSING_SAMPLE, 16);
    beginWith(place, sample);
    return;
  }
  const guess = expectSample(place);
  encodeError(coder, into, place, guess, sample);
  plan.errorSum += min(learnSample(place, guess, sample), ERROR_MAX);
  plan.errorCount += 1;
}

/** The high part of the error as a symbol, what a symbol cannot hold after it, and the low bits as they are. */
function encodeError(coder: RangeEncoder, into: usize, place: usize, guess: i32, sample: i32): void {
  const spread = expectSpread(place);
  const shift = shiftOf(spread);
  const reciprocal = reciprocalOf(spread, shift);
  const base = (guess + 8) >> 4;
  const offset = guess - (base << 4);
  const error = sample - base;
  const high = error >> shift;
  const symbol = max(min(high, SYMBOL_MAX), SYMBOL_MIN);
  const start = symbolStart(symbol, offset, shift, reciprocal);
  encodePart(coder, into, start, symbolStart(symbol + 1, offset, shift, reciprocal) - start, 16);
  if (symbol === SYMBOL_MAX || symbol === SYMBOL_MIN) encodeGolomb(coder, into, abs(high - symbol), REST_ORDER);
  if (shift > 0) encodeBits(coder, into, error & ((1 << shift) - 1), shift);
}

/** At the end of a run, how long the next one is: present and missing in turn, present first. */
function encodeRun(at: usize, into: usize, plan: Plan, from: usize, end: usize): void {
  const coder = changetype<RangeEncoder>(coderAt(at));
  const frameBytes = <usize>(2 * stateAt(at).channelCount);
  if (plan.run === 0) {
    const isMissing = <i32>load<i16>(from) === MISSING_SAMPLE;
    // A first run that is empty says that the block begins with a missing sample.
    if (isMissing && from < samplesAt(at) + frameBytes) encodeGolomb(coder, into, 0, RUN_ORDER);
    let run = 0;
    for (let next = from; next < end; next += frameBytes) {
      if ((<i32>load<i16>(next) === MISSING_SAMPLE) !== isMissing) break;
      run += 1;
    }
    encodeGolomb(coder, into, run, RUN_ORDER);
    plan.run = run;
  }
  plan.run -= 1;
}

/** Exp-Golomb of `order`: as many ones as the number has bits more than `order`, a zero, and the bits below the highest. */
function encodeGolomb(coder: RangeEncoder, into: usize, value: i32, order: i32): void {
  const number = value + (1 << order);
  const bits = 31 - <i32>clz(number);
  for (let i = order; i < bits; i++) encodeBits(coder, into, 1, 1);
  encodeBits(coder, into, 0, 1);
  encodeBits(coder, into, number & ((1 << bits) - 1), bits);
}

/** The scale that the next block begins with: the power of two next to this block's mean error. */
function rescale(plan: Plan): void {
  if (plan.errorCount === 0) return;
  const mean = plan.errorSum / plan.errorCount;
  let scale = 0;
  while (scale < SCALE_MAX && 12 << scale <= mean) scale += 1;
  plan.scale = scale;
}

function writeRaw(at: usize, into: usize): i32 {
  const head = writeHead(at, into, MODE_RAW);
  const bytes = 2 * stateAt(at).sampleCount;
  memory.copy(into + <usize>head, samplesAt(at), <usize>bytes);
  return head + bytes;
}

function writeHead(at: usize, into: usize, mode: i32): i32 {
  const state = stateAt(at);
  const frames = state.sampleCount / state.channelCount;
  store<u8>(into, (FORMAT_VERSION << 5) | (mode << 3) | (state.channelCount - 1));
  const head = headBytes(frames);
  if (head === 2) store<u8>(into, frames, 1);
  else {
    store<u8>(into, LONG_FRAMES, 1);
    store<u16>(into, frames, 2);
  }
  return head;
}
