// The core `wave-encode`: samples in, blocks of bytes out, each of which decodes alone. This file holds the verbs; FORMAT.md is the
// format of a block, NOTES.md tells why it is so and what it saves.
// @version 1.0.0

import { ABI_VERSION, arenaStart, checkInstance, checkPlace, checkSpan, Ptr } from '../../abi/memory';
import { BAD_ARGUMENT, OK, Status, WRONG_STATE } from '../../abi/status';
import { limitsAreGood, MISSING_SAMPLE } from '../../dsp/wave/format';
import { blockBytesMax, encodeBlock } from './encode-block';
import { instanceBytes, MARK, planAt, samplesAt, stateAt, WaveEncodeState } from './state';

/** Before the first block nothing is known of its errors: two units. */
const FIRST_SCALE: i32 = 2;

/** Version of ABI.md this core follows. */
export function abi(): i32 {
  return ABI_VERSION;
}

/** First free byte after static data. */
export function arena(): usize {
  return arenaStart();
}

/** Bytes one instance needs for 1 to 8 channels and blocks of 1 to 4096 frames. */
export function size(channelCount: i32, blockFrames: i32): i32 {
  return limitsAreGood(channelCount, blockFrames) ? <i32>instanceBytes(channelCount, blockFrames) : BAD_ARGUMENT;
}

/** Makes an instance at `at` whose blocks hold `blockFrames` frames of `channelCount` samples. */
export function init(at: usize, channelCount: i32, blockFrames: i32): Status {
  if (!limitsAreGood(channelCount, blockFrames)) return BAD_ARGUMENT;
  const bytes = instanceBytes(channelCount, blockFrames);
  const status = checkPlace(at, bytes);
  if (status !== OK) return status;
  memory.fill(at, 0, bytes);
  const state = stateAt(at);
  state.mark = MARK;
  state.channelCount = channelCount;
  state.blockFrames = blockFrames;
  for (let c = 0; c < channelCount; c++) planAt(at, c).scale = FIRST_SCALE;
  return OK;
}

/** Offers `count` samples at `from`, frame by frame. Returns how many were taken: a full block must be polled first. */
export function push(at: usize, from: Ptr<i16>, count: i32): i32 {
  let status = checkState(at);
  if (status === OK) status = checkSpan<i16>(from, count);
  if (status !== OK) return status;
  const state = stateAt(at);
  if (state.flushed) return WRONG_STATE;
  const taken = min(count, state.channelCount * state.blockFrames - state.sampleCount);
  memory.copy(samplesAt(at) + <usize>(2 * state.sampleCount), from, <usize>(2 * taken));
  for (let i = 0; i < taken; i++) {
    if (<i32>load<i16>(from + <usize>(2 * i)) === MISSING_SAMPLE) state.hasGaps = 1;
  }
  state.sampleCount += taken;
  return taken;
}

/** Writes the block that is full, or after `flush` the last one. Returns its bytes, 0 if there is none. `count` must allow for a raw one. */
export function poll(at: usize, into: Ptr<u8>, count: i32): i32 {
  let status = checkState(at);
  if (status === OK) status = checkSpan<u8>(into, count);
  if (status !== OK) return status;
  const state = stateAt(at);
  const isFull = state.sampleCount === state.channelCount * state.blockFrames;
  if (state.sampleCount === 0 || !(isFull || state.flushed)) return 0;
  if (count < blockBytesMax(at)) return BAD_ARGUMENT;
  const bytes = encodeBlock(at, into);
  state.sampleCount = 0;
  state.hasGaps = 0;
  return bytes;
}

/** No more samples: what is in the buffer can be polled. What a last frame lacks is missing. */
export function flush(at: usize): Status {
  const status = checkState(at);
  if (status !== OK) return status;
  const state = stateAt(at);
  if (!state.flushed) fillFrame(at, state);
  state.flushed = 1;
  return OK;
}

/** Forgets all samples, keeps the channels and the length of a block. */
export function reset(at: usize): Status {
  const status = checkState(at);
  if (status !== OK) return status;
  const state = stateAt(at);
  return init(at, state.channelCount, state.blockFrames);
}

function fillFrame(at: usize, state: WaveEncodeState): void {
  while (state.sampleCount % state.channelCount !== 0) {
    store<i16>(samplesAt(at) + <usize>(2 * state.sampleCount), MISSING_SAMPLE);
    state.sampleCount += 1;
    state.hasGaps = 1;
  }
}

/** An instance, whose bytes depend on the numbers it was made with. */
function checkState(at: usize): Status {
  const status = checkInstance(at, offsetof<WaveEncodeState>(), MARK);
  if (status !== OK) return status;
  const state = stateAt(at);
  return checkInstance(at, instanceBytes(state.channelCount, state.blockFrames), MARK);
}
