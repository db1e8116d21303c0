// What a module from elsewhere can do, and what becomes of it: it is ended and named, within its time, and the others go on.

import {
  type CoreModule,
  CoreStatusError,
  coreCatalog,
  EcgCore,
  HrvCore,
  WaveDecoder,
  WHOLE_SERIES,
} from '@maibo/cores';
import { afterEach, describe, expect, it } from 'vitest';
import { isMaiboError, MaiboError } from '../errors.ts';
import { makeEcg } from '../pipeline/made-signals.testkit.ts';
import { encodeWave } from '../stream/wave-samples.ts';
import { constant, makeModule, OP, oneFinding, type Parts } from './hostile-modules.testkit.ts';
import type { EngineLimits } from './limits.ts';
import { ThreadEngine } from './thread-engine.ts';

let engine = new ThreadEngine();
afterEach(() => {
  engine.close();
  engine = new ThreadEngine();
});

function useLimits(limits: Partial<EngineLimits>): void {
  engine = new ThreadEngine(limits);
}

/** Runs the module as an ECG core over a few samples, to the end. */
function run(module: CoreModule): unknown {
  const core = EcgCore.create({ rateHz: 250, module });
  return [...core.push(new Float32Array(1000)), ...core.flush()];
}

function failureOf(work: () => unknown): MaiboError {
  try {
    work();
  } catch (failure) {
    if (failure instanceof MaiboError) return failure;
    throw failure;
  }
  throw new Error('nothing was thrown');
}

const admitted = (parts: Parts) => engine.admit('made', '1.0.0', makeModule(parts));
const ours = (name: string) => {
  const { version, bytes } = coreCatalog.get(name);
  return engine.admit(name, version, bytes);
};

describe('modules that are not run at all', () => {
  const refused: Record<string, [Parts, RegExp]> = {
    'one that imports something': [{ hasImport: true }, /imports/],
    'one with a start function': [{ hasStart: true }, /start function/],
    'one that lacks a verb': [{ without: 'flush' }, /does not export/],
    'one that exports more': [{ extraExport: 'backdoor' }, /does not export/],
    'one that asks for 1 GiB of memory': [{ memory: [1, 0, 0x80, 0x80, 1] }, /16384 pages of memory, at most 256/],
    'one with a shared memory': [{ memory: [1, 3, 1, 1] }, /not a plain one/],
    'one with two memories': [{ memory: [2, 0, 1, 0, 1] }, /exactly one memory/],
    'one whose table may grow for ever': [{ table: [1, 0x70, 0, 1] }, /table may grow/],
  };
  for (const [what, [parts, why]] of Object.entries(refused)) {
    it(what, () => {
      const failure = failureOf(() => admitted(parts));
      expect(failure.code).toBe('core-refused');
      expect(failure.message).toMatch(why);
    });
  }

  it('one that is too long, and bytes that are none', () => {
    useLimits({ moduleBytesMax: 100 });
    expect(failureOf(() => admitted({})).message).toMatch(/at most 100/);
    expect(failureOf(() => engine.admit('x', '1', new Uint8Array(0))).message).toMatch(/no WebAssembly module/);
  });

  it('more of them than an engine starts', () => {
    useLimits({ modulesMax: 1 });
    admitted({});
    admitted({});
    expect(failureOf(() => admitted({ bodies: { size: constant(72) } })).message).toMatch(/more than 1 modules/);
  });
});

describe('modules that are ended while they run', () => {
  const stopped: Record<string, [Parts, RegExp]> = {
    'a loop in push': [{ bodies: { push: OP.loopForever } }, /push did not answer within 1 s/],
    'a loop in abi': [{ bodies: { abi: OP.loopForever } }, /abi did not answer/],
    'a trap': [{ bodies: { init: OP.trap } }, /init unreachable/],
    'a verb that calls itself for ever': [{ bodies: { push: OP.callPush } }, /push Maximum call stack/],
    'bytes that do not compile': [{ bodies: { reset: [0xff] } }, /starting: /],
    'a core that grows its memory': [{ bodies: { push: OP.growByOne } }, /grew its memory/],
    'verbs that answer no number': [{ answersI64: true }, /abi .*no number/],
    'another ABI': [{ bodies: { abi: constant(2) } }, /follows ABI 2/],
    'an arena outside the memory': [{ bodies: { arena: constant(-16) } }, /arena answered -16/],
    'an arena that is not aligned': [{ bodies: { arena: constant(1028) } }, /not aligned/],
    'an instance larger than all memory': [{ bodies: { size: constant(0x7fffffff) } }, /size answered 2147483647/],
    'an instance that leaves no room': [{ bodies: { size: constant(256 * 65_536) } }, /at most 256/],
    'an instance of nothing': [{ bodies: { size: constant(0) } }, /size answered 0/],
    'a status that is none': [{ bodies: { init: constant(-5) } }, /-5, which is no status/],
    'a status where 0 belongs': [{ bodies: { init: constant(1) } }, /init answered 1/],
    'more taken than was offered': [{ bodies: { push: constant(5000) } }, /push answered 5000, possible are 0 to 1000/],
    'more findings than there is room for': [{ bodies: { poll: constant(1 << 20) } }, /poll answered 1048576/],
    'findings of no kind': [{ bodies: { poll: oneFinding(1, 9) } }, /a finding cannot be read/],
    'NaN in a finding': [{ bodies: { poll: oneFinding(Number.NaN, 1) } }, /not finite/],
    'infinity in a finding': [{ bodies: { poll: oneFinding(Number.POSITIVE_INFINITY, 1) } }, /not finite/],
    'a core that takes nothing and gives nothing': [{ bodies: { push: constant(0) } }, /takes no more input/],
  };
  for (const [what, [parts, why]] of Object.entries(stopped)) {
    it(what, () => {
      useLimits({ callMs: 1_000 });
      const module = admitted(parts);
      const failure = failureOf(() => run(module));
      expect(failure.code).toBe('core-stopped');
      expect(failure.message).toMatch(why);
      expect(engine.stopped).toEqual([expect.objectContaining({ name: 'made', sha256: module.sha256 })]);
      // For good: nobody waits for it twice, by this name or another.
      expect(failureOf(() => run(engine.admit('again', '2', module.bytes))).message).toBe(failure.message);
    });
  }

  it('findings without end, from a core that takes nothing', () => {
    useLimits({ findingsMax: 500 });
    const failure = failureOf(() => run(admitted({ bodies: { push: constant(0), poll: oneFinding(1, 1) } })));
    expect(failure.message).toMatch(/more than 500 findings in 0 pushes/);
  });

  it('a core that is slow each time', () => {
    useLimits({ totalMs: -1, averageMs: 0 });
    expect(failureOf(() => run(admitted({}))).message).toMatch(/calls took/);
  });

  it('a memory that cannot grow beyond the limit, whatever the module does inside one call', () => {
    // 60,000 pages are refused by the engine of the language: the module goes on with what it has.
    const grow = [...constant(60_000), 0x40, 0x00, 0x1a, ...constant(0)];
    expect(run(admitted({ bodies: { poll: grow } }))).toEqual([]);
  });
});

describe('modules that behave', () => {
  const { counts } = makeEcg(30);
  const samples = Float32Array.from(counts);

  it('find the same, bit for bit, as in this thread', () => {
    const here = EcgCore.create({ rateHz: 250 });
    const there = EcgCore.create({ rateHz: 250, module: ours('ecg') });
    const found = there.push(samples);
    expect(found.length).toBeGreaterThan(20);
    expect(found).toEqual(here.push(samples));
    expect(there.snapshot()).toEqual(here.snapshot());
    expect(there.flush()).toEqual(here.flush());
  });

  it('go on from a snapshot of the other thread, and give one', () => {
    const here = EcgCore.create({ rateHz: 250 });
    here.push(samples.subarray(0, 3000));
    const there = EcgCore.create({ rateHz: 250, module: ours('ecg') });
    there.push(samples.subarray(0, 10));
    there.restore(here.snapshot());
    expect(there.push(samples.subarray(3000))).toEqual(here.push(samples.subarray(3000)));
  });

  it('keep their instances apart, though they share a thread and a memory', () => {
    const module = ours('ecg');
    const there = [250, 500, 250].map((rateHz) => EcgCore.create({ rateHz, module }));
    const here = [250, 500, 250].map((rateHz) => EcgCore.create({ rateHz }));
    for (let at = 0; at < samples.length; at += 500) {
      for (const [index, core] of there.entries()) {
        const block = samples.subarray(at, at + 400 + 50 * index);
        expect(core.push(block)).toEqual(here[index]!.push(block));
      }
    }
  });

  it('take structs and give values that do not exist as null', () => {
    const intervals = Array.from({ length: 400 }, (_, i) => ({
      rrMs: 800 + (i % 9) * 7,
      gapMs: 0,
      quality: Number.NaN,
      afterGap: false,
    }));
    const options = { ...WHOLE_SERIES, intervalCountMax: 3000 };
    const there = HrvCore.create({ ...options, module: ours('hrv') }).compute(intervals);
    expect(there).toEqual(HrvCore.create(options).compute(intervals));
  });

  it('decode blocks of samples', () => {
    const raw = new Uint8Array(Int16Array.from({ length: 2000 }, (_, i) => 300 * Math.sin(i / 9)).buffer);
    const block = encodeWave(raw)!;
    const there = WaveDecoder.create({ channelCount: 1, blockFrames: 4096, module: ours('wave-decode') });
    expect(new Uint8Array(there.decode(block)!.buffer)).toEqual(raw);
    expect(there.decode(new Uint8Array(5).fill(255))).toBeNull();
  });

  it('say no with a status, and are not ended for it', () => {
    expect(() => EcgCore.create({ rateHz: 1, module: ours('ecg') })).toThrow(CoreStatusError);
    expect(engine.stopped).toEqual([]);
    expect(EcgCore.create({ rateHz: 250, module: ours('ecg') }).push(samples).length).toBeGreaterThan(20);
  });

  it('go on when another one is ended', () => {
    useLimits({ callMs: 1_000 });
    const there = EcgCore.create({ rateHz: 250, module: ours('ecg') });
    const here = EcgCore.create({ rateHz: 250 });
    expect(there.push(samples.subarray(0, 2000))).toEqual(here.push(samples.subarray(0, 2000)));
    expect(() => run(admitted({ bodies: { push: OP.loopForever } }))).toThrow(/did not answer/);
    expect(there.push(samples.subarray(2000))).toEqual(here.push(samples.subarray(2000)));
  });

  it('are over when the engine is closed', () => {
    const core = EcgCore.create({ rateHz: 250, module: ours('ecg') });
    engine.close();
    const failure = failureOf(() => core.push(samples));
    expect(isMaiboError(failure, 'core-stopped')).toBe(true);
    expect(failure.message).toMatch(/engine was closed/);
  });
});
