// A Butterworth band-pass of order 5 as five second-order sections g (1 - z^-2) / (1 + a1 z^-1 + a2 z^-2), each three f32: g, a1, a2.
//
// The low-pass poles lie on the unit circle's left half; s -> (s^2 + c) / (b s) makes two poles of each (c: product of the edges, b: their
// distance), and the bilinear transform, with the edges warped so that they stay where they are, makes them digital.

import { cosOfTurns, sinOfTurns } from './spectrum/turns';

const SECTION_BYTES: usize = 12;

/** Writes the five sections for `lowHz` to `highHz` at `rateHz` to `at`, 60 bytes. 0 < lowHz < highHz < rateHz / 2. */
export function designBandPass(at: usize, lowHz: f64, highHz: f64, rateHz: f64): void {
  const low = warped(lowHz / rateHz);
  const high = warped(highHz / rateHz);
  const width = high - low;
  const product = low * high;
  writeSection(at, width, width, product);
  // The two pairs of poles 36 and 72 degrees off the real axis.
  writePair(at + SECTION_BYTES, cosOfTurns(0.1), sinOfTurns(0.1), width, product);
  writePair(at + 3 * SECTION_BYTES, cosOfTurns(0.2), sinOfTurns(0.2), width, product);
}

/** tan(pi share): the analogue frequency that the bilinear transform puts at `share` of the rate. */
function warped(share: f64): f64 {
  return sinOfTurns(share / 2) / cosOfTurns(share / 2);
}

/** The sections of the low-pass pole -re + i im and of its mirror image: the roots of s^2 - p width s + product. */
function writePair(at: usize, re: f64, im: f64, width: f64, product: f64): void {
  const halfRe = (-re * width) / 2;
  const halfIm = (im * width) / 2;
  const squareRe = halfRe * halfRe - halfIm * halfIm - product;
  const squareIm = 2 * halfRe * halfIm;
  const size = Math.sqrt(squareRe * squareRe + squareIm * squareIm);
  const rootRe = Math.sqrt(max(0, (size + squareRe) / 2));
  const rootIm = (squareIm < 0 ? -1.0 : 1.0) * Math.sqrt(max(0, (size - squareRe) / 2));
  writePole(at, halfRe + rootRe, halfIm + rootIm, width);
  writePole(at + SECTION_BYTES, halfRe - rootRe, halfIm - rootIm, width);
}

function writePole(at: usize, re: f64, im: f64, width: f64): void {
  writeSection(at, width, -2 * re, re * re + im * im);
}

/** The section of gain s / (s^2 + a s + b). */
function writeSection(at: usize, gain: f64, a: f64, b: f64): void {
  const scale = 1 / (1 + a + b);
  store<f32>(at, <f32>(gain * scale));
  store<f32>(at + 4, <f32>((2 * b - 2) * scale));
  store<f32>(at + 8, <f32>((1 - a + b) * scale));
}

/** Takes `x` through `count` sections at `sections`, whose memories, two f32 each, lie at `memories`. */
export function bandPassStep(sections: usize, memories: usize, count: i32, x: f32): f32 {
  for (let i = 0; i < count; i++) {
    const section = sections + <usize>i * SECTION_BYTES;
    const delays = memories + ((<usize>i) << 3);
    const driven = load<f32>(section) * x;
    const y = driven + load<f32>(delays);
    store<f32>(delays, load<f32>(delays + 4) - load<f32>(section + 4) * y);
    store<f32>(delays + 4, -driven - load<f32>(section + 8) * y);
    x = y;
  }
  return x;
}
