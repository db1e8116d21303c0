// Logarithm and exponential in f32, good to 3e-7 of one or of the result: a microcontroller has no other floating point in hardware,
// where Math.log costs two thousand instructions and these some thirty.

const LN2: f32 = <f32>Math.LN2;
const SQRT2: f32 = <f32>Math.SQRT2;
const PER_LN2: f32 = <f32>Math.LOG2E;
/** ln 2 in two parts, the first of so few digits that its multiples are exact (Cody and Waite 1980). */
const LN2_HIGH: f32 = 0.693359375;
const LN2_LOW: f32 = -2.1219444e-4;

/** Of a positive, normal number. */
export function logOf(value: f32): f32 {
  const bits = reinterpret<u32>(value);
  let exponent = <i32>(bits >> 23) - 127;
  let mantissa = reinterpret<f32>((bits & 0x7fffff) | 0x3f800000);
  if (mantissa > SQRT2) {
    mantissa *= 0.5;
    exponent++;
  }
  const t = (mantissa - 1) / (mantissa + 1);
  const square = t * t;
  const series = square * (<f32>(1.0 / 3.0) + square * (<f32>0.2 + square * <f32>(1.0 / 7.0)));
  return <f32>exponent * LN2 + <f32>2 * t * (series + 1);
}

/** Of any number; what lies beyond -80 and 80 is taken for these. */
export function expOf(value: f32): f32 {
  const cut = value > 80 ? <f32>80 : value < -80 ? <f32>-80 : value;
  const halvings = <i32>(cut * PER_LN2 + (cut < 0 ? <f32>-0.5 : <f32>0.5));
  const rest = cut - <f32>halvings * LN2_HIGH - <f32>halvings * LN2_LOW;
  const fourth = <f32>(1.0 / 24.0) + rest * (<f32>(1.0 / 120.0) + rest * <f32>(1.0 / 720.0));
  const power = rest * (rest * (<f32>0.5 + rest * (<f32>(1.0 / 6.0) + rest * fourth)) + 1) + 1;
  return power * reinterpret<f32>((<u32>(halvings + 127)) << 23);
}

/** Cosine of so many turns, 0 or more. */
export function cosOfTurns(turns: f32): f32 {
  // To within a quarter of a turn of 0 or a half, whose cosines differ in their sign alone.
  const halves = <i32>(turns * 2 + 0.5);
  const angle = (turns - <f32>halves * <f32>0.5) * <f32>(2 * Math.PI);
  const square = angle * angle;
  const sixth = <f32>(-1.0 / 720.0) + square * (<f32>(1.0 / 40320.0) - square * <f32>(1.0 / 3628800.0));
  const cosine = square * (<f32>-0.5 + square * (<f32>(1.0 / 24.0) + square * sixth)) + 1;
  return halves & 1 ? -cosine : cosine;
}
