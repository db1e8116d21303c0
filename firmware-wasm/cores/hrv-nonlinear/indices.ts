// All indices of one signed series, each family written where the layout has it. The series is only read.

import { ASYMMETRY_WORK_BYTES, computeAsymmetry } from '../../dsp/asymmetry';
import { Baevsky, computeBaevsky } from '../../dsp/baevsky';
import { CORRELATION_COUNT_MAX, CORRELATION_WORK_BYTES, correlationDimension } from '../../dsp/correlation-dimension';
import { computeExponents, fluctuationWorkBytes, POWER_COUNT } from '../../dsp/fluctuation';
import { HIGUCHI_WORK_BYTES, higuchiDimension, katzDimension } from '../../dsp/fractal-dimension';
import { computeFragmentation, FRAGMENTATION_WORK_BYTES } from '../../dsp/fragmentation';
import { FUZZY_COUNT_MAX, fuzzyEntropy, fuzzyWorkBytes } from '../../dsp/fuzzy-entropy';
import { LEMPEL_ZIV_COUNT_MAX, lempelZivComplexity, lempelZivWorkBytes } from '../../dsp/lempel-ziv';
import { computeSingularities, SPECTRUM_WORK_BYTES } from '../../dsp/multifractal';
import { computeMultiscale, MULTISCALE_COUNT_MAX, multiscaleWorkBytes } from '../../dsp/multiscale';
import { computeSympathetic } from '../../dsp/poincare';
import { computeRecurrence, RECURRENCE_COUNT_MAX, recurrenceWorkBytes } from '../../dsp/recurrence';
import { copyLengths } from '../../dsp/series';
import { shannonEntropy, shannonWorkBytes } from '../../dsp/shannon-entropy';
import { sortAscending } from '../../dsp/sort';
import { computeSymbolic, symbolicWorkBytes } from '../../dsp/symbolic';
import { approximateEntropy, TEMPLATE_COUNT_MAX, templateWorkBytes, toleranceOf } from '../../dsp/template-match';
import { HrvNonlinear, PROFILE_KUBIOS, PROFILE_NEUROKIT, PROFILE_NEUROKIT_NORMALISED } from './layout';

/** Fewer intervals have no exponents (NeuroKit2). */
const FLUCTUATION_COUNT_MIN: i32 = 12;

const EXPONENTS_BYTES: usize = ((<usize>POWER_COUNT) << 3) + SPECTRUM_WORK_BYTES;

/** Is the series so long that an index of all pairs of intervals is not computed? */
export function lacksPairs(count: i32): bool {
  const least = min(min(TEMPLATE_COUNT_MAX, FUZZY_COUNT_MAX), min(MULTISCALE_COUNT_MAX, CORRELATION_COUNT_MAX));
  return count > min(least, min(LEMPEL_ZIV_COUNT_MAX, RECURRENCE_COUNT_MAX));
}

/** Bytes of `work` for up to `count` intervals: one index after the other, so what the neediest takes. */
export function indicesWorkBytes(count: i32): usize {
  let bytes = max(ASYMMETRY_WORK_BYTES, max(FRAGMENTATION_WORK_BYTES, max(CORRELATION_WORK_BYTES, HIGUCHI_WORK_BYTES)));
  bytes = max(bytes, fluctuationWorkBytes(count) + EXPONENTS_BYTES);
  bytes = max(bytes, max(templateWorkBytes(count), fuzzyWorkBytes(min(count, FUZZY_COUNT_MAX))));
  bytes = max(bytes, multiscaleWorkBytes(min(count, MULTISCALE_COUNT_MAX)));
  bytes = max(bytes, max(shannonWorkBytes(count), symbolicWorkBytes(count)));
  bytes = max(bytes, max(lempelZivWorkBytes(count), recurrenceWorkBytes(min(count, RECURRENCE_COUNT_MAX))));
  return (bytes + 7) & ~7;
}

export function computeIndices(values: HrvNonlinear, at: usize, count: i32, profile: i32, work: usize): void {
  if (count < 2) return;
  const to = changetype<usize>(values);
  computeSympathetic(at, count, to + offsetof<HrvNonlinear>('HRV_CSI'));
  computeFragmentation(at, count, work, to + offsetof<HrvNonlinear>('HRV_PIP'));
  computeAsymmetry(at, count, work, to + offsetof<HrvNonlinear>('HRV_GI'));
  computeFluctuation(values, at, count, profile, work);
  computeEntropies(values, at, count, profile, work);
  values.HRV_CD = correlationDimension(at, count, work);
  values.HRV_HFD = higuchiDimension(at, count, work);
  values.HRV_KFD = katzDimension(at, count);
  values.HRV_LZC = lempelZivComplexity(at, count, work);
  computeSymbolic(at, count, work, to + offsetof<HrvNonlinear>('HRV_Symbolic_EqualProb4_0V'));
  computeRecurrence(at, count, work, to + offsetof<HrvNonlinear>('RecurrenceRate'));
  copyLengths(at, count, work);
  sortAscending(work, count);
  computeBaevsky(work, count, changetype<Baevsky>(to + offsetof<HrvNonlinear>('si')));
}

function computeFluctuation(values: HrvNonlinear, at: usize, count: i32, profile: i32, work: usize): void {
  if (count < FLUCTUATION_COUNT_MIN) return;
  const to = changetype<usize>(values);
  const isKubios = profile === PROFILE_KUBIOS;
  const long = isKubios ? 64 : (count + 1) / 10;
  computeSpectrum(at, count, 4, isKubios ? 12 : 11, work, to + offsetof<HrvNonlinear>('HRV_MFDFA_alpha1_Width'));
  computeSpectrum(at, count, isKubios ? 13 : 12, long, work, to + offsetof<HrvNonlinear>('HRV_MFDFA_alpha2_Width'));
}

function computeSpectrum(at: usize, count: i32, shortest: i32, longest: i32, work: usize, into: usize): void {
  const exponents = work + fluctuationWorkBytes(count);
  computeExponents(at, count, shortest, longest, work, exponents);
  computeSingularities(exponents, exponents + ((<usize>POWER_COUNT) << 3), into);
}

function computeEntropies(values: HrvNonlinear, at: usize, count: i32, profile: i32, work: usize): void {
  const tolerance = toleranceOf(at, count);
  const isNeurokit = profile === PROFILE_NEUROKIT || profile === PROFILE_NEUROKIT_NORMALISED;
  values.HRV_ApEn = approximateEntropy(at, count, tolerance, work);
  values.HRV_ShanEn = shannonEntropy(at, count, work);
  values.HRV_FuzzyEn = fuzzyEntropy(at, count, tolerance, work);
  computeMultiscale(
    at,
    count,
    tolerance,
    isNeurokit ? 1 : 2,
    work,
    changetype<usize>(values) + offsetof<HrvNonlinear>('HRV_MSEn'),
  );
}
