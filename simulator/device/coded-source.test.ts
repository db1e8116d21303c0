import type { SampleItem } from '@maibo/protocols';
import { encodeSamples } from '@maibo/sdk';
import { describe, expect, it } from 'vitest';
import { createWearer } from '../wearer/wearer.ts';
import type { BlockSource } from './block-source.ts';
import { codeSource } from './coded-source.ts';
import { createWearerSource } from './wearer-source.ts';

// With a stretch without contact: missing samples are coded as well.
const wearer = createWearer({ seed: 3, durationS: 30, rateHz: 250, leadOff: { fromS: 8, toS: 12.5 } });
const plain = createWearerSource(wearer, 'coded source test');
const numbers = Array.from({ length: plain.blockCount }, (_, seq) => seq);

const readAll = async (source: BlockSource, order = numbers) =>
  new Map(await Promise.all(order.map(async (seq) => [seq, await source.read(seq)] as const)));

describe('a coded log', () => {
  it('takes less than half the bytes and stands at the same places', async () => {
    const coded = await readAll(codeSource(plain));
    let codedBytes = 0;
    for (const seq of numbers) {
      const [sent, was] = [coded.get(seq)!, (await plain.read(seq))!];
      expect({ ...sent, format: 1, samples: was.samples }).toEqual(was);
      expect(sent.format).toBe(3 satisfies SampleItem['format']);
      codedBytes += sent.samples.length;
    }
    expect(codedBytes).toBeLessThan(wearer.sampleCount);
    expect(await codeSource(plain).read(plain.blockCount)).toBeNull();
  });

  it('has the same bytes in every life of the device, wherever it begins', async () => {
    const source = codeSource(plain);
    const forward = await readAll(source);
    for (const seq of [...numbers].reverse()) expect(await codeSource(plain).read(seq)).toEqual(forward.get(seq));
  });

  it('is another log than the plain one', () => {
    expect(codeSource(plain).identity).toHaveLength(20);
    expect(codeSource(plain).identity).not.toEqual(plain.identity);
  });

  it('leaves as it is what has nothing to code: intervals, other formats, what does not get shorter', async () => {
    const intervals = { ...plain, stream: { ...plain.stream, signal: 'rr', rateHz: null } } as const;
    expect(codeSource(intervals)).toBe(intervals);
    const sample = { seq: 0, firstSample: 0, ticks: 0, completeTicks: 4_000 };
    const wide = { ...sample, format: 2, samples: encodeSamples(2, [1, 2, 3, 4, 5, 6, 7, 8, 9]) } as const;
    const short = { ...sample, format: 1, samples: encodeSamples(1, [1]) } as const;
    for (const block of [wide, short])
      expect(await codeSource({ ...plain, read: async () => block }).read(0)).toBe(block);
  });
});
