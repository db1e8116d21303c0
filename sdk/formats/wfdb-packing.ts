// How WFDB packs samples, after PhysioNet's signal(5). Each function picks every `stride`-th sample of a block that starts
// on a packing boundary, marks the format's "missing" value as NaN and returns the sum of the raw samples (the checksum).
//
//   16    lo hi                                       two's complement, -32768 missing
//   80    b                                           b - 128, -128 missing
//   212   b0 = a[7..0]  b1 = b[11..8] a[11..8]  b2 = b[7..0]     12-bit two's complement, -2048 missing

import type { WfdbPacking } from './wfdb-header.ts';

/** Which samples to take (counted in the block) and where they go. */
export interface Pick {
  readonly first: number;
  readonly stride: number;
  readonly into: Float32Array;
  readonly intoFirst: number;
  readonly intoStride: number;
  readonly count: number;
}

export type PickSamples = (block: Uint8Array, pick: Pick) => number;

export const PICK: Readonly<Record<WfdbPacking, PickSamples>> = { 16: pick16, 80: pick80, 212: pick212 };

export const SAMPLE_BITS: Readonly<Record<WfdbPacking, number>> = { 16: 16, 80: 8, 212: 12 };

/** Bytes that hold so many samples; an odd last sample of format 212 takes two. */
export function packedBytes(packing: WfdbPacking, sampleCount: number): number {
  return Math.ceil((sampleCount * SAMPLE_BITS[packing]) / 8);
}

/** Whole samples in so many bytes. */
export function samplesInBytes(packing: WfdbPacking, byteCount: number): number {
  return Math.floor((byteCount * 8) / SAMPLE_BITS[packing]);
}

function pick16(block: Uint8Array, { first, stride, into, intoFirst, intoStride, count }: Pick): number {
  let sum = 0;
  for (let n = 0, from = first * 2, to = intoFirst; n < count; n++, from += stride * 2, to += intoStride) {
    const value = ((block[from]! | (block[from + 1]! << 8)) << 16) >> 16;
    sum = (sum + value) | 0;
    into[to] = value === -32768 ? Number.NaN : value;
  }
  return sum;
}

function pick80(block: Uint8Array, { first, stride, into, intoFirst, intoStride, count }: Pick): number {
  let sum = 0;
  for (let n = 0, from = first, to = intoFirst; n < count; n++, from += stride, to += intoStride) {
    const value = block[from]! - 128;
    sum = (sum + value) | 0;
    into[to] = value === -128 ? Number.NaN : value;
  }
  return sum;
}

function pick212(block: Uint8Array, { first, stride, into, intoFirst, intoStride, count }: Pick): number {
  let sum = 0;
  for (let n = 0, from = first, to = intoFirst; n < count; n++, from += stride, to += intoStride) {
    const at = (from >> 1) * 3;
    const middle = block[at + 1]!;
    const isSecond = (from & 1) === 1;
    const raw = isSecond ? ((middle & 0xf0) << 4) | block[at + 2]! : ((middle & 0x0f) << 8) | block[at]!;
    const value = (raw << 20) >> 20;
    sum = (sum + value) | 0;
    into[to] = value === -2048 ? Number.NaN : value;
  }
  return sum;
}
