import { type Channel, type Recording, type RrInterval, type SampleFormat, samplesAsNumbers } from '@maibo/sdk';
import { describe, expect, it } from 'vitest';
import type { BlockSource } from './block-source.ts';
import { createRecordingSource } from './recording-source.ts';

const CHANNEL: Channel = {
  name: 'MLII',
  kind: 'ecg',
  rateHz: 100,
  unit: 'mV',
  gain: 200,
  offset: 1024,
  bits: 11,
  sampleCount: null,
};

function recordingOf(
  values: readonly number[],
  intervals: readonly number[] = [],
): Recording & { readings: () => number } {
  let readings = 0;
  return {
    readings: () => readings,
    path: 'made up',
    format: 'csv',
    channels: [CHANNEL],
    hasIntervals: intervals.length > 0,
    startUtcMs: null,
    notes: [],
    annotations: async () => [],
    samples: async function* () {
      readings++;
      for (let at = 0; at < values.length; at += 333) yield Float32Array.from(values.slice(at, at + 333));
    },
    intervals: async function* (): AsyncGenerator<RrInterval> {
      for (const rrMs of intervals) yield { timeS: null, rrMs };
    },
  };
}

async function readAll(source: BlockSource): Promise<(number | null)[]> {
  const all: (number | null)[] = [];
  for (let seq = 0; seq < source.blockCount; seq++) {
    const block = await source.read(seq);
    expect(block?.firstSample).toBe(all.length);
    all.push(...samplesAsNumbers(block!.format as SampleFormat, block!.samples));
  }
  return all;
}

const counts = Array.from({ length: 1_050 }, (_, index) => 1_000 + ((index * 17) % 400));

const FIRST = { signal: 'ecg', channel: 0 } as const;
const INTERVALS = { signal: 'rr', channel: null } as const;

describe('a recording played as a log', () => {
  it('gives its counts as they are, a second in a block, the last one shorter', async () => {
    const source = await createRecordingSource(recordingOf(counts), FIRST);
    expect(source.blockCount).toBe(11);
    expect(await readAll(source)).toEqual(counts);
    expect(source.stream).toMatchObject({ signal: 'ecg', rateHz: 100, gain: 200, offset: 1024, bits: 11 });
    expect(await source.read(3)).toMatchObject({ ticks: 3_000_000, completeTicks: 4_000_000 });
    expect(await source.read(11)).toBeNull();
  });

  it('keeps missing samples missing', async () => {
    const holed = counts.map((count, index) => (index % 10 === 0 ? Number.NaN : count));
    const source = await createRecordingSource(recordingOf(holed), FIRST);
    expect(await readAll(source)).toEqual(holed.map((count) => (Number.isNaN(count) ? null : count)));
  });

  it('keeps the physical values when fractions or wide counts do not fit in 16 bits', async () => {
    for (const values of [counts.map((count) => count / 1_000), counts.map((count) => count * 1_000 + 5e6)]) {
      const source = await createRecordingSource(recordingOf(values), FIRST);
      const { gain, offset } = source.stream;
      const span = Math.max(...values) - Math.min(...values);
      for (const [index, count] of (await readAll(source)).entries()) {
        const physical = (count! - offset) / gain;
        const expected = (Math.fround(values[index]!) - CHANNEL.offset) / CHANNEL.gain;
        expect(Math.abs(physical - expected) * CHANNEL.gain).toBeLessThan(span / 10_000);
      }
    }
  });

  it('describes a small signal far from zero by numbers that fit in a message', async () => {
    const source = await createRecordingSource(recordingOf(counts.map((count) => 1e9 + count * 64)), FIRST);
    expect(Math.abs(source.stream.offset)).toBeLessThanOrEqual(2 ** 31 - 1);
    expect(source.stream.gain).toBeGreaterThan(0);
    expect(new Set(await readAll(source)).size).toBeGreaterThan(100);
  });

  it('is the same device for the same content, and another for another', async () => {
    const identity = async (values: readonly number[]) =>
      (await createRecordingSource(recordingOf(values), FIRST)).identity;
    expect(await identity(counts)).toEqual(await identity(counts));
    expect(await identity(counts)).not.toEqual(await identity([...counts.slice(0, -1), 0]));
  });

  it('gives an older block again, from what it kept or by reading anew', async () => {
    const long = Array.from({ length: 100 * 2_500 }, (_, index) => index % 1_000);
    const recording = recordingOf(long);
    const source = await createRecordingSource(recording, FIRST);
    const early = await source.read(3);
    await source.read(2_400);
    const before = recording.readings();
    expect((await source.read(2_300))?.seq).toBe(2_300);
    expect(recording.readings()).toBe(before);
    expect(await source.read(3)).toEqual(early);
    expect(recording.readings()).toBe(before + 1);
  });

  it('plays RR intervals in microseconds, their times adding up', async () => {
    const intervals = Array.from({ length: 70 }, (_, index) => 800 + index / 4);
    const source = await createRecordingSource(recordingOf([], intervals), INTERVALS);
    expect(source).toMatchObject({ blockCount: 3, stream: { signal: 'rr', rateHz: null, unit: 'us' } });
    const last = await source.read(2);
    const sum = (count: number) => intervals.slice(0, count).reduce((total, ms) => total + ms * 1_000, 0);
    expect(last).toMatchObject({ firstSample: 64, ticks: sum(64), completeTicks: sum(70) });
    expect(await readAll(source)).toEqual(intervals.map((ms) => ms * 1_000));
  });

  it('refuses a recording that holds nothing to play', async () => {
    await expect(createRecordingSource(recordingOf([]), FIRST)).rejects.toMatchObject({ code: 'input-empty' });
    await expect(createRecordingSource(recordingOf([Number.NaN]), FIRST)).rejects.toMatchObject({
      code: 'input-empty',
    });
    await expect(createRecordingSource(recordingOf(counts), { signal: 'ecg', channel: 4 })).rejects.toMatchObject({
      code: 'usage',
    });
  });
});
