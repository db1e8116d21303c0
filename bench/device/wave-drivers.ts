// `wave-encode` and `wave-decode`: two minutes of ECG in one channel and of acceleration in three; decoded are the blocks that were made.

import type { DeviceDriver } from './device-driver.ts';
import { generatedModule } from './generated-module.ts';
import { MOTION_HZ, makeEcgCounts, makeWrist } from './made-wearer.ts';
import { bytesOf, cut } from './pushes.ts';
import { playHere } from './tape.ts';

const DURATION_S = 120;
const BLOCK_FRAMES = 512;
const I16_BYTES = 2;
const COUNTS_PER_G = 256;

export function waveDrivers(): DeviceDriver[] {
  return [
    ...waveDriversOf('ECG', 1, makeEcgCounts(DURATION_S)),
    ...waveDriversOf(
      'acceleration',
      3,
      Int16Array.from(makeWrist(DURATION_S, MOTION_HZ).frames, (g) => g * COUNTS_PER_G),
    ),
  ];
}

export function waveDriversOf(name: string, channels: number, samples: Int16Array): DeviceDriver[] {
  const shape = { name, sizeNumbers: [channels, BLOCK_FRAMES], initNumbers: [channels, BLOCK_FRAMES], budget: null };
  const blockSamples = channels * BLOCK_FRAMES;
  const unit = { unit: 'sample', unitCount: samples.length };
  const encode: DeviceDriver = {
    ...shape,
    ...unit,
    core: 'wave-encode',
    elementBytes: I16_BYTES,
    findingBytes: 1,
    /** The most that a block can have. */
    pollCount: I16_BYTES * blockSamples + 4,
    pushes: cut(bytesOf(samples), 64 * channels * I16_BYTES),
  };
  const blocks: Uint8Array[] = [];
  playHere(generatedModule('wave-encode'), encode, (block) => blocks.push(block));
  const decode: DeviceDriver = {
    ...shape,
    ...unit,
    core: 'wave-decode',
    elementBytes: 1,
    findingBytes: I16_BYTES,
    pollCount: blockSamples,
    pushes: blocks,
  };
  return [encode, decode];
}
