// Logarithm and exponential in f32, to four digits: enough for a feature, and a hundredth of the work of f64 without hardware for it.

const LN2: f32 = <f32>Math.LN2;

/** Of a positive number. */
export function logOf(value: f32): f32 {
  const bits = reinterpret<u32>(value);
  const exponent = <i32>(bits >> 23) - 127;
  const mantissa = reinterpret<f32>((bits & 0x7fffff) | 0x3f800000);
  const t = (mantissa - 1) / (mantissa + 1);
  const square = t * t;
  return <f32>exponent * LN2 + <f32>2 * t * (square * (square * <f32>0.2 + <f32>(1.0 / 3.0)) + 1);
}

/** Of a number from -80 to 80. */
export function expOf(value: f32): f32 {
  const halvings = nearest<f32>(max<f32>(-80, min<f32>(80, value)) / LN2);
  const rest = value - halvings * LN2;
  const cubic = <f32>0.5 + rest * (<f32>(1.0 / 6.0) + rest * <f32>(1.0 / 24.0));
  return (rest * (rest * cubic + 1) + 1) * reinterpret<f32>((<u32>(<i32>halvings + 127)) << 23);
}
