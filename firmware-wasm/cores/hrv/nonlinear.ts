// The non-linear indices that a wearable needs besides the Poincare plot: both exponents of the detrended fluctuation analysis, and sample
// entropy. They need the order of the intervals, so they come before the sort of the time domain, and behind its deviation.

import { TICKS_PER_MS } from '../../dsp/tick-intervals';
import { fluctuationExponent, fluctuationWorkBytes } from './fluctuation';
import { HrvIndices, PROFILE_KUBIOS } from './layout';
import { sampleEntropy } from './sample-entropy';
import { put } from './values';

/** Fewer intervals have no exponent (NeuroKit2). */
const DFA_COUNT_MIN: i32 = 12;
const TOLERANCE_PER_DEVIATION: f64 = 0.2;

/** Bytes of `work`. */
export function nonlinearWorkBytes(countMax: i32): usize {
  return fluctuationWorkBytes(countMax);
}

export function computeNonlinear(values: HrvIndices, at: usize, count: i32, profile: i32, work: usize): void {
  if (count < 2) return;
  const tolerance = TOLERANCE_PER_DEVIATION * values.SDNN * <f64>TICKS_PER_MS;
  put(values, offsetof<HrvIndices>('SampEn'), sampleEntropy(at, count, tolerance));
  if (count < DFA_COUNT_MIN) return;
  const isKubios = profile === PROFILE_KUBIOS;
  const short = fluctuationExponent(at, count, 4, isKubios ? 12 : 11, work);
  const long = fluctuationExponent(at, count, isKubios ? 13 : 12, isKubios ? 64 : (count + 1) / 10, work);
  put(values, offsetof<HrvIndices>('DFA_alpha1'), short);
  put(values, offsetof<HrvIndices>('DFA_alpha2'), long);
}
