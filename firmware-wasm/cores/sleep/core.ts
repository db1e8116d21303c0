// The core `sleep`: activity and heart rate (raw, or as features of epochs) or RR intervals in; for every epoch of 30 s the probabilities
// of wake, light, deep and REM sleep. This file holds the verbs; NOTES.md tells how it works and how well.
// @version 2.0.0

import { ABI_VERSION, arenaStart, checkInstance, checkPlace, checkSpan, Ptr } from '../../abi/memory';
import { BAD_ARGUMENT, OK, Status, WRONG_STATE } from '../../abi/status';
import { isLater, TICK_BITS, ticksOf } from '../../dsp/ticks';
import { take, takeSpectra } from './epochs';
import {
  INPUT_KIND_ACTIVITY,
  INPUT_KIND_COUNT,
  INPUT_KIND_HEART_RATE,
  MODE_LIVE,
  MODE_MORNING,
  SleepFinding,
  SleepInput,
} from './layout';
import { refreshFeatures } from './raw-features';
import { countSpectra } from './spectrum-features';
import { writeFinding } from './stages';
import { divideRows, EPOCH_S, FIXED_BYTES, instanceBytes, MARK, stateAt } from './state';

/** Two days. */
const EPOCH_COUNT_MAX: i32 = 5760;
/** A count is known at the end of its epoch; other inputs of that time may have come before it. */
const COUNT_LATE_TICKS: i64 = (<i64>60) << TICK_BITS;

/** Version of ABI.md this core follows. */
export function abi(): i32 {
  return ABI_VERSION;
}

/** First free byte after static data. */
export function arena(): usize {
  return arenaStart();
}

/**
 * Bytes one instance needs for recordings of up to `epochCountMax` epochs of 30 s, 1 to 5760. Live (`mode` 0) it keeps two hours of
 * epochs, whatever their number.
 */
export function size(epochCountMax: i32, mode: i32): i32 {
  if (epochCountMax < 1 || epochCountMax > EPOCH_COUNT_MAX) return BAD_ARGUMENT;
  if (mode !== MODE_LIVE && mode !== MODE_MORNING) return BAD_ARGUMENT;
  return <i32>instanceBytes(epochCountMax, mode);
}

/** Makes an instance at `at`. `mode` 0: live, an epoch is judged when the next one has ended; 1: morning, all of them after `flush`. */
export function init(at: usize, epochCountMax: i32, mode: i32): Status {
  const bytes = size(epochCountMax, mode);
  if (bytes < 0) return bytes;
  const status = checkPlace(at, bytes);
  if (status !== OK) return status;
  memory.fill(at, 0, bytes);
  const state = stateAt(at);
  state.mark = MARK;
  state.epochCountMax = epochCountMax;
  state.mode = mode;
  divideRows(state);
  return OK;
}

/**
 * Offers `count` inputs at `from`, in the order of their times (counts may be late). Takes none if one of them is not an input; live, only
 * those that begin no more than eight epochs after the next to be polled.
 */
export function push(at: usize, from: Ptr<SleepInput>, count: i32): i32 {
  let status = check(at);
  if (status === OK) status = checkSpan<SleepInput>(from, count);
  if (status !== OK) return status;
  const state = stateAt(at);
  if (state.flushed) return WRONG_STATE;
  let lastS = state.lastS;
  const endS = <f64>(state.epochCountMax * EPOCH_S);
  for (let i = 0; i < count; i++) {
    const input = inputAt(from, i);
    if (!inputIsUsable(input, lastS, endS)) return BAD_ARGUMENT;
    if (isLater(input.timeS, lastS)) lastS = input.timeS;
  }
  for (let i = 0; i < count; i++) if (!take(at, inputAt(from, i))) return i;
  return count;
}

/** Judges up to `count` epochs into `into`. Returns how many. */
export function poll(at: usize, into: Ptr<SleepFinding>, count: i32): i32 {
  let status = check(at);
  if (status === OK) status = checkSpan<SleepFinding>(into, count);
  if (status !== OK) return status;
  const state = stateAt(at);
  let written = 0;
  for (const ready = readyCount(at); written < count && state.nextEpoch < ready; written++) {
    const epoch = state.nextEpoch++;
    const end = state.mode === MODE_LIVE ? min(epoch + 2, state.epochCount) : state.epochCount;
    if (state.mode === MODE_LIVE) refreshFeatures(at, end);
    const finding = changetype<SleepFinding>(into + <usize>written * offsetof<SleepFinding>());
    writeFinding(at, epoch, end, finding);
  }
  return written;
}

/** No more input: the last epochs can be polled. */
export function flush(at: usize): Status {
  const status = check(at);
  if (status !== OK) return status;
  const state = stateAt(at);
  if (!state.flushed) {
    takeSpectra(at, state.epochCount);
    if (state.mode === MODE_MORNING) {
      refreshFeatures(at, state.epochCount);
      countSpectra(at, state.epochCount);
    }
  }
  state.flushed = 1;
  return OK;
}

/** Forgets the signal, keeps the settings. */
export function reset(at: usize): Status {
  const status = check(at);
  return status === OK ? init(at, stateAt(at).epochCountMax, stateAt(at).mode) : status;
}

/** The settings of an instance say how many bytes it has; they are read only where the mark stands. */
function check(at: usize): Status {
  const status = checkInstance(at, FIXED_BYTES, MARK);
  if (status !== OK) return status;
  return checkInstance(at, instanceBytes(stateAt(at).epochCountMax, stateAt(at).mode), MARK);
}

/** Epochs whose end and, in live mode, whose next one's end has been seen. */
function readyCount(at: usize): i32 {
  const state = stateAt(at);
  if (state.flushed) return state.epochCount;
  return state.mode === MODE_LIVE ? state.epochCount - 2 : 0;
}

function inputAt(from: usize, index: i32): SleepInput {
  return changetype<SleepInput>(from + <usize>index * offsetof<SleepInput>());
}

/** NaN fails the question about time and passes as a value, where it means missing. */
function inputIsUsable(input: SleepInput, lastS: f64, endS: f64): bool {
  const timeS = input.timeS;
  if (isLater(0, timeS) || !isLater(endS, timeS)) return false;
  if (input.kind === INPUT_KIND_COUNT) {
    if (ticksOf(lastS) - ticksOf(timeS) > COUNT_LATE_TICKS) return false;
  } else if (isLater(lastS, timeS)) return false;
  return input.reserved === 0 && input.kind >= INPUT_KIND_ACTIVITY && input.kind <= INPUT_KIND_HEART_RATE;
}
