// Fast Fourier transform in place (Cooley and Tukey 1965), and the powers of a real series by a transform of half its length.
// Values are pairs { re: f64, im: f64 }; counts are powers of two.

import { cosOfTurns, sinOfTurns } from './turns';

/** The smallest power of two that is at least `count`, and at least 8. */
export function powerOfTwoFrom(count: f64): i32 {
  let power = 8;
  while (<f64>power < count) power <<= 1;
  return power;
}

/** Replace `count` complex values by sum over m of z[m] exp(-2 pi i k m / count). */
export function transform(at: usize, count: i32): void {
  reverseBits(at, count);
  const end = at + ((<usize>count) << 4);
  for (let span: usize = 16; at + span < end; span <<= 1) joinPairs(at, end, span);
}

/** One stage: sums and differences of values `span` bytes apart, the second of them turned by up to half a turn. */
function joinPairs(at: usize, end: usize, span: usize): void {
  const turns = -8 / <f64>span;
  const stepRe = cosOfTurns(turns);
  const stepIm = sinOfTurns(turns);
  let turnRe: f64 = 1;
  let turnIm: f64 = 0;
  for (const firstEnd = at + span; at < firstEnd; at += 16) {
    for (let p = at; p < end; p += span << 1) {
      const q = p + span;
      const re = load<f64>(q) * turnRe - load<f64>(q, 8) * turnIm;
      const im = load<f64>(q) * turnIm + load<f64>(q, 8) * turnRe;
      store<f64>(q, load<f64>(p) - re);
      store<f64>(q, load<f64>(p, 8) - im, 8);
      store<f64>(p, load<f64>(p) + re);
      store<f64>(p, load<f64>(p, 8) + im, 8);
    }
    const next = turnRe * stepRe - turnIm * stepIm;
    turnIm = turnRe * stepIm + turnIm * stepRe;
    turnRe = next;
  }
}

function reverseBits(at: usize, count: i32): void {
  let mirror: u32 = 0;
  for (let i: u32 = 0; i < <u32>count; i++) {
    if (i < mirror) {
      const p = at + ((<usize>i) << 4);
      const q = at + ((<usize>mirror) << 4);
      const re = load<f64>(p);
      const im = load<f64>(p, 8);
      store<f64>(p, load<f64>(q));
      store<f64>(p, load<f64>(q, 8), 8);
      store<f64>(q, re);
      store<f64>(q, im, 8);
    }
    // Add one from the top: clear the leading ones, set the next bit.
    let bit = <u32>count >> 1;
    for (; mirror & bit; bit >>= 1) mirror ^= bit;
    mirror |= bit;
  }
}

/**
 * Add to (or, without `add`, store as) the f64 at `powers` the squared magnitudes of bins 0..binCount-1 of the `count` real values
 * at `at`, which are destroyed. binCount is at most count / 4 + 1. `powers` may be `at` itself when nothing is added: a power is
 * written over a pair that has been used.
 */
export function addPowers(at: usize, count: i32, powers: usize, binCount: i32, add: bool): void {
  const half = count >> 1;
  transform(at, half);
  const stepRe = cosOfTurns(-1 / <f64>count);
  const stepIm = sinOfTurns(-1 / <f64>count);
  let wRe: f64 = 1;
  let wIm: f64 = 0;
  for (let k = 0; k < binCount; k++) {
    const p = at + ((<usize>k) << 4);
    const q = k === 0 ? at : at + ((<usize>(half - k)) << 4);
    // The even values' transform is (z + z*) / 2, the odd values' (z - z*) / 2i.
    const evenRe = load<f64>(p) + load<f64>(q);
    const evenIm = load<f64>(p, 8) - load<f64>(q, 8);
    const oddRe = load<f64>(p, 8) + load<f64>(q, 8);
    const oddIm = load<f64>(q) - load<f64>(p);
    const re = evenRe + oddRe * wRe - oddIm * wIm;
    const im = evenIm + oddRe * wIm + oddIm * wRe;
    const power = (re * re + im * im) / 4;
    const to = powers + ((<usize>k) << 3);
    store<f64>(to, add ? load<f64>(to) + power : power);
    const next = wRe * stepRe - wIm * stepIm;
    wIm = wRe * stepIm + wIm * stepRe;
    wRe = next;
  }
}
