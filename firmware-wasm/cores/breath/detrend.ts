// What is not breathing taken out of the points: the slow course, and single values that do not belong there (ectopic beats, a jolt).

import { medianOf } from '../../dsp/order';
import { sortAscending } from '../../dsp/sort';
import { pointAt, SUMS, stateAt, WINDOW_S } from './state';

/** The slow course is a cubic: three bends in a window, slower than any breath that is looked for. */
const DEGREE: i32 = 3;
/** Values farther off are left out; median distance times 1.4826 is the standard deviation of a normal distribution. */
const OUTLIER_DEVIATIONS: f64 = 4 * 1.4826;
/** With more left out it is no row with outliers. */
const OUTLIER_SHARE_MAX: f64 = 0.3;

/** Values are f32: what is left of equal ones is below this share of their energy. */
const ROUNDING: f64 = 1e-12;

/** Leaves the rest of the values in the points. Returns false when there is nothing to look at. */
export function detrend(at: usize): bool {
  const count = stateAt(at).pointCount;
  const whole = energyOf(at);
  if (!removeCubic(at) || !(energyOf(at) > ROUNDING * whole)) return false;
  // The middle distance from 0; the sums of the spectrum are not in use yet.
  for (let i = 0; i < count; i++) store<f64>(at + SUMS + ((<usize>i) << 3), abs(pointAt(at, i).value));
  sortAscending(at + SUMS, count);
  const limit = OUTLIER_DEVIATIONS * medianOf(at + SUMS, count);
  let leftOut = 0;
  for (let i = 0; i < count; i++) {
    const point = pointAt(at, i);
    if (abs(point.value) <= limit) continue;
    point.weight = 0;
    point.value = 0;
    leftOut += 1;
  }
  if (<f64>leftOut > OUTLIER_SHARE_MAX * <f64>count) return false;
  return leftOut === 0 || removeCubic(at);
}

function energyOf(at: usize): f64 {
  let energy: f64 = 0;
  for (let i = 0; i < stateAt(at).pointCount; i++) {
    const point = pointAt(at, i);
    energy += point.weight * point.value * point.value;
  }
  return energy;
}

/**
 * Subtracts the weighted least-squares cubic. The polynomials are made orthogonal over these very points by their three-term
 * recurrence (Forsythe 1957), so that no equations have to be solved. False: the points do not carry one.
 */
function removeCubic(at: usize): bool {
  const count = stateAt(at).pointCount;
  // p(n+1) = (x - a) p(n) - b p(n-1), walked anew for each degree: nothing has to be stored but a and b.
  let a0: f64 = 0;
  let a1: f64 = 0;
  let a2: f64 = 0;
  let b1: f64 = 0;
  let b2: f64 = 0;
  let previousNorm: f64 = 0;
  for (let degree = 0; degree <= DEGREE; degree++) {
    let norm: f64 = 0;
    let shift: f64 = 0;
    let along: f64 = 0;
    for (let i = 0; i < count; i++) {
      const point = pointAt(at, i);
      const x = placeOf(point.timeS);
      const p = polynomial(x, degree, a0, a1, a2, b1, b2);
      norm += point.weight * p * p;
      shift += point.weight * x * p * p;
      along += point.weight * p * point.value;
    }
    if (!(norm > 1e-9)) return false;
    const factor = along / norm;
    for (let i = 0; i < count; i++) {
      const point = pointAt(at, i);
      point.value -= factor * polynomial(placeOf(point.timeS), degree, a0, a1, a2, b1, b2);
    }
    if (degree === 0) a0 = shift / norm;
    if (degree === 1) a1 = shift / norm;
    if (degree === 2) a2 = shift / norm;
    if (degree === 1) b1 = norm / previousNorm;
    if (degree === 2) b2 = norm / previousNorm;
    previousNorm = norm;
  }
  return true;
}

/** The window as -1..1. */
function placeOf(timeS: f64): f64 {
  return 1 + (2 * timeS) / WINDOW_S;
}

function polynomial(x: f64, degree: i32, a0: f64, a1: f64, a2: f64, b1: f64, b2: f64): f64 {
  if (degree === 0) return 1;
  const p1 = x - a0;
  if (degree === 1) return p1;
  const p2 = (x - a1) * p1 - b1;
  return degree === 2 ? p2 : (x - a2) * p2 - b2 * p1;
}
