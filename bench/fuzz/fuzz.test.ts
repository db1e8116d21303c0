// A short portion with a fixed seed for every change; `npm run fuzz` is the long one.

import { describe, expect, it } from 'vitest';
import { editBytes } from './byte-edits.ts';
import { editCbor } from './cbor-edits.ts';
import { type FuzzOptions, type FuzzReport, fuzz, INPUT_MS_MAX } from './fuzz.ts';
import { Random } from './random.ts';
import { TARGETS, type Target } from './targets.ts';

const INPUTS = 60_000;

it('no decoder throws, hangs or grows', () => {
  const report = fuzz({ count: INPUTS, seed: 1 });
  expect(report.failures.map(({ what, replay, hex }) => `${what}\n  ${replay}\n  ${hex}`)).toEqual([]);
  expect(report.inputs).toBeGreaterThanOrEqual(INPUTS);
  expect(report.targets.map(({ target }) => target)).toEqual(TARGETS.map(({ name }) => name));
  // Not only the door is tried, and the door is tried.
  for (const { target, inputs, letIn } of report.targets) {
    expect(letIn / inputs, target).toBeGreaterThan(0.002);
    expect(letIn / inputs, target).toBeLessThan(0.98);
  }
}, 60_000);

/** A run over one more target, which feeds `feed` with the inputs of `cbor`. */
function fuzzPlanted(plant: (bytes: Uint8Array) => void, options: Omit<FuzzOptions, 'target'>): FuzzReport {
  const targets = TARGETS as Target[];
  const feed = (bytes: Uint8Array) => {
    plant(bytes);
    return true;
  };
  targets.push({
    ...targets.find(({ name }) => name === 'cbor')!,
    name: 'planted',
    open: () => ({ feed }),
  });
  try {
    return fuzz({ ...options, target: 'planted' });
  } finally {
    targets.pop();
  }
}

it('the same seed makes the same inputs, one alone as in the row', () => {
  const fed = (from: number, count: number) => {
    const seen: string[] = [];
    fuzzPlanted((bytes) => void seen.push(Buffer.from(bytes).toString('hex')), { count, seed: 7, from });
    // Before the run every vector is tried once; the episode of `from` begins up to 63 inputs earlier.
    return seen.slice(-count - (from % 64));
  };
  const row = fed(0, 200);
  expect(new Set(row).size).toBeGreaterThan(150);
  expect(fed(130, 1)).toEqual(row.slice(128, 131));
});

it('edits leave what they begin with as it is', () => {
  for (const { name, corpus, isCbor } of TARGETS) {
    const all = corpus();
    const before = all.map((bytes) => Buffer.from(bytes).toString('hex'));
    for (let index = 0; index < 2_000; index++) {
      const random = new Random(1, index);
      (isCbor ? editCbor : editBytes)(random.pick(all), random, random.pick(all));
    }
    expect(
      all.map((bytes) => Buffer.from(bytes).toString('hex')),
      name,
    ).toEqual(before);
  }
});

describe('what must never happen is found', () => {
  it('a throw, with its input and a line that has it again', () => {
    const feed = (bytes: Uint8Array) => {
      if (bytes[0] === 0x81) throw new TypeError('planted');
    };
    const { index, what, hex, replay } = fuzzPlanted(feed, { count: 5_000, seed: 3 }).failures[0]!;
    expect(what).toBe('threw TypeError: planted');
    expect(hex.startsWith('81')).toBe(true);
    expect(replay).toBe(`npm run fuzz -- --target planted --seed 3 --from ${index} --count 1`);
    expect(fuzzPlanted(feed, { count: 1, seed: 3, from: index }).failures.at(-1)?.hex).toBe(hex);
  });

  it('an input that takes too long every time', () => {
    const feed = (bytes: Uint8Array) => {
      const endMs = performance.now() + (bytes[0] === 0x81 ? 1.2 * INPUT_MS_MAX : 0);
      while (performance.now() < endMs);
    };
    expect(fuzzPlanted(feed, { count: 500, seed: 3 }).failures[0]?.what).toMatch(/^took \d+ ms, at most 50$/);
  });

  it('memory that grows', () => {
    const kept: Uint8Array[] = [];
    const feed = (bytes: Uint8Array) => void kept.push(bytes, new Uint8Array(2_000));
    expect(fuzzPlanted(feed, { count: 6_000, seed: 3 }).failures[0]?.what).toMatch(/^held \d+ bytes more at the end/);
  });
});
