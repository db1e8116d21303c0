import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mergeByTime, runCore } from './merge-by-time.ts';

const rising = fc
  .array(fc.integer({ min: 0, max: 50 }))
  .map((times) => times.toSorted((a, b) => a - b).map((timeS, number) => ({ timeS, number })));

describe('streams merged by time', () => {
  it('are one that rises, with everything in it once and each stream in its own order', () => {
    fc.assert(
      fc.property(fc.array(rising, { maxLength: 5 }), (streams) => {
        const merged = [...mergeByTime(streams)];
        expect(merged.map(({ timeS }) => timeS)).toEqual(
          streams
            .flat()
            .map(({ timeS }) => timeS)
            .toSorted((a, b) => a - b),
        );
        for (const stream of streams) expect(merged.filter((item) => stream.includes(item))).toEqual(stream);
      }),
    );
  });
});

describe('a core fed from a stream', () => {
  it('gets every input once and in order, however many there are', () => {
    for (const count of [0, 1, 4095, 4096, 10_000]) {
      const got: number[] = [];
      const core = {
        push: (inputs: number[]) => {
          got.push(...inputs);
          return inputs.filter((input) => input % 1000 === 0);
        },
        flush: () => [-1],
      };
      const inputs = Array.from({ length: count }, (_, i) => i);
      expect(runCore(core, inputs)).toEqual([...inputs.filter((input) => input % 1000 === 0), -1]);
      expect(got).toEqual(inputs);
    }
  });
});
