// Log-odds as a sum of what each feature adds, a logistic regression: whoever reads the probability can see what drove it.

import { expOf } from '../../dsp/single';
import { FEATURE_CHANGE, FEATURE_EDA_RANGE, FEATURE_FAST, FEATURE_TEMPERATURE } from './features';
import { WEIGHTS } from './generated/weights.gen';
import { SENSOR_EDA, SENSOR_MOTION, StressFinding } from './layout';
import { FEATURE_COUNT, featureOf, stateAt } from './state';

/** Of a feature: mean, 1 / standard deviation, limit of the two together, weight. */
const NUMBERS_PER_FEATURE: i32 = 4;
const HEART_COUNT: i32 = FEATURE_FAST;
const MOTION_COUNT: i32 = FEATURE_EDA_RANGE;

/** Each set of weights: the log-odds of nothing known, then its features, which are the first so many of all. */
const MOTION_WEIGHTS: i32 = 1 + HEART_COUNT * NUMBERS_PER_FEATURE;
const ALL_WEIGHTS: i32 = MOTION_WEIGHTS + 1 + MOTION_COUNT * NUMBERS_PER_FEATURE;

export function computeProbability(at: usize, finding: StressFinding): void {
  const sensors = stateAt(at).sensors;
  let first = 0;
  let count = HEART_COUNT;
  if (sensors & SENSOR_MOTION) {
    const isAll = (sensors & SENSOR_EDA) !== 0;
    first = isAll ? ALL_WEIGHTS : MOTION_WEIGHTS;
    count = isAll ? FEATURE_COUNT : MOTION_COUNT;
  }
  const weights = WEIGHTS + ((<usize>first) << 2);
  const nothing = load<f32>(weights);
  const heartRate = partOf(at, weights, 0, FEATURE_CHANGE);
  const variability = partOf(at, weights, FEATURE_CHANGE, HEART_COUNT);
  const motion = partOf(at, weights, FEATURE_FAST, min(count, FEATURE_EDA_RANGE));
  const eda = partOf(at, weights, FEATURE_EDA_RANGE, min(count, FEATURE_TEMPERATURE));
  const temperature = partOf(at, weights, FEATURE_TEMPERATURE, count);
  finding.byNothing = nothing;
  finding.byHeartRate = heartRate;
  finding.byVariability = variability;
  finding.byMotion = motion;
  finding.byEda = eda;
  finding.byTemperature = temperature;
  finding.probability = 1 / (1 + expOf(-(nothing + heartRate + variability + motion + eda + temperature)));
}

/** What features `from` up to but not `to` add; one that is not there adds nothing, as if it were at its mean. */
function partOf(at: usize, weights: usize, from: i32, to: i32): f32 {
  let sum: f32 = 0;
  for (let i = from; i < to; i++) {
    const numbers = weights + ((<usize>(1 + i * NUMBERS_PER_FEATURE)) << 2);
    let away = (featureOf(at, i) - load<f32>(numbers)) * load<f32>(numbers, 4);
    const limit = load<f32>(numbers, 8);
    if (isNaN(away)) continue;
    if (away > limit) away = limit;
    if (away < -limit) away = -limit;
    sum += away * load<f32>(numbers, 12);
  }
  return sum;
}
