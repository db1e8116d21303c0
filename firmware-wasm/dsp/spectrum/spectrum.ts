// Power of the heart rate's variability by frequency, in every profile: ten indices and their standard errors, in five definitions.
//
// profile       spectrum of the profile itself                                      bands, Hz                        shares
// maibo         4 Hz cubic, straight line removed, one Hann window over all         .0033 .04 .15 .4 .5              of the total
//                                                                                   from 1 h on ULF 0-.0033
// neurokit      Welch of the 100-Hz quadratic spline, to 1e-6 (neurokit-welch.ts)   0 .0033 .04 .15 .4 .5 from 4/T   of the total
// kubios        4 Hz cubic, smoothness priors, Welch with 300-s Hann windows        VLF 0-.04, .04 .15 .4 .5         of LF + HF
// taskforce     4 Hz cubic, straight line removed, one Hann window over all         as kubios; from 1 h on           of LF + HF
//                                                                                   ULF 0-.003, VLF .003-.04
//
// LF + HF is TP - VLF (Task Force 1996, Kubios' normalised units); LFn and HFn are fractions of 1. Other methods on request: Welch (300 s
// at 4 Hz, for neurokit its own), AR of order 16 at 4 Hz, Lomb-Scargle of the intervals themselves.
//
// A series with a gap in it is always taken by Lomb-Scargle at its real times, in segments of at most half an hour: no spline crosses a
// gap. What does not exist is NaN: fewer intervals than INTERVAL_COUNT_MIN (3 for neurokit), a band of which less than two cycles of
// its lowest frequency were measured (VLF: of 0.02 Hz), a ratio over 0. Neurokit follows NeuroKit2 there too:
// a band with less than two bins, or with a power of 0, does not exist.
//
// Standard errors are those of the estimate for this length of this spectrum (bandwidth and overlap of the windows; independent bands;
// ratios by the delta method). They know nothing of wrong beats or of a heart that changes within the window.

import { clearIndices, Densities } from './bands';
import { followsNeuroKit, INTERVAL_COUNT_MIN, METHOD_AR, METHOD_LOMB, PROFILE_NEUROKIT_NORMALISED } from './choices';
import { endsSpanS, hasGap, measuredS, spanS } from './clock';
import { fillGridDensities, gridBytes, hannVarianceHz } from './grid-spectrum';
import { fillLombSegments, lombBytes } from './lomb-segments';
import { computeWelch, planWelch, sampleCountOf, WelchPlan, welchBytes } from './neurokit-welch';
import { HF_CYCLES_S, putPowers, SPAN_MAX_S } from './powers';

/** The highest density, by which the normalised profile divides, is looked for up to here; the bands end at 0.5. */
const NORMALISED_HIGHEST_HZ: f64 = 1;
const HIGHEST_HZ: f64 = 0.5;

/**
 * Bytes at `work` that suffice for any series of at most `countMax` intervals that spans at most `spanMaxS`, gaps included. Without it,
 * half a second an interval is taken: 600 intervals for five minutes.
 */
export function spectrumWorkBytes(
  profile: i32,
  method: i32,
  countMax: i32,
  spanMaxS: f64 = 0.5 * <f64>countMax,
): usize {
  const spanS = min(spanMaxS, SPAN_MAX_S);
  return max(pathBytes(profile, method, countMax, spanS, false), pathBytes(profile, method, countMax, spanS, true));
}

/** Bytes for one series. */
function pathBytes(profile: i32, method: i32, count: i32, spanS: f64, gapped: bool): usize {
  const headBytes = offsetof<Densities>() + offsetof<WelchPlan>();
  if (gapped || method === METHOD_LOMB) return headBytes + lombBytes(spanS);
  if (isNeuroKitWelch(profile, method)) return headBytes + welchBytes(count, spanS * 100 + 2, highestHzOf(profile));
  return headBytes + gridBytes(profile, method, count, spanS);
}

function isNeuroKitWelch(profile: i32, method: i32): bool {
  return followsNeuroKit(profile) && method < METHOD_AR;
}

function highestHzOf(profile: i32): f64 {
  return profile === PROFILE_NEUROKIT_NORMALISED ? NORMALISED_HIGHEST_HZ : HIGHEST_HZ;
}

/**
 * Ten values and their standard errors at `out` and `errors`, in the order of bands.ts, from `count` intervals in ms at `at` (negative:
 * one that follows a gap) that end at `endsMs`. All are NaN when `workBytes` is less than this series needs.
 */
export function computeSpectrum(
  out: usize,
  errors: usize,
  at: usize,
  endsMs: usize,
  count: i32,
  profile: i32,
  method: i32,
  work: usize,
  workBytes: usize,
): void {
  clearIndices(out, errors);
  if (count < 3) return;
  const gapped = hasGap(at, count);
  const lengthOfAll = gapped || method === METHOD_LOMB ? endsSpanS(endsMs, count) : spanS(at, count);
  if (!(lengthOfAll > 0 && lengthOfAll <= SPAN_MAX_S)) return;
  if (pathBytes(profile, method, count, lengthOfAll, gapped) > workBytes) return;
  const densities = changetype<Densities>(work);
  const plan = changetype<WelchPlan>(work + offsetof<Densities>());
  const rest = work + offsetof<Densities>() + offsetof<WelchPlan>();
  const exact = !gapped && isNeuroKitWelch(profile, method);
  if (exact) fillNeuroKit(densities, plan, at, count, highestHzOf(profile), rest);
  else if (count < INTERVAL_COUNT_MIN || lengthOfAll < HF_CYCLES_S) return;
  else if (gapped || method === METHOD_LOMB)
    fillLombSegments(densities, at, endsMs, count, !followsNeuroKit(profile), rest);
  else fillGridDensities(densities, at, count, lengthOfAll, profile, method, rest);
  // NeuroKit2 leaves out what has fewer than four cycles in the series; of Lomb's segments, two bins are one cycle.
  if (!exact && followsNeuroKit(profile))
    densities.lowestHz = gapped || method === METHOD_LOMB ? 8 * densities.binHz : 4 / lengthOfAll;
  if (profile === PROFILE_NEUROKIT_NORMALISED) normalise(densities);
  putPowers(out, errors, densities, exact, profile, measuredS(at, count), lengthOfAll);
}

function fillNeuroKit(densities: Densities, plan: WelchPlan, at: usize, count: i32, highestHz: f64, work: usize): void {
  planWelch(plan, sampleCountOf(at, count), highestHz);
  densities.values = work;
  densities.count = plan.binCount;
  densities.binHz = plan.binHz;
  densities.lowestHz = plan.lowestHz;
  densities.varianceHz = hannVarianceHz(plan.segmentSamples / 100, plan.segmentCount);
  computeWelch(plan, at, count, work, work + ((<usize>plan.binCount) << 3));
}

/** Divide by the highest density. */
function normalise(densities: Densities): void {
  const end = densities.values + ((<usize>densities.count) << 3);
  let highest: f64 = 0;
  for (let at = densities.values; at < end; at += 8) highest = max(highest, load<f64>(at));
  if (highest === 0) return;
  for (let at = densities.values; at < end; at += 8) store<f64>(at, load<f64>(at) / highest);
}
