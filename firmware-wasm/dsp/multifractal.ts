// The singularity spectrum of the exponents for the powers q = -5 ... 5 (Kantelhardt et al. 2002, Physica A 316), and the eight numbers
// NeuroKit2 takes from it: with tau = q h - 1, H = d tau / d q and D = q H - tau, where derivatives are differences of neighbours.

import { POWER_COUNT } from './fluctuation';

const POWER_MAX: i32 = POWER_COUNT >> 1;

/** A narrower spectrum consists of roundings: where its peak lies in it says nothing. */
const WIDTH_MIN: f64 = 1e-9;

/** Bytes of `work`. */
export const SPECTRUM_WORK_BYTES: usize = (<usize>POWER_COUNT) << 4;

/** Write Width Peak Mean Max Delta Asymmetry Fluctuation Increment of the exponents at `exponents` to `into`. */
export function computeSingularities(exponents: usize, work: usize, into: usize): void {
  const taus = work;
  const strengths = work + ((<usize>POWER_COUNT) << 3);
  for (let i = 0; i < POWER_COUNT; i++) put(taus, i, powerOf(i) * get(exponents, i) - 1);
  writeGradient(taus, strengths);
  // The dimensions take the place of the taus.
  for (let i = 0; i < POWER_COUNT; i++) put(taus, i, powerOf(i) * get(strengths, i) - get(taus, i));
  const highest = indexOfMax(strengths, 1);
  const lowest = indexOfMax(strengths, -1);
  const peak = get(strengths, indexOfMax(taus, 1));
  const width = get(strengths, highest) - get(strengths, lowest);
  put(into, 0, width);
  put(into, 1, peak);
  put(into, 2, (get(strengths, highest) + get(strengths, lowest)) / 2);
  put(into, 3, get(taus, highest));
  put(into, 4, get(taus, highest) - get(taus, lowest));
  put(into, 5, width > WIDTH_MIN ? (get(strengths, lowest) - peak) / width : NaN);
  writeGradient(exponents, taus);
  put(into, 7, sumOfSquares(taus));
  writeGradient(taus, strengths);
  put(into, 6, sumOfSquares(strengths) / <f64>(2 * POWER_MAX + 2));
}

function powerOf(index: i32): f64 {
  return <f64>(index - POWER_MAX);
}

function get(list: usize, index: i32): f64 {
  return load<f64>(list + ((<usize>index) << 3));
}

function put(list: usize, index: i32, value: f64): void {
  store<f64>(list + ((<usize>index) << 3), value);
}

/** Half the difference of the two neighbours; at the ends the difference to the only one. */
function writeGradient(from: usize, to: usize): void {
  const last = POWER_COUNT - 1;
  put(to, 0, get(from, 1) - get(from, 0));
  put(to, last, get(from, last) - get(from, last - 1));
  for (let i = 1; i < last; i++) put(to, i, (get(from, i + 1) - get(from, i - 1)) / 2);
}

/** The first index at which `sign` times the value is largest. */
function indexOfMax(list: usize, sign: f64): i32 {
  let best = 0;
  for (let i = 1; i < POWER_COUNT; i++) {
    if (sign * get(list, i) > sign * get(list, best)) best = i;
  }
  return best;
}

function sumOfSquares(list: usize): f64 {
  let sum: f64 = 0;
  for (let i = 0; i < POWER_COUNT; i++) sum += get(list, i) * get(list, i);
  return sum;
}
