// The non-linear indices that a wearable needs: Poincare plot, both exponents of the detrended fluctuation analysis, sample entropy.
// They need the order of the intervals, so they come before the time domain, which sorts.

import { fluctuationExponent, fluctuationWorkBytes } from '../../dsp/fluctuation';
import { poincareAcross, poincareAlong } from '../../dsp/poincare';
import { sampleEntropy, templateWorkBytes, toleranceOf } from '../../dsp/template-match';
import { HrvIndices, PROFILE_KUBIOS } from './layout';
import { put } from './values';

/** Fewer intervals have no exponent (NeuroKit2). */
const DFA_COUNT_MIN: i32 = 12;

/** Bytes of `work` behind the series. */
export function nonlinearWorkBytes(countMax: i32): usize {
  return max(fluctuationWorkBytes(countMax), (templateWorkBytes(countMax) + 7) & ~7);
}

export function computeNonlinear(values: HrvIndices, at: usize, count: i32, profile: i32, work: usize): void {
  if (count < 2) return;
  const across = poincareAcross(at, count);
  const along = poincareAlong(at, count);
  put(values, offsetof<HrvIndices>('SD1'), across);
  put(values, offsetof<HrvIndices>('SD2'), along);
  put(values, offsetof<HrvIndices>('SD1SD2'), across / along);
  put(values, offsetof<HrvIndices>('S'), Math.PI * across * along);
  put(values, offsetof<HrvIndices>('SampEn'), sampleEntropy(at, count, toleranceOf(at, count), work));
  if (count < DFA_COUNT_MIN) return;
  const isKubios = profile === PROFILE_KUBIOS;
  const short = fluctuationExponent(at, count, 4, isKubios ? 12 : 11, work);
  const long = fluctuationExponent(at, count, isKubios ? 13 : 12, isKubios ? 64 : (count + 1) / 10, work);
  put(values, offsetof<HrvIndices>('DFA_alpha1'), short);
  put(values, offsetof<HrvIndices>('DFA_alpha2'), long);
}
