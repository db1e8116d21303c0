// From inputs to one value an epoch and row. Activity and spread are logarithms:
// what matters is how many times more, not how much more. RR intervals become samples at 2 Hz, and these the spectrum of an epoch.

import { logOf } from '../../dsp/single';
import { isLater, TICK_BITS, ticksOf } from '../../dsp/ticks';
import { takeInterval } from './beats';
import { CODES_PER_ONE, codeOf, MISSING, SPREAD_OFFSET, setCode } from './codes';
import {
  INPUT_KIND_ACTIVITY,
  INPUT_KIND_COUNT,
  INPUT_KIND_HEART_SPREAD,
  INPUT_KIND_INTERVAL,
  MODE_LIVE,
  SleepInput,
} from './layout';
import { slotPlace, takeCount, takeHeartRate } from './raw-slots';
import { writeSpectrum } from './spectrum';
import {
  ACTIVITY,
  AHEAD_MAX,
  EPOCH_S,
  RAW_ROWS,
  SPECTRUM_COUNT,
  SPREAD,
  SPREAD_FROM_RATES,
  SPREAD_GIVEN,
  spectrumPlace,
  stateAt,
  wristPlace,
} from './state';

export const HEART_SPREAD_MIN: f32 = 0.05;
const TWO_MISSING: u32 = 0xffffffff;
/** A spectrum is taken when this many epochs have begun after its own: what its window reaches. */
const LAG_LIVE: i32 = 2;
const LAG_MORNING: i32 = 6;

/** Takes an input; false when epochs that its time begins have no room. */
export function take(at: usize, input: SleepInput): bool {
  const ticks = ticksOf(input.timeS);
  const second = <i32>(ticks >> TICK_BITS);
  const epoch = second / EPOCH_S;
  if (!beginEpochs(at, epoch + 1)) return false;
  const state = stateAt(at);
  if (isLater(input.timeS, state.lastS)) state.lastS = input.timeS;
  const value = input.value;
  if (!isFinite(value)) return true;
  if (input.kind === INPUT_KIND_INTERVAL) takeInterval(at, ticks, value);
  else if (input.kind === INPUT_KIND_ACTIVITY) setWrist(at, ACTIVITY, epoch, logOf(1 + max<f32>(0, value)));
  else if (input.kind === INPUT_KIND_HEART_SPREAD) takeSpread(at, epoch, value);
  else if (input.kind === INPUT_KIND_COUNT) takeCount(at, second, value);
  else if (state.spreadSource !== SPREAD_GIVEN && takeHeartRate(at, second, value)) state.hasMeasuredRates = 1;
  return true;
}

function takeSpread(at: usize, epoch: i32, value: f32): void {
  const state = stateAt(at);
  if (state.spreadSource === SPREAD_FROM_RATES) return;
  state.spreadSource = SPREAD_GIVEN;
  setWrist(at, SPREAD, epoch, SPREAD_OFFSET + logOf(HEART_SPREAD_MIN + max<f32>(0, value)));
}

export function setWrist(at: usize, row: i32, epoch: i32, value: f32): void {
  setCode(wristPlace(at, row, epoch), codeOf(value, CODES_PER_ONE));
}

/** Begins new epochs until there are `count`; spectra that have waited for them are taken. False when some have no room yet. */
function beginEpochs(at: usize, count: i32): bool {
  const state = stateAt(at);
  const isLive = state.mode === MODE_LIVE;
  for (let epoch = state.epochCount; epoch < count; epoch++) {
    if (isLive && epoch > state.nextEpoch + AHEAD_MAX) return false;
    setCode(wristPlace(at, ACTIVITY, epoch), MISSING);
    setCode(wristPlace(at, SPREAD, epoch), MISSING);
    for (let row = 0; row < RAW_ROWS; row++) store<u32>(slotPlace(at, row, 2 * epoch), TWO_MISSING);
    for (let channel = 0; channel < SPECTRUM_COUNT; channel++) setCode(spectrumPlace(at, channel, epoch), MISSING);
    state.epochCount = epoch + 1;
    takeSpectra(at, epoch + 1 - (isLive ? LAG_LIVE : LAG_MORNING));
  }
  return true;
}

/** Takes the spectra of all epochs before `to` that have none yet. */
export function takeSpectra(at: usize, to: i32): void {
  const state = stateAt(at);
  for (; state.nextSpectrum < to; state.nextSpectrum++) writeSpectrum(at, state.nextSpectrum);
}
