// Log-odds as a sum of what each feature adds, a logistic regression: whoever reads the probability can see what drove it.

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
  const weights = WEIGHTS + ((<usize>first) << 3);
  finding.byNothing = load<f64>(weights);
  finding.byHeartRate = partOf(at, weights, 0, FEATURE_CHANGE);
  finding.byVariability = partOf(at, weights, FEATURE_CHANGE, HEART_COUNT);
  finding.byMotion = partOf(at, weights, FEATURE_FAST, min(count, FEATURE_EDA_RANGE));
  finding.byEda = partOf(at, weights, FEATURE_EDA_RANGE, min(count, FEATURE_TEMPERATURE));
  finding.byTemperature = partOf(at, weights, FEATURE_TEMPERATURE, count);
  const heart = finding.byNothing + finding.byHeartRate + finding.byVariability;
  const logOdds = heart + finding.byMotion + finding.byEda + finding.byTemperature;
  finding.probability = 1 / (1 + Math.exp(-logOdds));
}

/** What features `from` up to but not `to` add; one that is not there adds nothing, as if it were at its mean. */
function partOf(at: usize, weights: usize, from: i32, to: i32): f64 {
  let sum: f64 = 0;
  for (let i = from; i < to; i++) {
    const numbers = weights + ((<usize>(1 + i * NUMBERS_PER_FEATURE)) << 3);
    const away = (featureOf(at, i) - load<f64>(numbers)) * load<f64>(numbers, 8);
    const limit = load<f64>(numbers, 16);
    if (!isNaN(away)) sum += max(-limit, min(limit, away)) * load<f64>(numbers, 24);
  }
  return sum;
}
