// A window is over: its features, its probability with what drove it, or why there is none, and the indices.

import {
  computeFeatures,
  FEATURE_CHANGE,
  FEATURE_EDA_RANGE,
  FEATURE_FAST,
  FEATURE_RATE,
  FEATURE_RATE_ABOVE,
  FEATURE_TEMPERATURE,
  heartHz,
} from './features';
import { computeIndices } from './indices';
import {
  FLAG_EXERCISE,
  FLAG_NOT_PLAUSIBLE,
  FLAG_SENSOR_MISSING,
  FLAG_TOO_FEW_BEATS,
  FLAG_WARMING_UP,
  SENSOR_EDA,
  SENSOR_MOTION,
  SENSOR_TEMPERATURE,
} from './layout';
import { ACTIVE_60, ACTIVE_300, meanOfLeak } from './leaks';
import { computeProbability } from './probability';
import { enqueue } from './queue';
import { ringCount } from './ring';
import { featureOf, HEART_RING, stateAt } from './state';
import { forgetBefore } from './taken';

/** Windows of heart rate until the person's own baseline is worth its name: five minutes. */
const WARM_COUNT: i32 = 10;
/** Good intervals in five minutes below which a heart rate is hearsay. */
const COUNT_MIN: u32 = 30;
/** Share of active seconds: in this minute, or in the last five; a heart takes minutes to come down. */
const ACTIVE_60_MAX: f32 = 0.7;
const ACTIVE_300_MAX: f32 = 0.5;
/** Mental stress adds 10 to 30 bpm: half as much again as the person's own, or this rate, is sport, fever or a wrong detector. */
const LOG_RATE_ABOVE_MAX: f32 = 0.405;
const LOG_RATE_MAX: f32 = 5.011;
/** Intervals this alike (a change of 0.02 % in the mean) come from a pacemaker or a test signal. */
const CHANGE_MIN: f32 = -5.26;

const BITS_PROBABILITY: u32 = 0x7f;
const BIT_RATE: u32 = 0x80;
const FIRST_INDEX_BIT: u32 = 8;

export function closeWindow(at: usize, endS: i32): void {
  forgetBefore(at, endS);
  computeFeatures(at);
  const finding = enqueue(at);
  finding.timeS = endS;
  finding.valid = computeIndices(at, finding, FIRST_INDEX_BIT);
  const isBlind = isNaN(featureOf(at, FEATURE_RATE)) || finding.count < COUNT_MIN;
  finding.flags |= flagsOf(at, isBlind);
  if (isBlind) return;
  finding.heartRateBpm = <f32>60 * heartHz(at);
  finding.valid |= BIT_RATE;
  if (finding.flags & (FLAG_EXERCISE | FLAG_NOT_PLAUSIBLE)) return;
  computeProbability(at, finding);
  finding.valid |= BITS_PROBABILITY;
}

function flagsOf(at: usize, isBlind: bool): u16 {
  let flags: u16 = isBlind ? FLAG_TOO_FEW_BEATS : 0;
  if (ringCount(at + HEART_RING) < WARM_COUNT) flags |= FLAG_WARMING_UP;
  if (isExercising(at)) flags |= FLAG_EXERCISE;
  if (!isBlind && !isPlausible(at)) flags |= FLAG_NOT_PLAUSIBLE;
  if (isSensorMissing(at)) flags |= FLAG_SENSOR_MISSING;
  return flags;
}

function isExercising(at: usize): bool {
  if (!(stateAt(at).sensors & SENSOR_MOTION)) return false;
  return meanOfLeak(at, ACTIVE_60) > ACTIVE_60_MAX || meanOfLeak(at, ACTIVE_300) > ACTIVE_300_MAX;
}

/** Written so that a feature that is not there objects to nothing. */
function isPlausible(at: usize): bool {
  if (featureOf(at, FEATURE_RATE) > LOG_RATE_MAX) return false;
  if (featureOf(at, FEATURE_RATE_ABOVE) > LOG_RATE_ABOVE_MAX) return false;
  return !(featureOf(at, FEATURE_CHANGE) < CHANGE_MIN);
}

function isSensorMissing(at: usize): bool {
  const sensors = stateAt(at).sensors;
  if (sensors & SENSOR_MOTION && isNaN(featureOf(at, FEATURE_FAST))) return true;
  if (sensors & SENSOR_EDA && isNaN(featureOf(at, FEATURE_EDA_RANGE))) return true;
  return (sensors & SENSOR_TEMPERATURE) !== 0 && isNaN(featureOf(at, FEATURE_TEMPERATURE));
}
