// The compiled hrv core against NeuroKit2, and against input that is wrong, short or cut up.

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { wasm } from '../../host/webassembly.ts';
import {
  CoreSnapshotError,
  CoreStatusError,
  coreCatalog,
  EcgCore,
  HRV_INDICES_NAMES,
  HrvCore,
  toIntervals,
  WHOLE_SERIES,
} from '../../index.ts';

interface Vector {
  name: string;
  rrMs: number[];
  afterGapAt: number[];
  values: Record<string, number | null>;
  tinnLeastSquares: number;
}

const vectorsUrl = new URL('../../vectors/hrv-time-neurokit2.json', import.meta.url);
const { origin, vectors } = JSON.parse(readFileSync(vectorsUrl, 'utf8')) as { origin: string; vectors: Vector[] };

/** As the core stores it. */
function inTicks(ms: number): number {
  return Math.round(ms * 16_384) / 16_384;
}

function intervalsOf(rrMs: readonly number[], afterGapAt: readonly number[] = []) {
  return toIntervals(rrMs.map((rr, i) => ({ rrMs: rr, afterGap: afterGapAt.includes(i) })));
}

const NEUROKIT = 1;
/** The core rounds an interval to a tick of 1/16384 ms; what no mean evens out is off by up to three halves of one. */
const LENGTH_MS = 1e-4;
const RATIO = 1e-6;
const RATIOS = ['CVNN', 'CVSD', 'MCVNN', 'SDRMSSD', 'pNN50', 'pNN20', 'HTI'].map((name) => `HRV_${name}`);

function computed(rrMs: readonly number[], afterGapAt: readonly number[] = [], profile = 0) {
  const [finding] = HrvCore.create({ ...WHOLE_SERIES, profile, intervalCountMax: 4096 }).compute(
    intervalsOf(rrMs, afterGapAt),
  );
  const { count, values } = finding!;
  return { count, value: (name: string) => values[`HRV_${name}` as 'HRV_SDNN'], values };
}

function noisy(count: number, seed: number): number[] {
  let state = seed;
  return Array.from({ length: count }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return 700 + (state / 2 ** 32) * 300;
  });
}

describe(`hrv against ${origin}`, () => {
  for (const vector of vectors) {
    it(`gives the same values for "${vector.name}"`, () => {
      const { values } = computed(vector.rrMs, vector.afterGapAt, NEUROKIT);
      for (const [name, expected] of Object.entries(vector.values)) {
        const actual = values[name as 'HRV_SDNN'];
        if (expected === null) expect(actual, name).toBeNull();
        else expect(Math.abs(actual! - expected), name).toBeLessThanOrEqual(RATIOS.includes(name) ? RATIO : LENGTH_MS);
      }
    });

    it(`finds the best triangle for "${vector.name}"`, () => {
      expect(computed(vector.rrMs).value('TINN')).toBe(vector.tinnLeastSquares);
    });
  }

  it('knows all columns of NeuroKit2', () => {
    expect(HRV_INDICES_NAMES.slice(0, 25)).toEqual([...Object.keys(vectors[0]!.values), 'HRV_TINN']);
  });
});

describe('hrv of few or odd intervals', () => {
  it('has no value at all without intervals', () => {
    const { count, values } = computed([]);
    expect(count).toBe(0);
    expect(Object.values(values).every((value) => value === null)).toBe(true);
  });

  it('knows the place but not the spread of one interval', () => {
    const { values } = computed([812.5]);
    const present = Object.entries(values).filter(([, value]) => value !== null);
    const names = ['MeanNN', 'MedianNN', 'Prc20NN', 'Prc80NN', 'MinNN', 'MaxNN'];
    expect(Object.fromEntries(present)).toEqual(Object.fromEntries(names.map((name) => [`HRV_${name}`, 812.5])));
  });

  it('has one successive difference in two intervals, and so no SDSD', () => {
    const { value } = computed([800, 860]);
    expect(value('RMSSD')).toBe(60);
    expect(value('SDSD')).toBeNull();
    expect(value('pNN50')).toBe(100);
  });

  it('has segments from three on', () => {
    expect(computed(Array(150).fill(900)).value('SDANN1')).toBeNull();
    expect(computed(Array(200).fill(900)).value('SDANN1')).toBe(0);
  });

  it('says 0 for the spread of equal intervals, and nothing for a ratio over 0', () => {
    const { value } = computed(Array(500).fill(800.125));
    for (const name of [
      'SDNN',
      'RMSSD',
      'SDSD',
      'CVNN',
      'CVSD',
      'MadNN',
      'MCVNN',
      'IQRNN',
      'SDANN1',
      'SDNNI1',
      'pNN50',
    ]) {
      expect(value(name), name).toBe(0);
    }
    expect(value('SDRMSSD')).toBeNull();
    expect(value('MeanNN')).toBe(800.125);
    expect(value('HTI')).toBe(1);
    expect(value('TINN')).toBe(2 * 7.8125);
  });

  it('counts every step of an alternating series', () => {
    const { value } = computed(Array.from({ length: 100 }, (_, i) => (i % 2 ? 850 : 750)));
    expect(value('RMSSD')).toBe(100);
    expect(value('pNN50')).toBe(100);
    expect(value('MedianNN')).toBe(800);
  });

  it('takes no difference across a gap', () => {
    const { value } = computed([800, 810, 400, 410], [2]);
    expect(value('RMSSD')).toBe(10);
    expect(value('pNN20')).toBe(0);
    expect(computed([800, 400, 600], [1, 2]).value('RMSSD')).toBeNull();
  });

  it('lets no NaN out for the longest and shortest intervals it takes', () => {
    for (const rrMs of [[1e9, 10], [1e9, 1e9, 10], [1e9, 800, 1e9, 800], Array(9).fill(10)]) {
      for (const value of Object.values(computed(rrMs).values))
        expect(value === null || Number.isFinite(value)).toBe(true);
    }
  });

  it('rounds an interval to the nearest tick', () => {
    for (const rrMs of [800.1, 1000 / 3, 12.345678, 64_999.99]) {
      expect(computed([rrMs]).value('MeanNN')).toBe(inTicks(rrMs));
      expect(Math.abs(inTicks(rrMs) - rrMs)).toBeLessThanOrEqual(0.5 / 16_384);
    }
  });

  it('takes what is longer than 65 s for a gap of that length', () => {
    const [found] = HrvCore.create({ ...WHOLE_SERIES, intervalCountMax: 10 }).compute(
      intervalsOf([...Array(4).fill(30_000), 70_000, ...Array(4).fill(40_000)]),
    );
    expect(found).toMatchObject({ count: 8, toMs: 350_000, flags: 2 });
    expect(found!.coverage).toBeCloseTo(0.8, 6);
    expect(found!.values).toMatchObject({ HRV_MaxNN: 40_000, HRV_RMSSD: 0 });
  });

  it('refuses intervals that are given in seconds', () => {
    expect(() => computed([0.8, 0.81, 0.79])).toThrow(CoreStatusError);
  });
});

describe('hrv over its verbs', () => {
  const OK = 0;
  const [BAD_ADDRESS, BAD_ARGUMENT, NOT_INITIALISED, WRONG_STATE] = [-1, -2, -3, -4];
  const COUNT_MAX = 100;
  const INTERVAL_BYTES = 24;
  const FINDING_BYTES = 376;
  /** windowMs, stepMs, profile, blockCount */
  const WHOLE = [0, 0, 0, 0];

  function open() {
    const module = new wasm.Module(coreCatalog.get('hrv').bytes);
    const core = new wasm.Instance(module).exports as unknown as Record<string, (...numbers: number[]) => number>;
    const memory = (core as unknown as { memory: { buffer: ArrayBuffer } }).memory;
    const view = new DataView(memory.buffer);
    const at = core.arena!();
    const from = at + core.size!(COUNT_MAX, 0);
    const into = from + INTERVAL_BYTES * 200;
    const write = (rrMs: number[]) => {
      rrMs.forEach((rr, i) => {
        view.setFloat64(from + INTERVAL_BYTES * i, rr, true);
        view.setFloat64(from + INTERVAL_BYTES * i + 8, 0, true);
        view.setFloat32(from + INTERVAL_BYTES * i + 16, Number.NaN, true);
        view.setUint32(from + INTERVAL_BYTES * i + 20, 0, true);
      });
      return rrMs.length;
    };
    const poll = () => {
      expect(core.poll!(at, into, 1)).toBe(1);
      return Buffer.from(memory.buffer.slice(into, into + FINDING_BYTES)).toString('hex');
    };
    return { core, view, at, from, into, write, poll, end: memory.buffer.byteLength };
  }

  function ready() {
    const opened = open();
    expect(opened.core.init!(opened.at, COUNT_MAX, ...WHOLE)).toBe(OK);
    return opened;
  }

  it('wants an instance first', () => {
    const { core, at, from, into } = open();
    expect(core.push!(at, from, 1)).toBe(NOT_INITIALISED);
    expect(core.poll!(at, into, 1)).toBe(NOT_INITIALISED);
    expect(core.flush!(at)).toBe(NOT_INITIALISED);
    expect(core.reset!(at)).toBe(NOT_INITIALISED);
  });

  it('refuses addresses that are null, misaligned, in the constants, or reach past the end', () => {
    const { core, at, from, into, end } = ready();
    for (const wrong of [0, 8, at + 4, end, end - 8, -8])
      expect(core.init!(wrong, COUNT_MAX, ...WHOLE)).toBe(BAD_ADDRESS);
    for (const wrong of [0, from + 4, end, -16]) expect(core.push!(at, wrong, 1)).toBe(BAD_ADDRESS);
    for (const wrong of [0, into + 2, end - 200]) expect(core.poll!(at, wrong, 1)).toBe(BAD_ADDRESS);
    expect(core.push!(at, from, 0x7fffffff)).toBe(BAD_ADDRESS);
    expect(core.push!(at, from, -1)).toBe(BAD_ARGUMENT);
    expect(core.flush!(0)).toBe(BAD_ADDRESS);
  });

  it('refuses windows out of range', () => {
    const { core, at } = open();
    for (const count of [-1, 0, 1, 4_000_001]) {
      expect(core.size!(count, 0)).toBe(BAD_ARGUMENT);
      expect(core.init!(at, count, ...WHOLE)).toBe(BAD_ARGUMENT);
    }
    for (const wrong of [
      [9_999, 1_000, 0, 0],
      [Number.NaN, 1_000, 0, 0],
      [60_000, 999, 0, 0],
      [60_000, Number.NaN, 0, 0],
      [604_800_001, 1_000, 0, 0],
      [0, 0, 5, 0],
      [0, 0, -1, 0],
      [0, 0, 0, 1],
      [0, 0, 0, 51],
    ]) {
      expect(core.init!(at, COUNT_MAX, ...wrong), wrong.join()).toBe(BAD_ARGUMENT);
    }
  });

  it('takes nothing of a push with an interval that is none', () => {
    const { core, at, from, into, view, write, poll } = ready();
    for (const wrong of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -800, 0, -0, 0.8, 2e9]) {
      expect(core.push!(at, from, write([800, 810, wrong]))).toBe(BAD_ARGUMENT);
    }
    const refuse = (change: () => void) => {
      write([800]);
      change();
      expect(core.push!(at, from, 1)).toBe(BAD_ARGUMENT);
    };
    refuse(() => view.setUint32(from + 20, 2, true));
    refuse(() => view.setFloat32(from + 16, 1.5, true));
    refuse(() => view.setFloat64(from + 8, 100, true));
    refuse(() => view.setFloat64(from + 8, Number.NaN, true));
    expect(core.flush!(at)).toBe(OK);
    poll();
    const count = view.getUint32(into + 32, true);
    expect([count, view.getUint32(into, true), view.getUint32(into + 4, true)]).toEqual([0, 0, 0]);
  });

  it('takes what fits', () => {
    const { core, at, from, write } = ready();
    expect(core.push!(at, from, write(noisy(150, 1)))).toBe(100);
    expect(core.push!(at, from, 1)).toBe(0);
  });

  it('takes nothing after flush until reset, and gives its finding once', () => {
    const { core, at, from, into, write, poll } = ready();
    expect(core.poll!(at, into, 1)).toBe(0);
    core.push!(at, from, write(noisy(50, 2)));
    expect(core.flush!(at)).toBe(OK);
    expect(core.flush!(at)).toBe(OK);
    expect(core.push!(at, from, 1)).toBe(WRONG_STATE);
    expect(core.poll!(at, into, 0)).toBe(0);
    const first = poll();
    expect(core.poll!(at, into, 1)).toBe(0);
    expect(core.reset!(at)).toBe(OK);
    expect(core.push!(at, from, write(noisy(50, 2)))).toBe(50);
    core.flush!(at);
    expect(poll()).toBe(first);
  });

  it('gives the same bits for one interval at a time as for all at once', () => {
    const whole = ready();
    whole.core.push!(whole.at, whole.from, whole.write(noisy(100, 3)));
    whole.core.flush!(whole.at);
    const single = ready();
    for (let i = 0; i < single.write(noisy(100, 3)); i++) {
      expect(single.core.push!(single.at, single.from + INTERVAL_BYTES * i, 1)).toBe(1);
    }
    single.core.flush!(single.at);
    expect(single.poll()).toBe(whole.poll());
  });

  it('moves as bytes, to another address too', () => {
    const { core, view, at, from, into, write, poll } = ready();
    core.push!(at, from, write(noisy(60, 4)));
    const other = into + 384;
    new Uint8Array(view.buffer).copyWithin(other, at, at + core.size!(COUNT_MAX, 0));
    core.push!(at, from, write(noisy(40, 5)));
    core.flush!(at);
    const stayed = poll();
    core.push!(other, from, 40);
    core.flush!(other);
    expect(core.poll!(other, into, 1)).toBe(1);
    expect(Buffer.from(view.buffer.slice(into, into + FINDING_BYTES)).toString('hex')).toBe(stayed);
  });
});

describe('HrvCore', () => {
  it('holds windows larger than one page and one chunk of input', () => {
    const rrMs = noisy(20_000, 6).map(inTicks);
    const { count, values } = HrvCore.create({ ...WHOLE_SERIES, intervalCountMax: 20_000 }).compute(
      intervalsOf(rrMs),
    )[0]!;
    expect(count).toBe(20_000);
    expect(values.HRV_MinNN).toBe(Math.min(...rrMs));
    expect(values.HRV_MaxNN).toBe(Math.max(...rrMs));
  });

  it('computes one window after the other without memory of the last', () => {
    const core = HrvCore.create({ ...WHOLE_SERIES, intervalCountMax: 500 });
    const first = core.compute(intervalsOf(noisy(500, 7)));
    core.compute(intervalsOf(noisy(20, 8)));
    expect(core.compute(intervalsOf(noisy(500, 7)))).toEqual(first);
  });

  it('says which verb refused and why', () => {
    const core = HrvCore.create({ ...WHOLE_SERIES, intervalCountMax: 10 });
    const refused = (work: () => unknown) => {
      try {
        work();
      } catch (error) {
        return error as CoreStatusError;
      }
      throw new Error('nothing was thrown');
    };
    const error = refused(() => core.compute(intervalsOf([Number.NaN])));
    expect(error).toBeInstanceOf(CoreStatusError);
    expect(error).toMatchObject({ core: 'hrv', verb: 'push', status: -2, statusName: 'bad-argument' });
    expect(refused(() => HrvCore.create({ ...WHOLE_SERIES, intervalCountMax: 1 }))).toMatchObject({
      verb: 'size',
      status: -2,
    });
    expect(() => core.compute(intervalsOf(noisy(11, 1)))).toThrow(RangeError);
  });

  it('restores its own snapshots and no others', () => {
    const core = HrvCore.create({ ...WHOLE_SERIES, intervalCountMax: 10 });
    expect(() => core.restore(new Uint8Array(10))).toThrow(CoreSnapshotError);
    expect(() => core.restore(EcgCore.create({ rateHz: 250 }).snapshot())).toThrow(/of a core with the hash/);
    expect(() => core.restore(HrvCore.create({ ...WHOLE_SERIES, intervalCountMax: 11 }).snapshot())).toThrow(
      /another size/,
    );
    core.restore(core.snapshot());
    expect(core.compute(intervalsOf([800, 900]))[0]!.count).toBe(2);
  });
});
