// From densities to the ten indices and their standard errors. Places of the indices, in the order of NeuroKit2's columns.

export const ULF: usize = 0;
export const VLF: usize = 8;
export const LF: usize = 16;
export const HF: usize = 24;
export const VHF: usize = 32;
export const TP: usize = 40;
export const LFHF: usize = 48;
export const LF_SHARE: usize = 56;
export const HF_SHARE: usize = 64;
export const LN_HF: usize = 72;
export const INDEX_COUNT: i32 = 10;

/** No index exists. */
export function clearIndices(out: usize, errors: usize): void {
  for (let i: usize = 0; i < (<usize>INDEX_COUNT) << 3; i += 8) {
    store<f64>(out + i, NaN);
    store<f64>(errors + i, NaN);
  }
}

/** Densities at multiples of binHz from 0 on. */
@unmanaged
export class Densities {
  values: usize;
  count: i32;
  binHz: f64;
  /** Bandwidth of the estimate over its degrees of freedom, Hz: the variance of a power is this times the integral of density^2. */
  varianceHz: f64;
  /** Frequencies below are left out, Hz. */
  lowestHz: f64;
}

/**
 * A band as NeuroKit2 takes it: the trapezoids between the bins from lowHz on and below highHz; a power of 0 is no power. The product
 * index x binHz is rounded as there, since bins often lie on an edge.
 */
export function putBinBand(
  out: usize,
  errors: usize,
  place: usize,
  densities: Densities,
  lowHz: f64,
  highHz: f64,
): void {
  const fromHz = max(lowHz, densities.lowestHz);
  let from: f64 = 0;
  while (from * densities.binHz < fromHz) from++;
  let end = from;
  while (end * densities.binHz < highHz) end++;
  putIntegral(out, errors, place, densities, from, end - 1);
  if (load<f64>(out + place) === 0) store<f64>(out + place, NaN);
}

/** A band from edge to edge. */
export function putBand(out: usize, errors: usize, place: usize, densities: Densities, lowHz: f64, highHz: f64): void {
  const from = max(lowHz, densities.lowestHz) / densities.binHz;
  putIntegral(out, errors, place, densities, from, highHz / densities.binHz);
}

/** The integral of the density from one place between bins to another, linear between bins, and its variance. */
function putIntegral(out: usize, errors: usize, place: usize, densities: Densities, from: f64, end: f64): void {
  if (from >= end) return;
  let power: f64 = 0;
  let squares: f64 = 0;
  while (from < end) {
    const bin = floor(from);
    const to = min(bin + 1, end);
    const address = densities.values + ((<usize>bin) << 3);
    const density = load<f64>(address);
    const rise = load<f64>(address, 8) - density;
    const low = density + rise * (from - bin);
    const high = density + rise * (to - bin);
    power += (to - from) * (low + high);
    squares += (to - from) * (low * low + low * high + high * high);
    from = to;
  }
  store<f64>(out + place, (power * densities.binHz) / 2);
  store<f64>(errors + place, (squares * densities.binHz * densities.varianceHz) / 3);
}

/**
 * Total, ratio, shares and logarithm from the bands in `out` and their variances in `errors`, which become standard errors. NeuroKit2's
 * total is the sum of the bands there are, and its shares are of that; else the total is all up to 0.4 Hz, and shares are of LF + HF.
 */
export function putRatios(out: usize, errors: usize, ofTotal: bool): void {
  const lf = load<f64>(out, LF);
  const hf = load<f64>(out, HF);
  const lfVariance = load<f64>(errors, LF);
  const hfVariance = load<f64>(errors, HF);
  let total: f64 = ofTotal ? 0 : load<f64>(out, VLF) + lf + hf;
  let variance: f64 = ofTotal ? 0 : load<f64>(errors, VLF) + lfVariance + hfVariance;
  for (let place = ULF; place <= (ofTotal ? VHF : ULF); place += 8) {
    const power = load<f64>(out + place);
    if (isNaN(power)) continue;
    total += power;
    variance += load<f64>(errors + place);
  }
  put(out, errors, TP, total, variance);
  put(out, errors, LFHF, lf / hf, (lfVariance + (lf / hf) * (lf / hf) * hfVariance) / (hf * hf));
  const whole = ofTotal ? total : lf + hf;
  const wholeVariance = ofTotal ? variance : lfVariance + hfVariance;
  putShare(out, errors, LF_SHARE, lf / whole, lfVariance, whole, wholeVariance);
  putShare(out, errors, HF_SHARE, hf / whole, hfVariance, whole, wholeVariance);
  put(out, errors, LN_HF, Math.log(hf), hfVariance / (hf * hf));
  for (let place: usize = 0; place <= LN_HF; place += 8) {
    store<f64>(errors + place, sqrt(load<f64>(errors + place)));
  }
}

/** Variance of a part's share of the whole: part and rest do not depend on each other. */
function putShare(
  out: usize,
  errors: usize,
  place: usize,
  share: f64,
  part: f64,
  whole: f64,
  wholeVariance: f64,
): void {
  const rest = wholeVariance - part;
  put(out, errors, place, share, ((1 - share) * (1 - share) * part + share * share * rest) / (whole * whole));
}

function put(out: usize, errors: usize, place: usize, value: f64, variance: f64): void {
  if (!isFinite(value)) return;
  store<f64>(out + place, value);
  store<f64>(errors + place, isFinite(variance) ? variance : NaN);
}
