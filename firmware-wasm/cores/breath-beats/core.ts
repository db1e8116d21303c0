// The core `breath-beats`: a signal and the beats found in it in, the size of each beat and its baseline out, ready for the core
// `breath`. This file holds the verbs and the waiting; NOTES.md tells why.
// @version 1.0.0

import { ABI_VERSION, arenaStart, checkPlace, checkSpan, Ptr } from '../../abi/memory';
import { BAD_ARGUMENT, OK, Status, WRONG_STATE } from '../../abi/status';
import { openSlot, takeSlots } from '../../dsp/finding-ring';
import { BreathBeat, BreathBeatInput, FLAG_AFTER_GAP, KIND_ECG_BEAT, KIND_PPG_BEAT } from './layout';
import { afterS, beforeS, measure } from './measure';
import {
  checkState,
  instanceBytes,
  MARK,
  QUEUE,
  QUEUE_COUNT,
  RATE_HZ_MAX,
  RATE_HZ_MIN,
  ringCountOf,
  ringOf,
  samplePlace,
  stateAt,
  WAITING_COUNT,
  Waiting,
  waitingAt,
} from './state';

/** Version of ABI.md this core follows. */
export function abi(): i32 {
  return ABI_VERSION;
}

/** First free byte after static data. */
export function arena(): usize {
  return arenaStart();
}

/** Bytes one instance needs for a signal of `rateHz` samples per second, 20 to 1000. */
export function size(rateHz: f32): i32 {
  if (!(rateHz >= RATE_HZ_MIN && rateHz <= RATE_HZ_MAX)) return BAD_ARGUMENT;
  return <i32>instanceBytes(ringCountOf(rateHz));
}

/** Makes an instance at `at`. `signal`: 2 ECG, 3 PPG. `polarity`: 1 when the signal rises in systole, -1 when it falls; of an ECG 1. */
export function init(at: usize, rateHz: f32, signal: i32, polarity: i32): Status {
  const bytes = size(rateHz);
  if (bytes < 0) return bytes;
  const status = checkPlace(at, <usize>bytes);
  if (status !== OK) return status;
  if ((signal !== KIND_ECG_BEAT && signal !== KIND_PPG_BEAT) || (polarity !== 1 && polarity !== -1))
    return BAD_ARGUMENT;
  memory.fill(at, 0, <usize>bytes);
  const state = stateAt(at);
  state.mark = MARK;
  state.rateHz = rateHz;
  state.signal = signal;
  state.polarity = polarity;
  state.ringCount = ringCountOf(rateHz);
  return OK;
}

/** Offers `count` samples and beats at `from`. Returns how many were taken. */
export function push(at: usize, from: Ptr<BreathBeatInput>, count: i32): i32 {
  let status = checkState(at);
  if (status === OK) status = checkSpan<BreathBeatInput>(from, count);
  if (status !== OK) return status;
  const state = stateAt(at);
  if (state.flushed) return WRONG_STATE;
  // All are looked at before any is taken: a bad push leaves no trace.
  for (let i = 0; i < count; i++) {
    if (!inputIsUsable(inputAt(from, i))) return BAD_ARGUMENT;
  }
  for (let i = 0; i < count; i++) {
    if (state.queueCount > QUEUE_COUNT - WAITING_COUNT) return i;
    const input = inputAt(from, i);
    if (input.isBeat) takeBeat(at, input);
    else takeSample(at, input.value);
    while (state.waitingCount > 0 && isDue(at, waitingAt(at, 0))) giveFirst(at);
  }
  return count;
}

/** Collects up to `count` findings into `into`. Returns how many were written. */
export function poll(at: usize, into: Ptr<BreathBeat>, count: i32): i32 {
  let status = checkState(at);
  if (status === OK) status = checkSpan<BreathBeat>(into, count);
  if (status !== OK) return status;
  return takeSlots(ringOf(at), at + QUEUE, QUEUE_COUNT, offsetof<BreathBeat>(), into, count);
}

/** No more samples. A beat whose samples are not all there is not measured. */
export function flush(at: usize): Status {
  const status = checkState(at);
  if (status !== OK) return status;
  stateAt(at).waitingCount = 0;
  stateAt(at).flushed = 1;
  return OK;
}

/** Forgets the signal, keeps the settings. */
export function reset(at: usize): Status {
  const status = checkState(at);
  if (status !== OK) return status;
  const state = stateAt(at);
  return init(at, state.rateHz, state.signal, state.polarity);
}

function inputAt(from: usize, index: i32): BreathBeatInput {
  return changetype<BreathBeatInput>(from + <usize>index * offsetof<BreathBeatInput>());
}

function inputIsUsable(input: BreathBeatInput): bool {
  if (input.flags & ~FLAG_AFTER_GAP || input.reserved !== 0) return false;
  if (input.isBeat === 0) return true;
  // Written so that NaN passes as a quality, but not as a place.
  return input.isBeat === 1 && input.value >= 0 && input.value <= 1e6 && !(input.quality < 0) && !(input.quality > 1);
}

function takeSample(at: usize, value: f32): void {
  const state = stateAt(at);
  store<f32>(samplePlace(at, state.taken), value);
  state.taken += 1;
}

/** Puts a beat in line. One that lies too far back, or one too many, is lost, and the next one says so. */
function takeBeat(at: usize, input: BreathBeatInput): void {
  const state = stateAt(at);
  const sample = state.taken - <f64>input.value;
  const oldest = sample - beforeS(state.signal) * <f64>state.rateHz - 1;
  if (oldest < 0 || oldest < state.taken - <f64>state.ringCount || state.waitingCount === WAITING_COUNT) {
    state.afterGap = 1;
    return;
  }
  const waiting = waitingAt(at, state.waitingCount);
  waiting.sample = sample;
  waiting.quality = input.quality;
  waiting.flags = input.flags;
  state.waitingCount += 1;
}

function isDue(at: usize, waiting: Waiting): bool {
  const state = stateAt(at);
  return state.taken > waiting.sample + afterS(state.signal) * <f64>state.rateHz + 1;
}

/** Measures the beat that has waited longest. */
function giveFirst(at: usize): void {
  const state = stateAt(at);
  const waiting = waitingAt(at, 0);
  const finding = changetype<BreathBeat>(openSlot(ringOf(at), at + QUEUE, QUEUE_COUNT, offsetof<BreathBeat>()));
  finding.timeS = waiting.sample / <f64>state.rateHz;
  finding.quality = waiting.quality;
  finding.kind = <u16>state.signal;
  finding.flags = <u16>(waiting.flags | state.afterGap);
  if (measure(at, waiting.sample, finding)) {
    state.afterGap = 0;
  } else {
    state.queueCount -= 1;
    state.afterGap = 1;
  }
  state.waitingCount -= 1;
  memory.copy(
    changetype<usize>(waiting),
    changetype<usize>(waitingAt(at, 1)),
    <usize>state.waitingCount * offsetof<Waiting>(),
  );
}
