import { describe, expect, it } from 'vitest';
import type { SampleChunk } from '../device/sample-chunks.ts';
import { beatsIn } from './beats-in.ts';
import { makeEcg } from './made-signals.testkit.ts';

const RATE_HZ = 250;
const ecg = { signal: 'ecg', rateHz: RATE_HZ, unit: 'mV' } as const;
const counts = Float32Array.from(makeEcg(30).counts, (count) => count / 1000);

async function* chunksOf(samples: Float32Array, sizes: number, missingAt = -1): AsyncGenerator<SampleChunk> {
  for (let first = 0, seq = 0; first < samples.length; first += sizes, seq++) {
    const piece = samples.slice(first, first + sizes);
    yield {
      samples: piece,
      seq,
      rateHz: 1,
      unit: '',
      firstSample: first,
      ticks: 0,
      missingBefore: seq === missingAt ? 9 : 0,
    };
  }
}

async function rrOf(chunks: AsyncIterable<SampleChunk>, stream: Parameters<typeof beatsIn>[1]) {
  const found: (number | null)[] = [];
  for await (const { rrMs } of beatsIn(chunks, stream)) found.push(rrMs);
  return found;
}

describe('beats in chunks', () => {
  it('are found in an ECG, the same however it is cut', async () => {
    const found = await rrOf(chunksOf(counts, 125), ecg);
    expect(found.length).toBeGreaterThan(20);
    expect(found[0]).toBeNull();
    for (const rrMs of found.slice(1)) expect(rrMs).toBeGreaterThan(300);
    expect(await rrOf(chunksOf(counts, 7), ecg)).toEqual(found);
  });

  it('do not follow each other across a gap', async () => {
    const found = await rrOf(chunksOf(counts, 2_500, 1), ecg);
    expect(found.filter((rrMs) => rrMs === null)).toHaveLength(2);
  });

  it('are told by a log of intervals, in ms', async () => {
    const intervals = Float32Array.of(800_000, 810_000, Number.NaN, 790_000);
    const found = await rrOf(chunksOf(intervals, 2, 1), { signal: 'rr', rateHz: null, unit: 'us' });
    expect(found).toEqual([800, 810, null, null, 790]);
  });

  it('are not in single measurements', async () => {
    expect(await rrOf(chunksOf(counts, 100), { signal: 'vital', rateHz: null, unit: '' })).toEqual([]);
  });
});
