// Signals and a round trip for the tests of the wave cores.

import { WaveDecoder, WaveEncoder } from '../../host/wave-codec.ts';

export const MISSING = -32_768;

/** Small numbers that repeat: xorshift32. */
export function makeChance(seed: number): () => number {
  let state = seed >>> 0 || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return state / 2 ** 32;
  };
}

/** A rounded beat every 300 frames with noise on it: integers only, the same everywhere. */
export function madeWave(frames: number, channelCount: number, seed: number): Int16Array {
  const chance = makeChance(seed);
  return Int16Array.from({ length: frames * channelCount }, (_, i) => {
    const phase = Math.floor(i / channelCount) % 300;
    const beat = phase < 12 ? 60 * phase : phase < 24 ? 60 * (24 - phase) : 0;
    return 1000 + beat + Math.floor(chance() * 8);
  });
}

export function encodeAll(samples: Int16Array, channelCount: number, blockFrames: number): Uint8Array[] {
  const encoder = WaveEncoder.create({ channelCount, blockFrames });
  return [...encoder.push(samples), ...encoder.flush()];
}

export function decodeAll(blocks: readonly Uint8Array[], channelCount: number, blockFrames: number): number[] {
  const decoder = WaveDecoder.create({ channelCount, blockFrames });
  return blocks.flatMap((block) => {
    const samples = decoder.decode(block);
    if (samples === null) throw new Error('a block of our own was refused');
    return [...samples];
  });
}
