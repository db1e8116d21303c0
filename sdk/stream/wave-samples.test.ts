import { coreCatalog, WaveEncoder } from '@maibo/cores';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { blockFromItem, encodeSamples, samplesAsNumbers } from './sample-block.ts';
import { decodeWave, encodeWave, installedDecoder, WAVE_SAMPLES_MAX } from './wave-samples.ts';

const decode = (block: Uint8Array) => decodeWave(block, installedDecoder());

function itemOf(samples: Uint8Array) {
  return { type: 'sample-item', boot: 1, ticks: 40, firstSample: 10, format: 3, samples } as const;
}

/** A slow wave with a stretch missing. */
const counts = Array.from({ length: 300 }, (_, index) => (index > 100 && index < 120 ? Number.NaN : index * 3 - 400));
const plain = encodeSamples(1, counts);
const coded = encodeWave(plain)!;

/** A block of `frames` frames in which every sample of every channel is missing. */
function emptyBlock(frames: number, channelCount: number): Uint8Array {
  const encoder = WaveEncoder.create({ channelCount, blockFrames: frames });
  return encoder.push(new Int16Array(frames * channelCount).fill(-32_768))[0]!;
}

describe('a coded item', () => {
  it('becomes a block of int16 that names its decoder; missing samples stay missing', () => {
    const block = blockFromItem(5, itemOf(coded));
    expect(block).toEqual({
      ...{ seq: 5, firstSample: 10, ticks: 40, format: 1, bytes: plain, sampleCount: 300 },
      decoder: coreCatalog.get('wave-decode'),
    });
    expect(samplesAsNumbers(1, decode(coded)!)).toEqual(counts.map((count) => (Number.isNaN(count) ? null : count)));
  });

  it('gives any samples back, and is sent only where it is shorter', () => {
    const steps = fc.array(fc.oneof(fc.integer({ min: -40, max: 40 }), fc.integer({ min: -32_768, max: 32_767 })), {
      minLength: 1,
      maxLength: 600,
    });
    fc.assert(
      fc.property(steps, fc.boolean(), (values, isRough) => {
        let level = 0;
        const samples = new Int16Array(
          values.map((value) => {
            level = isRough ? value : Math.max(-32_768, Math.min(32_767, level + value));
            return level;
          }),
        );
        const bytes = new Uint8Array(samples.buffer);
        const block = encodeWave(bytes);
        if (block === null) return;
        expect(block.length).toBeLessThan(bytes.length);
        expect(decode(block)).toEqual(bytes);
      }),
    );
  });

  it('has the same bytes whatever was coded before it, and wherever its samples lie in memory', () => {
    encodeWave(encodeSamples(1, [9_000, -9_000, 4, 9_000, -9_000, 4, 17, 17, 17, 17, 17, 17]));
    const moved = new Uint8Array(plain.length + 1);
    moved.set(plain, 1);
    expect(encodeWave(moved.subarray(1))).toEqual(coded);
  });

  it('is not made of nothing, of more than a block holds, or of what does not get shorter', () => {
    expect(encodeWave(new Uint8Array(0))).toBeNull();
    expect(encodeWave(new Uint8Array(2 * WAVE_SAMPLES_MAX + 2))).toBeNull();
    expect(encodeWave(encodeSamples(1, [1]))).toBeNull();
    expect(encodeWave(new Uint8Array(2 * WAVE_SAMPLES_MAX))!.length).toBeLessThan(100);
  });
});

describe('a hostile block', () => {
  const refused = (samples: Uint8Array) => blockFromItem(5, itemOf(samples));

  it.each([
    ['of two channels', emptyBlock(40, 2)],
    ['with another block behind it', Uint8Array.of(...coded, ...coded)],
    ['cut', coded.subarray(0, 2)],
    ['of another version', Uint8Array.of(coded[0]! ^ 0x60, ...coded.subarray(1))],
    ['of more frames than there can be', Uint8Array.of(coded[0]!, 255, 0x01, 0x10, ...coded.subarray(4))],
    ['longer than any', new Uint8Array(9_000).fill(0x20)],
  ])('%s is refused with a sentence, and the next good one decodes', (_, bytes) => {
    expect(refused(bytes)).toBe(`${bytes.length} bytes are not one wave block of one channel`);
    expect(decode(coded)).toEqual(plain);
  });

  it('of no bytes is a block without samples', () => {
    expect(refused(new Uint8Array(0))).toBe('a block without samples');
  });

  it('grows to no more than its limit, however few its bytes', () => {
    const empty = emptyBlock(WAVE_SAMPLES_MAX, 1);
    expect(empty.length).toBeLessThan(16);
    expect(refused(empty)).toMatchObject({ sampleCount: WAVE_SAMPLES_MAX });
  });

  it('never throws, whatever its bytes', () => {
    const bytes = fc.uint8Array({ minLength: 1, maxLength: 400 });
    const starts = fc.constantFrom(0x20, 0x28, 0x30, coded[0]!);
    fc.assert(
      fc.property(bytes, starts, (tail, start) => {
        const block = refused(Uint8Array.of(start, ...tail));
        if (typeof block !== 'string') expect(block.sampleCount).toBeLessThanOrEqual(WAVE_SAMPLES_MAX);
      }),
    );
  });
});

it('says of a module that is no decoder that it is none', () => {
  expect(() => decodeWave(coded, coreCatalog.get('ecg'))).toThrow(expect.objectContaining({ code: 'input-range' }));
});
