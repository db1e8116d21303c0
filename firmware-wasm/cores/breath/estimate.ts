// From how much each rate explains to what the breathing rate is: a probability for each rate, and its middle, spread and peak.

import {
  ESTIMATE,
  Estimate,
  RATE_MIN_BRPM,
  RATE_STEP_BRPM,
  SOURCE_PPG_HEIGHT,
  SOURCE_RESPIRATION,
  SOURCE_RR,
} from './state';

/**
 * How much it says that a sinusoid explains a share of a source: half the number of independent values behind it, fitted to simulated
 * people (NOTES.md, "Evidence"). Heights and baselines count less one by one because they come in pairs from the same beats.
 */
const EVIDENCE_RR: f64 = 16;
const EVIDENCE_BEAT: f64 = 6.5;
/** The slow rhythm of vessels and heart, 0.1 Hz, looks like breathing 6 times a minute: below 9 its sources are believed less. */
const SLOW_BRPM: f64 = 9;
const EVIDENCE_SLOW: f64 = 0.3;
/** People breathe 15 times a minute, give or take a factor of 1.8; weak on purpose. */
const USUAL_BRPM: f64 = 15;
const USUAL_SPREAD: f64 = 0.6;
/** "Right" means: no farther off than this. */
export const NEAR_BRPM: f64 = 2;
const NEAR_STEPS: i32 = <i32>(NEAR_BRPM / RATE_STEP_BRPM);
/** Uneven breathing spreads a peak. This share of the variance within 6 breaths/min, of the fourth root of the likelihood, is error. */
const UNEVEN_SHARE: f64 = 0.2;
const UNEVEN_STEPS: i32 = 12;

/** Score of rate `index` if a sinusoid of that rate explains `share` (0..1) of a source: the logarithm of its likelihood. */
export function scoreOf(source: i32, index: i32, share: f64): f64 {
  const score = (source === SOURCE_RR ? -EVIDENCE_RR : -EVIDENCE_BEAT) * Math.log(1 - share);
  const isSlow = RATE_MIN_BRPM + RATE_STEP_BRPM * <f64>index < SLOW_BRPM;
  const hasSlowRhythm = source === SOURCE_RR || (source >= SOURCE_PPG_HEIGHT && source < SOURCE_RESPIRATION);
  return isSlow && hasSlowRhythm ? score * EVIDENCE_SLOW : score;
}

/** Reads a row of scores of which the first `rates` count. The answer stands until the next call. */
export function estimate(at: usize, row: usize, rates: i32): Estimate {
  const answer = changetype<Estimate>(at + ESTIMATE);
  const best = bestOf(row, rates);
  const bestScore = likelinessOf(row, best);
  let whole: f64 = 0;
  let near: f64 = 0;
  let nearMoment: f64 = 0;
  let spread: f64 = 0;
  let even: f64 = 0;
  let evenSpread: f64 = 0;
  for (let i = 0; i < rates; i++) {
    const chance = Math.exp(likelinessOf(row, i) - bestScore);
    const steps = <f64>(i - best);
    whole += chance;
    spread += chance * steps * steps;
    if (abs(i - best) <= UNEVEN_STEPS) {
      const root = Math.sqrt(Math.sqrt(chance));
      even += root;
      evenSpread += root * steps * steps;
    }
    if (abs(i - best) > NEAR_STEPS) continue;
    near += chance;
    nearMoment += chance * steps;
  }
  const middle = nearMoment / near;
  // The spread is around `best`; Steiner's rule moves it to the middle. A step of the grid is an even distribution.
  const variance = max(0, spread / whole - middle * middle) + (UNEVEN_SHARE * evenSpread) / even + 1 / 12;
  answer.rateBrpm = RATE_MIN_BRPM + RATE_STEP_BRPM * (<f64>best + middle);
  answer.errorBrpm = RATE_STEP_BRPM * Math.sqrt(variance);
  answer.quality = near / whole;
  return answer;
}

function bestOf(row: usize, rates: i32): i32 {
  let best = 0;
  for (let i = 1; i < rates; i++) {
    if (likelinessOf(row, i) > likelinessOf(row, best)) best = i;
  }
  return best;
}

/** Logarithm of the probability of rate `index`, but for a constant. */
function likelinessOf(row: usize, index: i32): f64 {
  const away = Math.log((RATE_MIN_BRPM + RATE_STEP_BRPM * <f64>index) / USUAL_BRPM) / USUAL_SPREAD;
  return load<f64>(row + ((<usize>index) << 3)) - 0.5 * away * away;
}
