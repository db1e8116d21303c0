// Fast Fourier transform in place (Cooley and Tukey 1965) in f32, and the powers of a real series by a transform of half its length. Every
// turn is computed anew, which on a device with f32 costs less than its loads and keeps its last digits however long the series is.

import { cosOf, sinOf } from './phase';

/** Replace `count` complex values { re: f32, im: f32 } by sum over m of z[m] exp(-2 pi i k m / count); `count` a power of two. */
function transform(at: usize, count: i32): void {
  reverseBits(at, count);
  const end = at + ((<usize>count) << 3);
  for (let span: usize = 8; at + span < end; span <<= 1) joinPairs(at, end, span);
}

/** One stage: sums and differences of values `span` bytes apart, the second of them turned by up to half a turn. */
function joinPairs(at: usize, end: usize, span: usize): void {
  const step = 0x80000000 / (<u32>span >> 3);
  let phase: u32 = 0;
  for (const firstEnd = at + span; at < firstEnd; at += 8) {
    const turnRe = cosOf(phase);
    const turnIm = -sinOf(phase);
    phase += step;
    for (let p = at; p < end; p += span << 1) {
      const q = p + span;
      const qRe = load<f32>(q);
      const qIm = load<f32>(q, 4);
      const re = qRe * turnRe - qIm * turnIm;
      const im = qRe * turnIm + qIm * turnRe;
      const pRe = load<f32>(p);
      const pIm = load<f32>(p, 4);
      store<f32>(q, pRe - re);
      store<f32>(q, pIm - im, 4);
      store<f32>(p, pRe + re);
      store<f32>(p, pIm + im, 4);
    }
  }
}

function reverseBits(at: usize, count: i32): void {
  let mirror: u32 = 0;
  for (let i: u32 = 0; i < <u32>count; i++) {
    if (i < mirror) {
      const p = at + ((<usize>i) << 3);
      const q = at + ((<usize>mirror) << 3);
      const pair = load<u64>(p);
      store<u64>(p, load<u64>(q));
      store<u64>(q, pair);
    }
    // Add one from the top: clear the leading ones, set the next bit.
    let bit = <u32>count >> 1;
    for (; mirror & bit; bit >>= 1) mirror ^= bit;
    mirror |= bit;
  }
}

/**
 * Write over `count` real values at `at` the squared magnitudes of bins 0 .. count / 4 of their transform, as f64: a power takes the place
 * of a pair that has been used.
 */
export function putSquares(at: usize, count: i32): void {
  const half = count >> 1;
  transform(at, half);
  const step = 0x80000000 / <u32>half;
  for (let k = 0; k <= half >> 1; k++) {
    const p = at + ((<usize>k) << 3);
    const q = k === 0 ? at : at + ((<usize>(half - k)) << 3);
    const turnRe = cosOf(<u32>k * step);
    const turnIm = -sinOf(<u32>k * step);
    // The even values' transform is (z + z*) / 2, the odd values' (z - z*) / 2i.
    const evenRe = load<f32>(p) + load<f32>(q);
    const evenIm = load<f32>(p, 4) - load<f32>(q, 4);
    const oddRe = load<f32>(p, 4) + load<f32>(q, 4);
    const oddIm = load<f32>(q) - load<f32>(p);
    const re = evenRe + oddRe * turnRe - oddIm * turnIm;
    const im = evenIm + oddRe * turnIm + oddIm * turnRe;
    store<f64>(p, <f64>((re * re + im * im) / 4));
  }
}
