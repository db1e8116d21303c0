// The core `sleep`: activity and heart rate (raw, or as features of epochs) or RR intervals in; for every epoch of 30 s the probabilities
// of wake, light, deep and REM sleep. This file holds the verbs; NOTES.md tells how it works and how well.
// @version 1.1.0

import { ABI_VERSION, arenaStart, checkInstance, checkPlace, checkSpan, Ptr } from '../../abi/memory';
import { BAD_ARGUMENT, OK, Status, WRONG_STATE } from '../../abi/status';
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
import { writeFinding } from './stages';
import { EPOCH_S, instanceBytes, MARK, stateAt } from './state';

/** Two days. */
const EPOCH_COUNT_MAX: i32 = 5760;
/** A count is known at the end of its epoch; other inputs of that time may have come before it. */
const COUNT_LATE_S: f64 = 60;

/** Version of ABI.md this core follows. */
export function abi(): i32 {
  return ABI_VERSION;
}

/** First free byte after static data. */
export function arena(): usize {
  return arenaStart();
}

/** Bytes one instance needs for recordings of up to `epochCountMax` epochs of 30 s, 1 to 5760. */
export function size(epochCountMax: i32): i32 {
  if (epochCountMax < 1 || epochCountMax > EPOCH_COUNT_MAX) return BAD_ARGUMENT;
  return <i32>instanceBytes(epochCountMax);
}

/** Makes an instance at `at`. `mode` 0: live, an epoch is judged when the next one has ended; 1: morning, all of them after `flush`. */
export function init(at: usize, epochCountMax: i32, mode: i32): Status {
  const bytes = size(epochCountMax);
  if (bytes < 0) return bytes;
  const status = checkPlace(at, bytes);
  if (status !== OK) return status;
  if (mode !== MODE_LIVE && mode !== MODE_MORNING) return BAD_ARGUMENT;
  memory.fill(at, 0, bytes);
  const state = stateAt(at);
  state.mark = MARK;
  state.epochCountMax = epochCountMax;
  state.mode = mode;
  return OK;
}

/** Offers `count` inputs at `from`, in the order of their times (counts may be late). Takes them all, or none if one of them is not an input. */
export function push(at: usize, from: Ptr<SleepInput>, count: i32): i32 {
  let status = check(at);
  if (status === OK) status = checkSpan<SleepInput>(from, count);
  if (status !== OK) return status;
  const state = stateAt(at);
  if (state.flushed) return WRONG_STATE;
  let lastS = state.lastS;
  for (let i = 0; i < count; i++) {
    const input = inputAt(from, i);
    if (!inputIsUsable(input, lastS, state.epochCountMax)) return BAD_ARGUMENT;
    lastS = max(lastS, input.timeS);
  }
  for (let i = 0; i < count; i++) take(at, inputAt(from, i));
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
    if (state.mode === MODE_MORNING) refreshFeatures(at, state.epochCount);
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
  const status = checkInstance(at, instanceBytes(0), MARK);
  return status === OK ? checkInstance(at, instanceBytes(stateAt(at).epochCountMax), MARK) : status;
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
function inputIsUsable(input: SleepInput, lastS: f64, epochCountMax: i32): bool {
  const earliestS = input.kind === INPUT_KIND_COUNT ? max(0, lastS - COUNT_LATE_S) : lastS;
  if (!(input.timeS >= earliestS && input.timeS < <f64>epochCountMax * EPOCH_S)) return false;
  if (input.reserved !== 0) return false;
  return input.kind >= INPUT_KIND_ACTIVITY && input.kind <= INPUT_KIND_HEART_RATE;
}
