// The verbs of the compiled core, and that nothing but the intervals decides the values.

import { describe, expect, it } from 'vitest';
import { wasm } from '../../host/webassembly.ts';
import { coreCatalog, HrvNonlinearCore, toIntervals, WHOLE_SERIES } from '../../index.ts';
import { whiteNoise } from './hrv-nonlinear.testkit.ts';

const [OK, BAD_ADDRESS, BAD_ARGUMENT, NOT_INITIALISED, WRONG_STATE] = [0, -1, -2, -3, -4];
const COUNT_MAX = 50;
/** windowMs, stepMs, profile, blockCount */
const WHOLE = [0, 0, 0, 0];

function open() {
  const module = new wasm.Module(coreCatalog.get('hrv-nonlinear').bytes);
  const core = new wasm.Instance(module).exports as unknown as Record<string, (...numbers: number[]) => number>;
  const at = core.arena!();
  const from = at + core.size!(COUNT_MAX);
  return { core, at, from, into: from + 24 * COUNT_MAX };
}

describe('hrv-nonlinear over its verbs', () => {
  it('wants an instance first', () => {
    const { core, at, from, into } = open();
    const answers = [core.push!(at, from, 1), core.poll!(at, into, 1), core.flush!(at), core.reset!(at)];
    expect(answers).toEqual(Array(4).fill(NOT_INITIALISED));
  });

  it('refuses addresses and settings out of range', () => {
    const { core, at, into } = open();
    for (const wrong of [0, at + 4, -8]) expect(core.init!(wrong, COUNT_MAX, ...WHOLE)).toBe(BAD_ADDRESS);
    for (const count of [-1, 0, 1, 4_000_001]) {
      expect(core.size!(count)).toBe(BAD_ARGUMENT);
      expect(core.init!(at, count, ...WHOLE)).toBe(BAD_ARGUMENT);
    }
    for (const wrong of [
      [9_999, 1_000, 0, 0],
      [60_000, 999, 0, 0],
      [0, 0, 5, 0],
      [0, 0, -1, 0],
      [0, 0, 0, 1],
      [0, 0, 0, 51],
    ])
      expect(core.init!(at, COUNT_MAX, ...wrong), wrong.join()).toBe(BAD_ARGUMENT);
    expect(core.init!(at, COUNT_MAX, ...WHOLE)).toBe(OK);
    expect(core.poll!(at, into + 4, 1)).toBe(BAD_ADDRESS);
    expect(core.push!(at, into, -1)).toBe(BAD_ARGUMENT);
  });

  it('takes nothing after flush until reset', () => {
    const { core, at, from, into } = open();
    core.init!(at, COUNT_MAX, ...WHOLE);
    expect([core.flush!(at), core.push!(at, from, 1)]).toEqual([OK, WRONG_STATE]);
    expect([core.poll!(at, into, 1), core.poll!(at, into, 1)]).toEqual([1, 0]);
    expect([core.reset!(at), core.push!(at, from, 0)]).toEqual([OK, 0]);
  });
});

describe('an instance', () => {
  it('writes nothing behind its end, whatever its size', () => {
    const module = new wasm.Module(coreCatalog.get('hrv-nonlinear').bytes);
    for (const count of [2, 3, 7, 8, 12, 20, 33, 66, 130, 300]) {
      const exports = new wasm.Instance(module).exports as unknown as Record<string, (...numbers: number[]) => number>;
      const { buffer } = (exports as unknown as { memory: { buffer: ArrayBuffer } }).memory;
      const at = exports.arena!();
      const end = at + exports.size!(count);
      const from = buffer.byteLength - 24 * count;
      expect(exports.init!(at, count, 0, 0, 0, count >= 10 ? 2 : 0)).toBe(OK);
      const view = new DataView(buffer);
      const rrMs = whiteNoise(count, count);
      rrMs.forEach((rr, i) => {
        view.setFloat64(from + 24 * i, rr, true);
      });
      new Uint8Array(buffer, end, from - end).fill(0xa5);
      expect(exports.push!(at, from, count)).toBe(count);
      expect(exports.flush!(at)).toBe(OK);
      expect(
        new Uint8Array(buffer, end, from - end).every((byte) => byte === 0xa5),
        `${count}`,
      ).toBe(true);
    }
  });
});

describe('hrv-nonlinear gives the same bits', () => {
  const intervals = toIntervals(whiteNoise(150, 2).map((rrMs, i) => ({ rrMs, afterGap: i === 70 })));
  const options = { ...WHOLE_SERIES, intervalCountMax: 100, windowMs: 30_000, stepMs: 10_000, blockCount: 3 };
  const expected = HrvNonlinearCore.create(options).compute(intervals);

  it('for one interval at a time as for all at once', () => {
    const core = HrvNonlinearCore.create(options);
    const found = intervals.flatMap((interval) => core.push([interval]));
    expect([...found, ...core.flush()]).toEqual(expected);
  });

  it('the second time, after a reset', () => {
    const core = HrvNonlinearCore.create(options);
    core.compute(intervals);
    const fresh = HrvNonlinearCore.create(options);
    expect(core.compute(intervals)).toEqual(expected);
    core.reset();
    expect(Buffer.compare(core.snapshot(), fresh.snapshot())).toBe(0);
  });
});
