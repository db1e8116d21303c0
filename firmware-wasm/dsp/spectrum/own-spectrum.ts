// The spectrum of the profile maibo alone, for a core that must be small: 4-Hz cubic spline, straight line removed, one Hann window; a
// series with a gap by Lomb and Scargle. What the bands are and when they exist: spectrum.ts, which gives the same numbers.

import { clearIndices, Densities } from './bands';
import { INTERVAL_COUNT_MIN, PROFILE_MAIBO } from './choices';
import { endsSpanS, hasGap, measuredS, spanS } from './clock';
import { fillWholeDensities, wholeBytes } from './grid-spectrum';
import { fillLombSegments, lombBytes } from './lomb-segments';
import { HF_CYCLES_S, putPowers, SPAN_MAX_S } from './powers';

/** Bytes at `work` that suffice for any series of at most `countMax` intervals that spans at most `spanMaxS`, gaps included. */
export function ownSpectrumWorkBytes(countMax: i32, spanMaxS: f64): usize {
  const spanS = min(spanMaxS, SPAN_MAX_S);
  return offsetof<Densities>() + max(lombBytes(spanS), wholeBytes(countMax, spanS));
}

/** As `computeSpectrum` in spectrum.ts for PROFILE_MAIBO. */
export function computeOwnSpectrum(
  out: usize,
  errors: usize,
  at: usize,
  endsMs: usize,
  count: i32,
  work: usize,
  workBytes: usize,
): void {
  clearIndices(out, errors);
  if (count < INTERVAL_COUNT_MIN) return;
  const gapped = hasGap(at, count);
  const lengthS = gapped ? endsSpanS(endsMs, count) : spanS(at, count);
  if (!(lengthS >= HF_CYCLES_S && lengthS <= SPAN_MAX_S)) return;
  const bytes = gapped ? lombBytes(lengthS) : wholeBytes(count, lengthS);
  if (offsetof<Densities>() + bytes > workBytes) return;
  const densities = changetype<Densities>(work);
  const rest = work + offsetof<Densities>();
  if (gapped) fillLombSegments(densities, at, endsMs, count, true, rest);
  else fillWholeDensities(densities, at, count, lengthS, rest);
  putPowers(out, errors, densities, false, PROFILE_MAIBO, measuredS(at, count), lengthS);
}
