// The core `wave-decode`: blocks of bytes in, one at a time, samples out. This file holds the verbs; the format of a block is in
// ../wave-encode/FORMAT.md.
// @version 1.0.0

import { ABI_VERSION, arenaStart, checkInstance, checkPlace, checkSpan, Ptr } from '../../abi/memory';
import { BAD_ARGUMENT, OK, Status, WRONG_STATE } from '../../abi/status';
import { limitsAreGood } from '../../dsp/wave/format';
import { decodeBlock } from './decode-block';
import { instanceBytes, MARK, samplesAt, stateAt, WaveDecodeState } from './state';

/** Version of ABI.md this core follows. */
export function abi(): i32 {
  return ABI_VERSION;
}

/** First free byte after static data. */
export function arena(): usize {
  return arenaStart();
}

/** Bytes one instance needs for 1 to 8 channels and blocks of at most 1 to 4096 frames. */
export function size(channelCount: i32, blockFrames: i32): i32 {
  return limitsAreGood(channelCount, blockFrames) ? <i32>instanceBytes(channelCount, blockFrames) : BAD_ARGUMENT;
}

/** Makes an instance at `at` for blocks of `channelCount` channels and at most `blockFrames` frames. */
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
  return OK;
}

/**
 * Offers the `count` bytes of one whole block at `from`. Returns `count`, or 0 while samples of the last block wait to be polled.
 * Bytes that are no block for this instance are `bad-argument` and leave no trace.
 */
export function push(at: usize, from: Ptr<u8>, count: i32): i32 {
  let status = checkState(at);
  if (status === OK) status = checkSpan<u8>(from, count);
  if (status !== OK) return status;
  const state = stateAt(at);
  if (state.flushed) return WRONG_STATE;
  if (count === 0 || state.polledCount < state.sampleCount) return 0;
  state.polledCount = 0;
  state.sampleCount = decodeBlock(at, from, count);
  return state.sampleCount > 0 ? count : BAD_ARGUMENT;
}

/** Collects up to `count` samples into `into`, frame by frame. Returns how many were written. */
export function poll(at: usize, into: Ptr<i16>, count: i32): i32 {
  let status = checkState(at);
  if (status === OK) status = checkSpan<i16>(into, count);
  if (status !== OK) return status;
  const state = stateAt(at);
  const taken = min(count, state.sampleCount - state.polledCount);
  memory.copy(into, samplesAt(at) + <usize>(2 * state.polledCount), <usize>(2 * taken));
  state.polledCount += taken;
  return taken;
}

/** No more blocks: the samples still due can be polled. */
export function flush(at: usize): Status {
  const status = checkState(at);
  if (status !== OK) return status;
  stateAt(at).flushed = 1;
  return OK;
}

/** Forgets the last block, keeps the channels and the longest block. */
export function reset(at: usize): Status {
  const status = checkState(at);
  if (status !== OK) return status;
  const state = stateAt(at);
  return init(at, state.channelCount, state.blockFrames);
}

/** An instance, whose bytes depend on the numbers it was made with. */
function checkState(at: usize): Status {
  const status = checkInstance(at, offsetof<WaveDecodeState>(), MARK);
  if (status !== OK) return status;
  const state = stateAt(at);
  return checkInstance(at, instanceBytes(state.channelCount, state.blockFrames), MARK);
}
