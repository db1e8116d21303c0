// The features of a window: ten numbers, none of which knows what time it is. NOTES.md tells why these.

import { logOf } from '../../dsp/single';
import {
  CHANGE_60,
  CHANGE_600,
  EDA_20,
  FAST_30,
  HEART_30,
  HEART_120,
  HEART_300,
  MIDDLE_30,
  meanOfLeak,
  RISE_60,
  RISE_600,
  SLOW_30,
  TEMPERATURE_10,
  TEMPERATURE_300,
} from './leaks';
import { addToRing, ringCount, ringTenth, ringValue } from './ring';
import { EDA_RING, HEART_RING, leakAt, SCRATCH, setFeature } from './state';

/** Log of the heart rate in bpm. */
export const FEATURE_RATE: i32 = 0;
/** The same above the person's own tenth percentile. */
export const FEATURE_RATE_ABOVE: i32 = 1;
/** Mean log of the relative change from beat to beat, one minute and ten. */
export const FEATURE_CHANGE: i32 = 2;
export const FEATURE_CHANGE_SLOW: i32 = 3;
/** Log of the movement in three bands. */
export const FEATURE_FAST: i32 = 4;
export const FEATURE_MIDDLE: i32 = 5;
export const FEATURE_SLOW: i32 = 6;
/** Log of the skin's conductance: its place in the range of the last hour, and how fast it rises, above ten minutes. */
export const FEATURE_EDA_RANGE: i32 = 7;
export const FEATURE_EDA_RISE: i32 = 8;
/** Skin temperature above that of five minutes. */
export const FEATURE_TEMPERATURE: i32 = 9;

/** Seconds of good intervals below which there is no heart rate. */
export const HEART_SECONDS_MIN: f32 = 4;
/** Seconds of good intervals from which a rate counts as the person's own. */
const OWN_SECONDS_MIN: f32 = 6;
/** A thin minute leans on the two before it with this weight, and those on five. */
const LEAN_S: f32 = 4;
const CHANGE_COUNT_MIN: f32 = 8;
/** Of a skin that hardly changes, a range says little: added to the range of the logarithm. */
const EDA_RANGE_OFFSET: f32 = 0.1;
const RISE_OFFSET: f32 = 0.001;

export function computeFeatures(at: usize): void {
  const logRate = logOf(60 * heartHz(at));
  const hasRate = leakAt(at, HEART_120).weight > HEART_SECONDS_MIN;
  if (hasRate && leakAt(at, HEART_30).weight > OWN_SECONDS_MIN) addToRing(at + HEART_RING, logRate);
  const hasOwn = hasRate && ringCount(at + HEART_RING) > 0;
  setFeature(at, FEATURE_RATE, hasRate ? logRate : NaN);
  setFeature(at, FEATURE_RATE_ABOVE, hasOwn ? logRate - ringTenth(at + HEART_RING, at + SCRATCH) : NaN);
  setFeature(at, FEATURE_CHANGE, changeOf(at, CHANGE_60));
  setFeature(at, FEATURE_CHANGE_SLOW, changeOf(at, CHANGE_600));
  setFeature(at, FEATURE_FAST, meanOfLeak(at, FAST_30));
  setFeature(at, FEATURE_MIDDLE, meanOfLeak(at, MIDDLE_30));
  setFeature(at, FEATURE_SLOW, meanOfLeak(at, SLOW_30));
  computeEda(at);
  setFeature(at, FEATURE_TEMPERATURE, meanOfLeak(at, TEMPERATURE_10) - meanOfLeak(at, TEMPERATURE_300));
}

/** Beats per second: a minute, and where it holds little, what was before it. */
export function heartHz(at: usize): f32 {
  const long = leakAt(at, HEART_300);
  const middle = leakAt(at, HEART_120);
  const short = leakAt(at, HEART_30);
  if (!(long.weight > 0)) return NaN;
  const middleHz = (middle.sum + LEAN_S * (long.sum / long.weight)) / (middle.weight + LEAN_S);
  return (short.sum + LEAN_S * middleHz) / (short.weight + LEAN_S);
}

function changeOf(at: usize, index: i32): f32 {
  const leak = leakAt(at, index);
  return leak.weight > CHANGE_COUNT_MIN ? leak.sum / leak.weight : NaN;
}

function computeEda(at: usize): void {
  const level = meanOfLeak(at, EDA_20);
  const isKnown = !isNaN(level);
  if (isKnown) addToRing(at + EDA_RING, level);
  setFeature(at, FEATURE_EDA_RANGE, isKnown ? placeInRange(at, level) : NaN);
  setFeature(at, FEATURE_EDA_RISE, isKnown ? logRise(at, RISE_60) - logRise(at, RISE_600) : NaN);
}

function placeInRange(at: usize, level: f32): f32 {
  const ring = at + EDA_RING;
  let lowest = level;
  let highest = level;
  for (let i = 0; i < ringCount(ring); i++) {
    const value = ringValue(ring, i);
    if (value < lowest) lowest = value;
    if (value > highest) highest = value;
  }
  return (level - lowest) / (highest - lowest + EDA_RANGE_OFFSET);
}

function logRise(at: usize, index: i32): f32 {
  return logOf(meanOfLeak(at, index) + RISE_OFFSET);
}
