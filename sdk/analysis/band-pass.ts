// A Butterworth band-pass of second order, run forwards and back so that nothing is delayed.

interface Biquad {
  readonly b: readonly [number, number, number];
  readonly a1: number;
  readonly a2: number;
}

/** Points that are mirrored, with their sign turned, at both ends before filtering: three times the filter's length. */
const PAD = 15;

export function bandPassed(values: readonly number[], rateHz: number, lowHz: number, highHz: number): number[] {
  if (values.length <= PAD) return values.map(() => 0);
  const sections = designBandPass(rateHz, lowHz, highHz);
  const [first, last] = [values[0]!, values.at(-1)!];
  const before = Array.from({ length: PAD }, (_, i) => 2 * first - values[PAD - i]!);
  const after = Array.from({ length: PAD }, (_, i) => 2 * last - values[values.length - 2 - i]!);
  const forwards = run(sections, [...before, ...values, ...after]);
  const back = run(sections, forwards.toReversed()).toReversed();
  return back.slice(PAD, PAD + values.length);
}

/** Each section starts in the state that its first input, held for ever, would have left. */
function run(sections: readonly Biquad[], values: readonly number[]): number[] {
  let output = [...values];
  let held = values[0]!;
  for (const { b, a1, a2 } of sections) {
    const level = (held * (b[0] + b[1] + b[2])) / (1 + a1 + a2);
    let second = held * b[2] - a2 * level;
    let first = held * b[1] - a1 * level + second;
    output = output.map((x) => {
      const y = b[0] * x + first;
      first = b[1] * x - a1 * y + second;
      second = b[2] * x - a2 * y;
      return y;
    });
    held = level;
  }
  return output;
}

/** The two poles of the low-pass become two pairs around the band's centre; then the bilinear transform. */
function designBandPass(rateHz: number, lowHz: number, highHz: number): Biquad[] {
  const warp = (hz: number) => 2 * rateHz * Math.tan((Math.PI * hz) / rateHz);
  const [low, high] = [warp(lowHz), warp(highHz)];
  // Half of pole times bandwidth, and the root of its square less the centre squared.
  const half = { re: (-Math.SQRT1_2 * (high - low)) / 2, im: (Math.SQRT1_2 * (high - low)) / 2 };
  const square = { re: half.re ** 2 - half.im ** 2 - low * high, im: 2 * half.re * half.im };
  const size = Math.hypot(square.re, square.im);
  const root = { re: Math.sqrt((size + square.re) / 2), im: Math.sign(square.im) * Math.sqrt((size - square.re) / 2) };
  return [1, -1].map((sign) => {
    const re = half.re + sign * root.re;
    const im = half.im + sign * root.im;
    // z = (2 rate + s) / (2 rate - s), for the pole and its conjugate; the zeros are at 1 and -1.
    const c = 2 * rateHz;
    const divisor = (c - re) ** 2 + im ** 2;
    const zRe = (c * c - re * re - im * im) / divisor;
    const zSize = ((c + re) ** 2 + im ** 2) / divisor;
    const gain = (c * (high - low)) / divisor;
    return { b: [gain, 0, -gain], a1: -2 * zRe, a2: zSize };
  });
}
