// Sine, exponential and square root from additions, multiplications and divisions alone. ECMAScript rounds those exactly
// (IEEE 754) but leaves Math.sin, Math.exp and Math.sqrt to the engine; a last bit of difference there could flip a count.
// Accurate to 1e-9 and far better, which is enough for counts and cheap enough for a day of ECG.

export const TWO_PI = 6.283185307179586;

// Taylor coefficients of sin(2 pi t) in t, odd powers 1..17; at t = 1/4 the first one left out is below 1e-13.
const SIN_COEFFICIENTS = [
  6.283185307179586, -41.34170224039976, 81.60524927607506, -76.70585975306139, 42.058693944897655, -15.09464257682299,
  3.819952584848282, -0.7181223017785006, 0.10422916220813984,
] as const;

/** sin(2 pi turns); turns up to 2^31 either way. */
export function sinTurns(turns: number): number {
  let t = turns - Math.floor(turns + 0.5); // -0.5 <= t < 0.5
  if (t > 0.25) t = 0.5 - t;
  else if (t < -0.25) t = -0.5 - t;
  const square = t * t;
  let sum = 0;
  for (let index = SIN_COEFFICIENTS.length - 1; index >= 0; index--) sum = sum * square + SIN_COEFFICIENTS[index]!;
  return sum * t;
}

/** cos(2 pi turns). */
export function cosTurns(turns: number): number {
  return sinTurns(turns + 0.25);
}

const EXP_TERMS = 14; // |r| <= ln2 / 2: the next term is below 1e-17
const EXP_MIN = -700; // below this the result would leave the normal range

/** e^x for x <= 0, which is all a bump needs; 0 below -700. */
export function expNegative(x: number): number {
  if (x > 0) throw new RangeError(`expNegative takes x <= 0, got ${x}`);
  if (x < EXP_MIN) return 0;
  const halvings = Math.floor(-x / Math.LN2 + 0.5);
  const rest = x + halvings * Math.LN2;
  let sum = 1;
  for (let term = EXP_TERMS; term > 0; term--) sum = 1 + (sum * rest) / term;
  return sum * powerOfHalf(halvings);
}

/** Exact: a product of powers of two. */
function powerOfHalf(count: number): number {
  let result = 1;
  let factor = 0.5;
  for (let left = count; left > 0; left = Math.floor(left / 2)) {
    if (left % 2 === 1) result *= factor;
    factor *= factor;
  }
  return result;
}

/** Square root for 0 and anything from 1e-100 to 1e100, by Newton's method on a number scaled to 0.25..1. */
export function squareRoot(x: number): number {
  if (!(x >= 0) || x > 1e100) throw new RangeError(`squareRoot takes 0..1e100, got ${x}`);
  if (x < 1e-100) return 0;
  let scaled = x;
  let scale = 1;
  for (; scaled > 1; scaled /= 4) scale *= 2;
  for (; scaled < 0.25; scaled *= 4) scale /= 2;
  let root = 0.35 + 0.65 * scaled; // within 6 %: four steps reach the last bits
  for (let count = 0; count < 4; count++) root = 0.5 * (root + scaled / root);
  return root * scale;
}
