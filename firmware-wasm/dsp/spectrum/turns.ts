// Sine and cosine of an angle in turns. A transform's angles are fractions of a turn, so nothing is lost in reducing them, and the
// compiler's general sine with its tables for huge arguments (2 kB) stays out of the module.

const TURN: f64 = 6.283185307179586;

/** sin(2 pi turns), to some 1e-16. */
export function sinOfTurns(turns: f64): f64 {
  let rest = turns - nearest(turns);
  if (rest > 0.25) rest = 0.5 - rest;
  else if (rest < -0.25) rest = -0.5 - rest;
  const angle = rest * TURN;
  const square = angle * angle;
  // Taylor series from its far end; up to a quarter turn the first term left out is 1e-18.
  let sum: f64 = 1;
  for (let k: f64 = 20; k >= 2; k -= 2) sum = 1 - (square * sum) / (k * (k + 1));
  return angle * sum;
}

/** cos(2 pi turns). */
export function cosOfTurns(turns: f64): f64 {
  return sinOfTurns(0.25 + (turns - nearest(turns)));
}
