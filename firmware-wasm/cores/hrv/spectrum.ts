// Power by frequency in the profile maibo: ten indices and their standard errors. What the bands are and when they exist:
// dsp/spectrum/spectrum.ts, which gives the same numbers in f64; here the samples and bins are f32.

import { clearIndices, Densities } from '../../dsp/spectrum/bands';
import { INTERVAL_COUNT_MIN, PROFILE_MAIBO } from '../../dsp/spectrum/choices';
import { HF_CYCLES_S, putPowers, SPAN_MAX_S } from '../../dsp/spectrum/powers';
import { TICKS_PER_MS, TickIntervals, ticksOf } from '../../dsp/tick-intervals';
import { endsSpanTicks, fillGappedDensities, gappedBytes } from './gapped-spectrum';
import { runEnd, signedAt } from './series';
import { fillWholeDensities, wholeBytes } from './whole-spectrum';

const TICKS_PER_S: f64 = 1000 * <f64>TICKS_PER_MS;

/** Bytes at `work` that suffice for any series of at most `countMax` intervals that spans at most `spanMaxS`, gaps included. */
export function spectrumWorkBytes(countMax: i32, spanMaxS: f64): usize {
  const spanTicks = <i64>(min(spanMaxS, SPAN_MAX_S) * TICKS_PER_S);
  return offsetof<Densities>() + max(gappedBytes(spanTicks), wholeBytes(countMax, spanTicks));
}

/** Ten values and their standard errors, in the order of bands.ts, of the window that is due; NaN where `workBytes` do not suffice. */
export function computeSpectrum(out: usize, errors: usize, at: usize, work: usize, workBytes: usize): void {
  clearIndices(out, errors);
  const window = changetype<TickIntervals>(at);
  const count = window.dueCount;
  if (count < INTERVAL_COUNT_MIN) return;
  const allTicks = window.dueTicks();
  const isGapped = runEnd(ticksOf(at), count, 0) < count;
  const spanTicks = isGapped ? endsSpanTicks(at, count) : allTicks - signedAt(ticksOf(at), 0);
  const spanS = <f64>spanTicks / TICKS_PER_S;
  if (!(spanS >= HF_CYCLES_S && spanS <= SPAN_MAX_S)) return;
  const bytes = isGapped ? gappedBytes(spanTicks) : wholeBytes(count, spanTicks);
  if (offsetof<Densities>() + bytes > workBytes) return;
  const densities = changetype<Densities>(work);
  const rest = work + offsetof<Densities>();
  const measuredS = <f64>allTicks / TICKS_PER_S;
  if (isGapped) fillGappedDensities(densities, at, count, spanTicks, measuredS, rest);
  else fillWholeDensities(densities, ticksOf(at), count, spanTicks, rest);
  putPowers(out, errors, densities, false, PROFILE_MAIBO, measuredS, spanS);
}
