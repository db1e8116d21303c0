// Blocks that never change, and whole recordings where they lie beside the repository.

import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { describeSharedData } from '../../vectors/shared-data.testkit.ts';
import { decodeAll, encodeAll } from './wave.testkit.ts';

interface Vector {
  readonly name: string;
  readonly channelCount: number;
  readonly hex: string;
  readonly samples: number[];
}

const folder = dirname(fileURLToPath(import.meta.url));
const { blocks } = JSON.parse(readFileSync(join(folder, 'wave-blocks.json'), 'utf8')) as { blocks: Vector[] };

describe('the blocks of wave-blocks.json', () => {
  it.each(blocks.map((vector) => [vector.name, vector] as const))('%s', (_name, { channelCount, hex, samples }) => {
    const frames = samples.length / channelCount;
    const block = Uint8Array.from(Buffer.from(hex, 'hex'));
    expect(decodeAll([block], channelCount, frames)).toEqual(samples);
    expect(encodeAll(Int16Array.from(samples), channelCount, frames)).toEqual([block]);
  });
});

describeSharedData('records of mitdb', 'mitdb', (mitdb) => {
  // 100 is clean, 203 noisy, 207 has flutter; none of them was used for the tables.
  it.each([
    ['100', 3.7],
    ['203', 4.5],
    ['207', 3.7],
  ])('%s comes back whole, in under %f bits a sample', (record, bitsMax) => {
    const samples = unpack212(readFileSync(join(mitdb, `${record}.dat`)));
    const coded = encodeAll(samples, 2, 250);
    const decoded = decodeAll(coded, 2, 250);
    expect(decoded.length).toBe(samples.length);
    expect(decoded.findIndex((sample, i) => sample !== samples[i])).toBe(-1);
    const bytes = coded.reduce((sum, block) => sum + block.length, 0);
    expect((8 * bytes) / samples.length).toBeLessThan(bitsMax);
  });
});

/** Three bytes hold a sample of each of two leads, 12 bits each. */
function unpack212(bytes: Uint8Array): Int16Array {
  return Int16Array.from({ length: Math.floor(bytes.length / 3) * 2 }, (_, i) => {
    const at = 3 * (i >> 1);
    const word =
      i % 2 === 0 ? bytes[at]! | ((bytes[at + 1]! & 15) << 8) : bytes[at + 2]! | ((bytes[at + 1]! >> 4) << 8);
    return (word << 20) >> 20;
  });
}
