// One block of bytes becomes samples in the instance. The bytes are hostile: each number is looked at before it is used, nothing past the
// block is read, and the work is bounded by the frames an instance was made for.

import {
  beginWith,
  expectSample,
  expectSpread,
  learnSample,
  reciprocalOf,
  SAMPLE_MAX,
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
  MODE_GAPS,
  MODE_RAW,
  REST_ORDER,
  RUN_ORDER,
} from '../../dsp/wave/format';
import { closePart, decodeBits, findPart, openDecoder, RangeDecoder } from '../../dsp/wave/range-decoder';
import { channelAt, coderAt, runAt, samplesAt, stateAt } from './state';

/** An error's high part is at most this: both ends are samples. */
const HIGH_MAX: i32 = 0xffff;
/** Most bits of an Exp-Golomb number that an encoder writes. */
const GOLOMB_BITS_MAX: i32 = 16;
/** No sample has this value. */
const BAD_SAMPLE: i32 = i32.MIN_VALUE;

/** Returns the number of samples, which lie in the instance, or 0 when the bytes are no block for it. */
export function decodeBlock(at: usize, from: usize, size: i32): i32 {
  const state = stateAt(at);
  if (size < 3) return 0;
  const first = <i32>load<u8>(from);
  const mode = (first >> 3) & 3;
  if (first >> 5 !== FORMAT_VERSION || (first & 7) + 1 !== state.channelCount || mode > MODE_GAPS) return 0;
  let frames = <i32>load<u8>(from, 1);
  if (frames === LONG_FRAMES) {
    if (size < 4) return 0;
    frames = <i32>load<u16>(from, 2);
    if (frames < LONG_FRAMES) return 0;
  }
  if (frames === 0 || frames > state.blockFrames) return 0;
  const head = headBytes(frames);
  const sampleCount = frames * state.channelCount;
  const isGood =
    mode === MODE_RAW
      ? copyRaw(at, from + <usize>head, size - head, sampleCount)
      : decodeCoded(at, from + <usize>head, size - head, sampleCount, mode === MODE_GAPS);
  return isGood ? sampleCount : 0;
}

function copyRaw(at: usize, from: usize, size: i32, sampleCount: i32): bool {
  if (size !== 2 * sampleCount) return false;
  memory.copy(samplesAt(at), from, <usize>size);
  return true;
}

function decodeCoded(at: usize, from: usize, size: i32, sampleCount: i32, hasGaps: bool): bool {
  const state = stateAt(at);
  const codedBytes = size - state.channelCount;
  // An encoder leaves out the zeros at the end.
  if (codedBytes < 0 || (codedBytes > 0 && load<u8>(from + <usize>(size - 1)) === 0)) return false;
  for (let c = 0; c < state.channelCount; c++) {
    if (!openChannel(at, c, <i32>load<u8>(from + <usize>c))) return false;
  }
  const bytes = from + <usize>state.channelCount;
  const coder = changetype<RangeDecoder>(coderAt(at));
  openDecoder(coder, bytes, codedBytes);
  state.hasGaps = hasGaps;
  const samples = samplesAt(at);
  let channel = 0;
  let framesLeft = sampleCount / state.channelCount;
  state.frames = framesLeft;
  for (let i = 0; i < sampleCount; i++) {
    const sample = decodeNext(at, bytes, channel, framesLeft);
    if (sample === BAD_SAMPLE) return false;
    store<i16>(samples + ((<usize>i) << 1), sample);
    channel += 1;
    if (channel === state.channelCount) {
      channel = 0;
      framesLeft -= 1;
    }
  }
  // Bytes that no sample needed are not of this block.
  return coder.count >= codedBytes;
}

function openChannel(at: usize, channel: i32, byte: i32): bool {
  if (byte > 0x7f || (byte & 15) > SCALE_MAX) return false;
  startChannel(channelAt(at, channel), byte >> 4, byte & 15);
  const run = runAt(at, channel);
  run.left = 0;
  // The first run is of present samples.
  run.isMissing = 1;
  return true;
}

function decodeNext(at: usize, from: usize, channel: i32, framesLeft: i32): i32 {
  const state = stateAt(at);
  const coder = changetype<RangeDecoder>(coderAt(at));
  if (state.hasGaps) {
    if (!decodeRun(at, from, channel, framesLeft)) return BAD_SAMPLE;
    if (runAt(at, channel).isMissing) return MISSING_SAMPLE;
  }
  const place = channelAt(at, channel);
  let sample: i32;
  if (!changetype<WaveChannel>(place).isStarted) {
    sample = decodeBits(coder, from, 16) + MISSING_SAMPLE;
    beginWith(place, sample);
  } else {
    const guess = expectSample(place);
    const error = decodeError(coder, from, place, guess);
    if (error === BAD_SAMPLE) return BAD_SAMPLE;
    sample = ((guess + 8) >> 4) + error;
    if (sample > SAMPLE_MAX || sample < MISSING_SAMPLE) return BAD_SAMPLE;
    learnSample(place, guess, sample);
  }
  // A missing sample is never among the present ones.
  return sample === MISSING_SAMPLE ? BAD_SAMPLE : sample;
}

function decodeError(coder: RangeDecoder, from: usize, place: usize, guess: i32): i32 {
  const spread = expectSpread(place);
  const shift = shiftOf(spread);
  const reciprocal = reciprocalOf(spread, shift);
  const offset = guess - (((guess + 8) >> 4) << 4);
  const part = findPart(coder, 16);
  let symbol = SYMBOL_MIN;
  // The last symbol that begins at or before the part; each step decides one bit of it.
  for (let step = 128; step > 0; step >>= 1) {
    if (symbolStart(symbol + step, offset, shift, reciprocal) <= part) symbol += step;
  }
  const start = symbolStart(symbol, offset, shift, reciprocal);
  closePart(coder, from, start, symbolStart(symbol + 1, offset, shift, reciprocal) - start);
  if (symbol === SYMBOL_MAX || symbol === SYMBOL_MIN) {
    const rest = decodeGolomb(coder, from, REST_ORDER);
    if (rest < 0 || rest > HIGH_MAX) return BAD_SAMPLE;
    symbol += symbol < 0 ? -rest : rest;
  }
  return shift > 0 ? (symbol << shift) | decodeBits(coder, from, shift) : symbol;
}

/** Is the channel, at the end of its run, in another one that is possible? */
function decodeRun(at: usize, from: usize, channel: i32, framesLeft: i32): bool {
  const coder = changetype<RangeDecoder>(coderAt(at));
  const run = runAt(at, channel);
  const isFirst = framesLeft === stateAt(at).frames;
  while (run.left === 0) {
    run.isMissing ^= 1;
    run.left = decodeGolomb(coder, from, RUN_ORDER);
    if (run.left < 0 || run.left > framesLeft) return false;
    // Only the first run may be empty: the block then begins with a missing sample.
    if (run.left === 0 && (run.isMissing || !isFirst)) return false;
  }
  run.left -= 1;
  return true;
}

/** Returns -1 for a number longer than any that an encoder writes. */
function decodeGolomb(coder: RangeDecoder, from: usize, order: i32): i32 {
  let bits = order;
  while (decodeBits(coder, from, 1) !== 0) {
    bits += 1;
    if (bits > GOLOMB_BITS_MAX) return -1;
  }
  return ((1 << bits) | decodeBits(coder, from, bits)) - (1 << order);
}
