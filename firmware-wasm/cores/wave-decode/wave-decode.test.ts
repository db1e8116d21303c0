// Hostile bytes: whatever comes, an answer, and nothing outside the instance and the output is written.

import { describe, expect, it } from 'vitest';
import { coreCatalog } from '../../host/core-catalog.ts';
import { instantiateCore } from '../../host/core-module.ts';
import { WaveDecoder } from '../../host/wave-codec.ts';
import { encodeAll, MISSING, madeWave, makeChance } from '../wave-encode/wave.testkit.ts';

const FRAMES = 64;
const CHANNELS = 2;
const BAD_ARGUMENT = -2;

function wavesOfAllModes(): Uint8Array[] {
  const wave = madeWave(FRAMES, CHANNELS, 4);
  const gaps = wave.map((sample, i) => (i % 40 < 10 ? MISSING : sample));
  const chance = makeChance(11);
  const noise = wave.map(() => Math.floor(chance() * 65_536) - 32_768);
  return [wave, gaps, noise].flatMap((samples) => encodeAll(samples, CHANNELS, FRAMES));
}

describe('wave-decode', () => {
  const blocks = wavesOfAllModes();

  it('is tried with a block of every mode', () => {
    expect(blocks.map((block) => (block[0]! >> 3) & 3).sort()).toEqual([0, 1, 2]);
  });

  it('answers 10^5 changed, cut, lengthened and random blocks, and writes nowhere else', { timeout: 120_000 }, () => {
    const chance = makeChance(20_240_101);
    const core = instantiateCore(coreCatalog.get('wave-decode'));
    const at = core.arena();
    const end = at + core.size(CHANNELS, FRAMES);
    // The block ends where the memory ends: a read past it would be a trap of the host.
    const bytes = new Uint8Array(core.memory.buffer);
    const fence = bytes.subarray(end, end + 4_096).fill(0xa5);
    const below = bytes.slice(0, at);
    core.init(at, CHANNELS, FRAMES);
    let accepted = 0;
    for (let run = 0; run < 100_000; run++) {
      const block = changed(blocks[run % blocks.length]!, chance);
      const from = bytes.length - block.length;
      bytes.set(block, from);
      const answer = core.push(at, from, block.length);
      if (answer !== BAD_ARGUMENT) {
        expect(answer).toBe(block.length);
        accepted += 1;
        const count = core.poll(at, end + 4_096, CHANNELS * FRAMES);
        if (count % CHANNELS !== 0 || count > CHANNELS * FRAMES) throw new Error(`run ${run}: ${count} samples`);
      }
    }
    expect(accepted).toBeGreaterThan(1_000);
    expect(fence.every((byte) => byte === 0xa5)).toBe(true);
    expect(bytes.subarray(0, at)).toEqual(below);
  });

  it.each([
    ['another version', [0x41, 1, 0, 0, 0, 0]],
    ['an unknown mode', [0x39, 1, 0, 0, 0, 0]],
    ['another number of channels', [0x20, 1, 0, 0]],
    ['no frames', [0x21, 0, 0]],
    ['more frames than there is room for', [0x21, 65, ...new Array<number>(260).fill(0)]],
    ['few frames said in two bytes', [0x21, 255, 1, 0, 0, 0, 0, 0]],
    ['a raw block that is cut', [0x21, 1, 0, 0, 0]],
    ['a raw block with a byte too many', [0x21, 1, 0, 0, 0, 0, 0]],
    ['a scale that there is not', [0x29, 1, 0x0c, 0, 1]],
    ['a set bit that means nothing', [0x29, 1, 0x80, 0, 1]],
    ['a zero at the end', [0x29, 1, 0, 0, 1, 0]],
  ])('refuses %s', (_what, bytes) => {
    const decoder = WaveDecoder.create({ channelCount: CHANNELS, blockFrames: FRAMES });
    expect(decoder.decode(Uint8Array.from(bytes))).toBeNull();
  });

  it('refuses bytes after the coded ones, and goes on', () => {
    const decoder = WaveDecoder.create({ channelCount: CHANNELS, blockFrames: FRAMES });
    const [block] = blocks;
    expect(decoder.decode(Uint8Array.from([...block!, 1, 2, 3, 4, 5]))).toBeNull();
    expect(decoder.decode(block!)).toEqual(madeWave(FRAMES, CHANNELS, 4));
  });
});

function changed(block: Uint8Array, chance: () => number): Uint8Array {
  const pick = (count: number) => Math.floor(chance() * count);
  const kind = pick(5);
  if (kind === 0) return Uint8Array.from({ length: 1 + pick(200) }, () => pick(256));
  if (kind === 1) return block.slice(0, 1 + pick(block.length));
  if (kind === 2) return Uint8Array.from([...block, ...Array.from({ length: pick(5) }, () => pick(256))]);
  const copy = block.slice();
  // Mostly behind the head, where the work is.
  for (let i = 0; i <= pick(4); i++)
    copy[kind === 3 ? pick(copy.length) : Math.min(copy.length - 1, 4 + pick(copy.length))] = pick(256);
  return copy;
}
