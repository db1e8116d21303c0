// A Butterworth band-pass of order 3 as three second-order sections (1 - z^-2) / (1 + a1 z^-1 + a2 z^-2) and one gain for all.
//
// The low-pass poles lie on the unit circle's left half; s -> (s^2 + c) / (b s) makes two poles of each (c: product of the edges, b: their
// distance), and the bilinear transform, with the edges warped so that they stay where they are, makes them digital.

import { sectionAt } from './state';

const PI: f32 = <f32>Math.PI;
/** Of the poles 60 degrees off the real axis. */
const POLE_RE: f32 = 0.5;
const POLE_IM: f32 = 0.8660254;
/** How much nearer to each other the edges of 3 dB are than those of 6 dB: the sixth root of 3. */
const NARROWER: f32 = 1.200937;

/** Writes the sections for 6 dB less at `lowHz` and `highHz` and returns the gain. 0 < lowHz < highHz <= 0.45 rateHz. */
export function designBandPass(at: usize, lowHz: f32, highHz: f32, rateHz: f32): f32 {
  const low = warped(lowHz / rateHz);
  const high = warped(highHz / rateHz);
  const width = (high - low) / NARROWER;
  const product = low * high;
  // The roots of s^2 - p width s + product for the pole p: half of p width, and a square root to either side.
  const halfRe: f32 = -0.5 * POLE_RE * width;
  const halfIm: f32 = 0.5 * POLE_IM * width;
  const squareRe: f32 = halfRe * halfRe - halfIm * halfIm - product;
  const squareIm: f32 = 2 * halfRe * halfIm;
  // The square is far left of the imaginary axis, where this half of its root has no cancellation.
  const rootIm = sqrt<f32>(0.5 * (sqrt<f32>(squareRe * squareRe + squareIm * squareIm) - squareRe));
  const rootRe = squareIm / (2 * rootIm);
  const scale = writeSection(at, 0, width, product);
  const above = writePole(at, 1, halfRe + rootRe, halfIm + rootIm);
  return width * width * width * scale * above * writePole(at, 2, halfRe - rootRe, halfIm - rootIm);
}

/** tan(pi share), by the continued fraction of Lambert: the analogue frequency that the bilinear transform puts at `share` of the rate. */
function warped(share: f32): f32 {
  const angle = PI * share;
  let sum: f32 = 15;
  for (let k: f32 = 13; k >= 1; k -= 2) sum = k - (angle * angle) / sum;
  return angle / sum;
}

function writePole(at: usize, index: i32, re: f32, im: f32): f32 {
  return writeSection(at, index, -2 * re, re * re + im * im);
}

/** The section of s / (s^2 + a s + b), without the factor that it returns. */
function writeSection(at: usize, index: i32, a: f32, b: f32): f32 {
  const scale: f32 = 1 / (1 + a + b);
  const section = sectionAt(at, index);
  section.a1 = (2 * b - 2) * scale;
  section.a2 = (1 - a + b) * scale;
  return scale;
}
