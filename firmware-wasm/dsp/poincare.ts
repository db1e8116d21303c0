// The Poincare plot: every interval over the one before it. Spread across and along the line of identity (Brennan et al. 2001, IEEE
// Trans Biomed Eng 48; the deviations have n - 1), and what is made of the two: the cardiac sympathetic and vagal indices (Toichi et al.
// 1997, J Auton Nerv Syst 62) and the modified sympathetic one (Jeppesen et al. 2014, EMBC).

import { followsAt, lengthAt } from './series';

/** SD1, ms: spread of the points across the line of identity; NaN with less than two points. */
export function poincareAcross(at: usize, count: i32): f64 {
  return spreadOf(at, count, -1);
}

/** SD2, ms: spread along it. */
export function poincareAlong(at: usize, count: i32): f64 {
  return spreadOf(at, count, 1);
}

/** Write CSI, CVI, CSI_Modified to `into`. */
export function computeSympathetic(at: usize, count: i32, into: usize): void {
  const across = 4 * poincareAcross(at, count);
  const along = 4 * poincareAlong(at, count);
  store<f64>(into, along / across);
  store<f64>(into, Math.log(along * across) / Math.LN10, 8);
  store<f64>(into, (along * along) / across, 16);
}

/** Deviation of (interval + `sign` x the one before) / sqrt 2. */
function spreadOf(at: usize, count: i32, sign: f64): f64 {
  let points: f64 = 0;
  let mean: f64 = 0;
  let squares: f64 = 0;
  for (let i = 1; i < count; i++) {
    if (!followsAt(at, i)) continue;
    const value = lengthAt(at, i) + sign * lengthAt(at, i - 1);
    const away = value - mean;
    mean += away / ++points;
    squares += away * (value - mean);
  }
  return points < 2 ? NaN : Math.sqrt(squares / (2 * (points - 1)));
}
