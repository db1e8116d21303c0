// The size of one beat, and the signal it stands on. Breathing moves both: the chest turns the heart's axis and shifts the electrodes,
// and pressure in it fills and empties the vessels (Charlton et al. 2016, 10.1088/0967-3334/37/4/610).

import { BreathBeat, KIND_ECG_BEAT } from './layout';
import { samplePlace, stateAt } from './state';

/** QRS complex around its R peak. Its energy, unlike its highest sample, does not depend on where the samples fall. */
const QRS_HALF_S: f64 = 0.06;
/** The level before the complex: after the P wave at usual rates. */
const LEVEL_FROM_S: f64 = 0.11;
const LEVEL_TO_S: f64 = 0.07;
/** A pulse around its steepest point: the foot before, the peak after. */
const FOOT_S: f64 = 0.3;
const PEAK_S: f64 = 0.3;

/** Seconds around a beat that have to be there. */
export function beforeS(signal: i32): f64 {
  return signal === KIND_ECG_BEAT ? LEVEL_FROM_S : FOOT_S;
}

export function afterS(signal: i32): f64 {
  return signal === KIND_ECG_BEAT ? QRS_HALF_S : PEAK_S;
}

/** Fills in `value` and `baseline` of the beat at `sample`. False: a sample is missing there. */
export function measure(at: usize, sample: f64, finding: BreathBeat): bool {
  return stateAt(at).signal === KIND_ECG_BEAT ? measureQrs(at, sample, finding) : measurePulse(at, sample, finding);
}

function measureQrs(at: usize, sample: f64, finding: BreathBeat): bool {
  const rateHz = <f64>stateAt(at).rateHz;
  const levelFrom = Math.round(sample - LEVEL_FROM_S * rateHz);
  const levelTo = max(levelFrom, Math.round(sample - LEVEL_TO_S * rateHz));
  let sum: f64 = 0;
  for (let i = levelFrom; i <= levelTo; i++) sum += valueAt(at, i);
  const level = sum / (levelTo - levelFrom + 1);
  const from = Math.ceil(sample - QRS_HALF_S * rateHz);
  const to = floor(sample + QRS_HALF_S * rateHz);
  let energy: f64 = 0;
  for (let i = from; i <= to; i++) {
    const away = valueAt(at, i) - level;
    energy += away * away;
  }
  const value = Math.sqrt(energy / (to - from + 1));
  finding.value = <f32>value;
  finding.baseline = <f32>level;
  return isFinite(finding.value) && isFinite(finding.baseline);
}

function measurePulse(at: usize, sample: f64, finding: BreathBeat): bool {
  const rateHz = <f64>stateAt(at).rateHz;
  const middle = Math.round(sample);
  const from = Math.ceil(sample - FOOT_S * rateHz);
  const to = floor(sample + PEAK_S * rateHz);
  let foot: f64 = Infinity;
  let peak: f64 = -Infinity;
  for (let i = from; i <= to; i++) {
    const value = valueAt(at, i);
    // Not by min and max alone: a missing sample has to be seen.
    if (!isFinite(value)) return false;
    if (i <= middle) foot = min(foot, value);
    if (i >= middle) peak = max(peak, value);
  }
  finding.value = <f32>(peak - foot);
  finding.baseline = <f32>foot;
  return true;
}

function valueAt(at: usize, number: f64): f64 {
  return <f64>load<f32>(samplePlace(at, number)) * <f64>stateAt(at).polarity;
}
