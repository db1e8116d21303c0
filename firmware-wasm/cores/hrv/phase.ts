// Sine and cosine in f32 of a phase in 2^-32 turns: phases of multiples are products that overflow, and no angle has to be reduced.

const QUARTER: i32 = 0x40000000;
const RADIANS: f32 = 1.4629180792671596e-9;

/** 2 pi / 2^32 times `phase` is the angle. */
export function sinOf(phase: u32): f32 {
  let rest = <i32>phase;
  // Beyond a quarter turn: half a turn minus the angle has the same sine.
  if (rest > QUARTER || rest < -QUARTER) rest = <i32>0x80000000 - rest;
  const angle = <f32>rest * RADIANS;
  const square = angle * angle;
  // Taylor series; the first term left out is below 6e-8.
  let sum: f32 = -2.505210838544172e-8;
  sum = 2.7557319223985893e-6 + square * sum;
  sum = -1.984126984126984e-4 + square * sum;
  sum = 8.333333333333333e-3 + square * sum;
  sum = -0.16666666666666666 + square * sum;
  return angle + angle * square * sum;
}

export function cosOf(phase: u32): f32 {
  return sinOf(phase + <u32>QUARTER);
}
