// Once a second, what the second brought goes into sums that fade: the weight of a moment falls with its age, so there is no edge at
// which something leaves a window. NOTES.md names the time constants.

import { logOf } from '../../dsp/single';
import { Leak, leakAt, StressSecond, secondAt, stateAt } from './state';

export const HEART_30: i32 = 0;
export const HEART_120: i32 = 1;
export const HEART_300: i32 = 2;
export const CHANGE_60: i32 = 3;
export const CHANGE_600: i32 = 4;
export const FAST_30: i32 = 5;
export const MIDDLE_30: i32 = 6;
export const SLOW_30: i32 = 7;
export const ACTIVE_60: i32 = 8;
export const ACTIVE_300: i32 = 9;
export const EDA_2: i32 = 10;
export const EDA_20: i32 = 11;
export const RISE_60: i32 = 12;
export const RISE_600: i32 = 13;
export const TEMPERATURE_10: i32 = 14;
export const TEMPERATURE_300: i32 = 15;

/** exp(-1 / tau): what is left after a second. */
const KEEP_2: f32 = 0.6065306597126334;
const KEEP_10: f32 = 0.9048374180359595;
const KEEP_20: f32 = 0.951229424500714;
const KEEP_30: f32 = 0.9672161004820059;
const KEEP_60: f32 = 0.9834714538216175;
const KEEP_120: f32 = 0.9917012926106221;
const KEEP_300: f32 = 0.9966722160545233;
const KEEP_600: f32 = 0.9983347214509387;

/** Keeps the logarithm of a still wrist finite: the noise of an accelerometer squared, g2. */
const STILL_SQUARES: f32 = 1e-6;
/** A second with more movement than this is one of locomotion or sport, 0.15 g squared. */
const ACTIVE_SQUARES: f32 = 0.0225;
/** Keeps the logarithm of a dry electrode finite, microsiemens. */
const EDA_OFFSET: f32 = 0.05;

/** Mean of a leak, NaN when too little has come in. */
export function meanOfLeak(at: usize, index: i32): f32 {
  const leak = leakAt(at, index);
  return leak.weight > 0.5 ? leak.sum / leak.weight : NaN;
}

/** Ends the second that is being filled. */
export function closeSecond(at: usize): void {
  const second = secondAt(at);
  feedHeart(at, second);
  feedMotion(at, second);
  feedEda(at, second);
  feedTemperature(at, second);
  memory.fill(changetype<usize>(second), 0, offsetof<StressSecond>());
}

function feed(at: usize, index: i32, keep: f32, sum: f32, weight: f32): void {
  const leak: Leak = leakAt(at, index);
  leak.sum = leak.sum * keep + sum;
  leak.weight = leak.weight * keep + weight;
}

function feedHeart(at: usize, second: StressSecond): void {
  feed(at, HEART_30, KEEP_30, second.beatWeight, second.beatSeconds);
  feed(at, HEART_120, KEEP_120, second.beatWeight, second.beatSeconds);
  feed(at, HEART_300, KEEP_300, second.beatWeight, second.beatSeconds);
  feed(at, CHANGE_60, KEEP_60, second.changeSum, second.changeCount);
  feed(at, CHANGE_600, KEEP_600, second.changeSum, second.changeCount);
}

function feedMotion(at: usize, second: StressSecond): void {
  const count = second.motionCount;
  const weight: f32 = count > 0 ? 1 : 0;
  const share = weight / max<f32>(count, 1);
  feed(at, FAST_30, KEEP_30, weight * logPower(second.fastSquares * share), weight);
  feed(at, MIDDLE_30, KEEP_30, weight * logPower(second.middleSquares * share), weight);
  feed(at, SLOW_30, KEEP_30, weight * logPower(second.slowSquares * share), weight);
  const isActive: f32 = second.allSquares * share > ACTIVE_SQUARES ? weight : 0;
  feed(at, ACTIVE_60, KEEP_60, isActive, weight);
  feed(at, ACTIVE_300, KEEP_300, isActive, weight);
}

function logPower(squares: f32): f32 {
  return logOf(squares + STILL_SQUARES) / 2;
}

function feedEda(at: usize, second: StressSecond): void {
  const state = stateAt(at);
  const weight: f32 = second.edaCount > 0 ? 1 : 0;
  const eda = weight * (second.edaSum / max(second.edaCount, 1));
  const logEda = weight * logOf(eda + EDA_OFFSET);
  feed(at, EDA_2, KEEP_2, eda, weight);
  feed(at, EDA_20, KEEP_20, logEda, weight);
  const now = meanOfLeak(at, EDA_2);
  const isKnown: f32 = state.edaIsOn && !isNaN(now) ? 1 : 0;
  const rise = isKnown > 0 ? max(now - state.edaBefore, 0) : 0;
  feed(at, RISE_60, KEEP_60, rise, isKnown);
  feed(at, RISE_600, KEEP_600, rise, isKnown);
  state.edaIsOn = isNaN(now) ? 0 : 1;
  state.edaBefore = isNaN(now) ? 0 : now;
}

function feedTemperature(at: usize, second: StressSecond): void {
  const weight: f32 = second.temperatureCount > 0 ? 1 : 0;
  const temperature = weight * (second.temperatureSum / max(second.temperatureCount, 1));
  feed(at, TEMPERATURE_10, KEEP_10, temperature, weight);
  feed(at, TEMPERATURE_300, KEEP_300, temperature, weight);
}
