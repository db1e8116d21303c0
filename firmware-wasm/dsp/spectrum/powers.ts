// From densities to the powers of the bands: which bands were measured for long enough, and what becomes of them.

import { Densities, HF, putBand, putBinBand, putRatios, ULF, VHF } from './bands';
import { countsAllPower, PROFILE_TASKFORCE } from './choices';

/** 115 days. Counts of samples and bytes stay whole numbers of 32 bits. */
export const SPAN_MAX_S: f64 = 1e7;
export const HF_CYCLES_S: f64 = 2 / 0.15;
const HOUR_S: f64 = 3600;

/** Upper edges of the bands (ULF's depends), and the time that must be measured for each. */
const BAND_ENDS: usize = memory.data<f64>([0, 0.04, 0.15, 0.4, 0.5]);
const BAND_SECONDS: usize = memory.data<f64>([HOUR_S, 2 / 0.02, 2 / 0.04, 2 / 0.15, 2 / 0.15]);

/** Fill the ten values and their errors from densities of `measuredS` seconds of intervals that span `spanS`; `exact`: bands as NeuroKit2 takes them. */
export function putPowers(
  out: usize,
  errors: usize,
  densities: Densities,
  exact: bool,
  profile: i32,
  measuredS: f64,
  spanS: f64,
): void {
  putBands(out, errors, densities, exact, ulfEdgeHz(profile, measuredS), measuredS);
  // Too short for any band: its total is not 0, it is unknown.
  if (spanS < HF_CYCLES_S && isNaN(load<f64>(out, HF)) && isNaN(load<f64>(out, VHF))) return;
  putRatios(out, errors, countsAllPower(profile));
}

/** The bands, with ULF's upper edge, that were measured for long enough; `exact` takes those of NeuroKit2 as they are. */
function putBands(out: usize, errors: usize, densities: Densities, exact: bool, ulfHz: f64, measuredS: f64): void {
  let lowHz: f64 = 0;
  for (let place = ULF; place <= VHF; place += 8) {
    const highHz: f64 = place === ULF ? ulfHz : load<f64>(BAND_ENDS + place);
    if (exact) putBinBand(out, errors, place, densities, lowHz, highHz);
    else if (measuredS >= load<f64>(BAND_SECONDS + place)) putBand(out, errors, place, densities, lowHz, highHz);
    lowHz = highHz;
  }
}

/** Where VLF begins; 0 when there is no ULF. */
function ulfEdgeHz(profile: i32, measuredS: f64): f64 {
  if (countsAllPower(profile)) return 0.0033;
  return profile === PROFILE_TASKFORCE && measuredS >= HOUR_S ? 0.003 : 0;
}
