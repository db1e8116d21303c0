// Sine and cosine of an angle counted in turns. Angles here are time times rate, of which only the fraction matters; that leaves out
// the reduction by pi that makes the general functions large.

const TWO_PI: f64 = 6.283185307179586;

/** sin(2 pi x), to 1e-11. */
export function sinTurns(x: f64): f64 {
  // To -0.5..0.5, then mirrored to -0.25..0.25.
  let y = x - floor(x + 0.5);
  if (y > 0.25) y = 0.5 - y;
  else if (y < -0.25) y = -0.5 - y;
  const a = y * TWO_PI;
  const b = a * a;
  // The series of the sine, as nested fractions: the last term left out is a^17 / 17!.
  let sum: f64 = 1;
  for (let n: f64 = 14; n >= 2; n -= 2) sum = 1 - (b / (n * (n + 1))) * sum;
  return a * sum;
}

/** cos(2 pi x), to 1e-11. */
export function cosTurns(x: f64): f64 {
  return sinTurns(x + 0.25);
}
