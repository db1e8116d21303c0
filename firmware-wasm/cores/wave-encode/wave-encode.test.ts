import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { coreCatalog } from '../../host/core-catalog.ts';
import { CoreStatusError } from '../../host/core-errors.ts';
import { instantiateCore } from '../../host/core-module.ts';
import { WaveEncoder } from '../../host/wave-codec.ts';
import { decodeAll, encodeAll, MISSING, madeWave } from './wave.testkit.ts';

const int16 = fc.integer({ min: -32_768, max: 32_767 });
/** Everything that a sensor or a fault may give. */
const anySamples = fc.oneof(
  fc.array(int16, { minLength: 1, maxLength: 600 }),
  fc.array(fc.integer({ min: -6, max: 6 }), { minLength: 1, maxLength: 600 }),
  fc.array(fc.constantFrom(-32_767, 32_767, 0, MISSING), { minLength: 1, maxLength: 300 }),
  fc.array(fc.constantFrom(MISSING, 100, 101, 102), { minLength: 1, maxLength: 300 }),
  fc.tuple(int16, fc.integer({ min: 1, max: 600 })).map(([value, count]) => new Array<number>(count).fill(value)),
);

describe('wave-encode and wave-decode', () => {
  it('give back every sample, in blocks no longer than raw ones', () => {
    fc.assert(
      fc.property(anySamples, fc.integer({ min: 1, max: 8 }), fc.integer({ min: 1, max: 300 }), (values, c, frames) => {
        const whole = Int16Array.from(values.slice(0, Math.max(c, values.length - (values.length % c))));
        const padded = Int16Array.from({ length: Math.ceil(whole.length / c) * c }, (_, i) => whole[i] ?? MISSING);
        const blocks = encodeAll(whole, c, frames);
        expect(decodeAll(blocks, c, frames)).toEqual([...padded]);
        const block = Math.min(frames, padded.length / c);
        for (const { length } of blocks) expect(length).toBeLessThanOrEqual((block < 255 ? 2 : 4) + 2 * c * block);
      }),
      { numRuns: 400 },
    );
  });

  it('need no block but their own: order and loss do not matter', () => {
    const blocks = encodeAll(madeWave(2_000, 2, 7), 2, 250);
    const inOrder = blocks.map((block) => decodeAll([block], 2, 250));
    const backwards = [...blocks].reverse().map((block) => decodeAll([block], 2, 250));
    expect(backwards.reverse()).toEqual(inOrder);
  });

  it('give the same blocks however the samples are cut', () => {
    const samples = madeWave(900, 2, 3);
    const encoder = WaveEncoder.create({ channelCount: 2, blockFrames: 250 });
    const oneByOne = [...samples].flatMap((sample) => encoder.push(Int16Array.of(sample)));
    expect([...oneByOne, ...encoder.flush()]).toEqual(encodeAll(samples, 2, 250));
  });

  it('halve what a quiet signal takes, and more', () => {
    const samples = madeWave(5_000, 2, 1);
    const bytes = encodeAll(samples, 2, 250).reduce((sum, block) => sum + block.length, 0);
    expect((8 * bytes) / samples.length).toBeLessThan(4.5);
  });

  it('spend little on a channel that is off', () => {
    const on = madeWave(250, 1, 5);
    const samples = Int16Array.from({ length: 500 }, (_, i) => (i % 2 === 0 ? on[i / 2]! : MISSING));
    const alone = encodeAll(on, 1, 250)[0]!.length;
    expect(encodeAll(samples, 2, 250)[0]!.length).toBeLessThan(alone + 8);
  });

  it('begin anew after reset', () => {
    const samples = madeWave(700, 1, 9);
    const encoder = WaveEncoder.create({ channelCount: 1, blockFrames: 100 });
    const first = [...encoder.push(samples), ...encoder.flush()];
    expect(() => encoder.push(samples)).toThrow(CoreStatusError);
    encoder.reset();
    expect([...encoder.push(samples), ...encoder.flush()]).toEqual(first);
  });

  it.each([
    [0, 250],
    [9, 250],
    [1, 0],
    [1, 4_097],
  ])('refuse %i channels in blocks of %i', (channelCount, blockFrames) => {
    expect(() => WaveEncoder.create({ channelCount, blockFrames })).toThrow('bad-argument');
  });
});

describe('the verbs of wave-encode', () => {
  const { arena, size, init, push, poll, memory } = instantiateCore(coreCatalog.get('wave-encode'));
  const at = arena();
  const from = at + size(1, 64);
  const into = from + 128;

  it('take no more than a block until it is polled', () => {
    expect(init(at, 1, 64)).toBe(0);
    new Int16Array(memory.buffer, from, 64).fill(5);
    expect(push(at, from, 60)).toBe(60);
    expect(poll(at, into, 200)).toBe(0);
    expect(push(at, from, 60)).toBe(4);
    expect(push(at, from, 60)).toBe(0);
    expect(poll(at, into, 10)).toBe(-2);
    expect(poll(at, into, 132)).toBeGreaterThan(0);
    expect(push(at, from, 60)).toBe(60);
  });

  it('answer wrong addresses with a status', () => {
    expect(init(at + 1, 1, 64)).toBe(-1);
    expect(push(at + 8, from, 1)).toBe(-3);
    expect(push(at, from + 1, 1)).toBe(-1);
    expect(push(at, 0, 1)).toBe(-1);
    expect(poll(at, memory.buffer.byteLength - 4, 200)).toBe(-1);
    expect(push(at, from, -1)).toBe(-2);
  });
});
