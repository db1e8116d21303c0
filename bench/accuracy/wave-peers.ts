// What else a firmware could send, in bits a sample: differences as varints, the best of four fixed predictors with a Rice parameter in
// blocks of 64, gzip.

import { gzipSync } from 'node:zlib';
import type { WaveRecording } from './wave-recordings.ts';

export interface WavePeer {
  readonly name: string;
  readonly bitsOf: (recording: WaveRecording) => number;
}

const RICE_FRAMES = 64;
/** Two bits for the predictor, four for the parameter. */
const RICE_HEAD_BITS = 6;
const RICE_MAX = 15;
const PREDICTOR_COUNT = 4;

export const WAVE_PEERS: readonly WavePeer[] = [
  { name: 'varint of differences', bitsOf: varintBits },
  { name: 'fixed predictors + Rice, 64', bitsOf: riceBits },
  { name: 'gzip -9, whole recording', bitsOf: gzipBits },
];

function varintBits({ samples, channelCount }: WaveRecording): number {
  let bytes = 0;
  for (let i = 0; i < samples.length; i++) {
    const folded = fold(samples[i]! - (samples[i - channelCount] ?? 0));
    bytes += folded < 0x80 ? 1 : folded < 0x4000 ? 2 : 3;
  }
  return (8 * bytes) / samples.length;
}

/** Not a block that decodes alone: the samples before it are known. */
function riceBits({ samples, channelCount }: WaveRecording): number {
  let bits = 0;
  for (let c = 0; c < channelCount; c++) {
    let errors = Array.from({ length: PREDICTOR_COUNT }, () => [] as number[]);
    for (let i = c; i < samples.length; i += channelCount) {
      const at = (back: number) => samples[i - back * channelCount] ?? 0;
      const guesses = [0, at(1), 2 * at(1) - at(2), 3 * at(1) - 3 * at(2) + at(3)];
      for (const [order, guess] of guesses.entries()) errors[order]!.push(fold(samples[i]! - guess));
      if (errors[0]!.length < RICE_FRAMES && i + channelCount < samples.length) continue;
      bits += RICE_HEAD_BITS + Math.min(...errors.map(bestRice));
      errors = errors.map(() => []);
    }
  }
  return bits / samples.length;
}

function bestRice(errors: readonly number[]): number {
  let best = Number.POSITIVE_INFINITY;
  for (let rice = 0; rice <= RICE_MAX; rice++) {
    let bits = errors.length * (rice + 1);
    for (const error of errors) bits += error >> rice;
    best = Math.min(best, bits);
  }
  return best;
}

function gzipBits({ samples }: WaveRecording): number {
  const bytes = new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength);
  return (8 * gzipSync(bytes, { level: 9 }).length) / samples.length;
}

/** 0, -1, 1, -2 ... as 0, 1, 2, 3 ... */
function fold(value: number): number {
  return value < 0 ? -2 * value - 1 : 2 * value;
}
