// The engine in a Python process: the same bits as V8, the same answers to what no core does, and what becomes of a process that is no help.

import { spawnSync } from 'node:child_process';
import { chmodSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type CoreModule, coreCatalog, EcgCore, HrvCore, toIntervals, WHOLE_SERIES } from '@maibo/cores';
import { afterEach, describe, expect, it } from 'vitest';
import { isMaiboError, MaiboError } from '../errors.ts';
import { useFolder } from '../gateway/made-store.testkit.ts';
import { createChance, makeEcg, pick } from '../pipeline/made-signals.testkit.ts';
import { CoreStoppedError } from './engine.ts';
import { constant, makeModule, OP, oneFinding, type Parts } from './hostile-modules.testkit.ts';
import type { EngineLimits } from './limits.ts';
import { NEEDS_WASMTIME, skipsWasmtime, wasmtimePython } from './wasmtime.testkit.ts';
import { WasmtimeEngine } from './wasmtime-engine.ts';

const path = useFolder('wasmtime');
const HOST = fileURLToPath(new URL('./wasmtime-host.py', import.meta.url));
const samples = Float32Array.from(makeEcg(30).counts);

const engines: WasmtimeEngine[] = [];
afterEach(() => {
  for (const engine of engines.splice(0)) engine.close();
});

function openEngine(limits: Partial<EngineLimits> = {}, python = wasmtimePython): WasmtimeEngine {
  const engine = new WasmtimeEngine({ python, limits });
  engines.push(engine);
  return engine;
}

function admitOurs(engine: WasmtimeEngine, name: string): CoreModule {
  const { version, bytes } = coreCatalog.get(name);
  return engine.admit(name, version, bytes);
}

/** Runs the module as an ECG core over a few samples, to the end. */
function run(module: CoreModule): unknown {
  const core = EcgCore.create({ rateHz: 250, module });
  return [...core.push(samples.subarray(0, 1000)), ...core.flush()];
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

const reasonOf = (failure: MaiboError) => (failure instanceof CoreStoppedError ? failure.stopped.reason : failure.code);

async function until(holds: () => boolean): Promise<boolean> {
  for (let turn = 0; turn < 1_000 && !holds(); turn++) await new Promise((resolve) => setTimeout(resolve, 10));
  return holds();
}

describe.skipIf(skipsWasmtime)(`cores of ours on wasmtime${NEEDS_WASMTIME}`, () => {
  it('find bit for bit what they find here, whatever the blocks, and over missing samples', () => {
    const there = EcgCore.create({ rateHz: 250, module: admitOurs(openEngine(), 'ecg') });
    const here = EcgCore.create({ rateHz: 250 });
    const chance = createChance(8);
    for (let at = 0; at < samples.length; ) {
      const size = 1 + pick(chance, 700);
      const block = samples.slice(at, at + size);
      if (pick(chance, 10) === 0) block.fill(Number.NaN);
      expect(there.push(block)).toEqual(here.push(block));
      at += size;
    }
    expect(there.snapshot()).toEqual(here.snapshot());
    expect(there.flush()).toEqual(here.flush());
    there.reset();
    here.reset();
    expect(there.push(samples)).toEqual(here.push(samples));
  });

  it('give the same doubles from a window of intervals', () => {
    const options = { ...WHOLE_SERIES, intervalCountMax: 400 };
    const intervals = toIntervals(
      Array.from({ length: 300 }, (_, index) => ({ rrMs: 800 + 40 * Math.sin(index / 7) + (index % 3) })),
    );
    const there = HrvCore.create({ ...options, module: admitOurs(openEngine(), 'hrv') });
    expect(there.compute(intervals)).toEqual(HrvCore.create(options).compute(intervals));
  });

  it('take turns in one process, and go on from a snapshot made here', () => {
    const engine = openEngine();
    const module = admitOurs(engine, 'ecg');
    const [one, two] = [EcgCore.create({ rateHz: 250, module }), EcgCore.create({ rateHz: 125, module })];
    const [oneHere, twoHere] = [EcgCore.create({ rateHz: 250 }), EcgCore.create({ rateHz: 125 })];
    for (let at = 0; at < 3_000; at += 500) {
      const block = samples.subarray(at, at + 500);
      expect([one.push(block), two.push(block)]).toEqual([oneHere.push(block), twoHere.push(block)]);
    }
    two.restore(oneHere.snapshot());
    expect(two.push(samples.subarray(3_000))).toEqual(oneHere.push(samples.subarray(3_000)));
    expect(engine.pids).toHaveLength(1);
  });

  it('cost the same fuel every time', () => {
    const fuel = [1, 2].map(() => {
      const engine = openEngine();
      run(admitOurs(engine, 'ecg'));
      return engine.fuelSpent;
    });
    expect(fuel[0]).toBeGreaterThan(100_000);
    expect(fuel[1]).toBe(fuel[0]);
  });
});

describe.skipIf(skipsWasmtime)(`modules that wasmtime ends${NEEDS_WASMTIME}`, () => {
  const stopped: Record<string, [Parts, string, RegExp]> = {
    'a loop in push': [{ bodies: { push: OP.loopForever } }, 'fuel', /push took more than 20000000 operations/],
    'a loop in abi': [{ bodies: { abi: OP.loopForever } }, 'fuel', /abi took more than/],
    'a trap': [{ bodies: { init: OP.trap } }, 'trap', /init unreachable/],
    'a verb that calls itself for ever': [{ bodies: { push: OP.callPush } }, 'trap', /push stack overflow/],
    'bytes that do not compile': [{ bodies: { reset: [0xff] } }, 'start', /starting: /],
    'a core that grows its memory': [{ bodies: { push: OP.growByOne } }, 'memory', /grew its memory/],
    'an instance that leaves no room': [{ bodies: { size: constant(256 * 65_536) } }, 'memory', /at most 256/],
    'verbs that answer no number': [{ answersI64: true }, 'answer', /abi .*no number/],
    'another ABI': [{ bodies: { abi: constant(2) } }, 'answer', /follows ABI 2/],
    'a status that is none': [{ bodies: { init: constant(-5) } }, 'answer', /no status/],
    'more taken than was offered': [{ bodies: { push: constant(5000) } }, 'answer', /possible are 0 to 1000/],
    'more findings than there is room for': [
      { bodies: { poll: constant(1 << 20) } },
      'answer',
      /poll answered 1048576/,
    ],
    'findings of no kind': [{ bodies: { poll: oneFinding(1, 9) } }, 'answer', /cannot be read/],
    'NaN in a finding': [{ bodies: { poll: oneFinding(Number.NaN, 1) } }, 'answer', /not finite/],
    'a core that takes nothing and gives nothing': [{ bodies: { push: constant(0) } }, 'answer', /takes no more input/],
  };
  for (const [what, [parts, reason, why]] of Object.entries(stopped)) {
    it(`${what}: ${reason}`, () => {
      const engine = openEngine({ callFuel: 20_000_000 });
      const module = engine.admit('made', '1.0.0', makeModule(parts));
      const failure = failureOf(() => run(module));
      expect(failure.message).toMatch(why);
      expect([failure.code, reasonOf(failure)]).toEqual(['core-stopped', reason]);
      expect(engine.stopped).toEqual([expect.objectContaining({ name: 'made', sha256: module.sha256, reason })]);
      // For good: nobody waits for it twice, by this name or another.
      expect(failureOf(() => run(engine.admit('again', '2', module.bytes))).message).toBe(failure.message);
    });
  }

  it('a loop that has fuel enough: deadline, by the process itself', () => {
    const engine = openEngine({ callFuel: 1e15, callMs: 300 });
    const failure = failureOf(() => run(engine.admit('made', '1', makeModule({ bodies: { push: OP.loopForever } }))));
    expect([reasonOf(failure), failure.message]).toEqual(['deadline', expect.stringMatching(/push did not answer/)]);
  });

  it('and no other: those beside them go on, and their processes end', async () => {
    const engine = openEngine({ callFuel: 20_000_000 });
    const there = EcgCore.create({ rateHz: 250, module: admitOurs(engine, 'ecg') });
    const here = EcgCore.create({ rateHz: 250 });
    expect(there.push(samples.subarray(0, 2000))).toEqual(here.push(samples.subarray(0, 2000)));
    for (const body of [OP.loopForever, OP.trap, OP.growByOne, constant(9999)]) {
      failureOf(() => run(engine.admit('made', '1', makeModule({ bodies: { push: body } }))));
    }
    expect(there.push(samples.subarray(2000))).toEqual(here.push(samples.subarray(2000)));
    expect(await until(() => engine.pids.length === 1)).toBe(true);
    expect(engine.stopped.map(({ reason }) => reason)).toEqual(['fuel', 'trap', 'memory', 'answer']);
    engine.close();
    expect(await until(() => engine.pids.length === 0)).toBe(true);
  });
});

describe.skipIf(skipsWasmtime)(`a process that is no help${NEEDS_WASMTIME}`, () => {
  it('is killed when it does not answer, and its module stays stopped', async () => {
    const engine = openEngine({ callMs: 200 });
    const core = EcgCore.create({ rateHz: 250, module: admitOurs(engine, 'ecg') });
    process.kill(engine.pids[0]!, 'SIGSTOP');
    const failure = failureOf(() => core.push(samples));
    expect([reasonOf(failure), failure.message]).toEqual(['deadline', expect.stringMatching(/within 1.2 s/)]);
    expect(await until(() => engine.pids.length === 0)).toBe(true);
  });

  it('is replaced when something else ended it: the next instance runs, those that it held are gone', async () => {
    const engine = openEngine({ replacedMax: 1 });
    const module = admitOurs(engine, 'ecg');
    const before = EcgCore.create({ rateHz: 250, module });
    before.push(samples.subarray(0, 500));
    const kill = async () => {
      process.kill(engine.pids[0]!, 'SIGKILL');
      expect(await until(() => engine.pids.length === 0)).toBe(true);
    };
    await kill();
    const failure = failureOf(() => before.push(samples));
    expect([reasonOf(failure), failure.message]).toEqual(['lost', expect.stringMatching(/process ended \(SIGKILL\)/)]);
    const after = EcgCore.create({ rateHz: 250, module });
    expect(after.push(samples)).toEqual(EcgCore.create({ rateHz: 250 }).push(samples));
    expect(reasonOf(failureOf(() => before.push(samples)))).toBe('lost');
    await kill();
    expect(reasonOf(failureOf(() => after.push(samples)))).toBe('lost');
    expect(reasonOf(failureOf(() => EcgCore.create({ rateHz: 250, module })))).toBe('lost');
  });
});

describe('a program that is no host of ours', () => {
  /** A program that ignores its arguments and what it is told. */
  function program(name: string, does: string): string {
    writeFileSync(path(name), `#!/bin/sh\n${does}\n`);
    chmodSync(path(name), 0o755);
    return path(name);
  }

  const lies: Record<string, [string, RegExp]> = {
    'ends at once, and says why': ['echo some trouble >&2; exit 3', /process ended \(3\): some trouble/],
    'answers with four gigabytes': [`printf '\\377\\377\\377\\377'; exec sleep 5`, /answers with 4294967295 bytes/],
    'answers too little': [`printf '\\001\\000\\000\\000A'; exec sleep 5`, /answered 1 bytes/],
    'answers with an unknown reason': [
      `printf '\\021\\000\\000\\000\\063%016d' 0; exec sleep 5`,
      /reason that there is not/,
    ],
    'goes on talking': [`printf '\\001\\000\\000\\000AAAA'; exec sleep 5`, /more than it was asked/],
  };
  for (const [what, [does, why]] of Object.entries(lies)) {
    it(`is lost: it ${what}`, () => {
      const engine = openEngine({}, program(what.replace(/\W/g, '-'), does));
      const failure = failureOf(() => run(engine.admit('made', '1', makeModule())));
      expect([reasonOf(failure), failure.message]).toEqual(['lost', expect.stringMatching(why)]);
    });
  }

  it('is killed when it says nothing', () => {
    const engine = openEngine({ startMs: 300 }, program('silent', 'exec sleep 60'));
    expect(reasonOf(failureOf(() => run(engine.admit('made', '1', makeModule()))))).toBe('deadline');
  });

  it('is absent, with a hint, when there is no such file or no wasmtime in it', () => {
    const none = openEngine({}, path('no-such-python'));
    const failure = failureOf(() => run(none.admit('made', '1', makeModule())));
    expect(isMaiboError(failure, 'engine-absent')).toBe(true);
    expect(failure.hint).toContain('pip install wasmtime==');
    expect(none.stopped).toEqual([]);
  });
});

describe.skipIf(skipsWasmtime)(`wasmtime-host.py${NEEDS_WASMTIME}`, () => {
  const hear = (input: Uint8Array) => spawnSync(wasmtimePython, ['-I', HOST], { input, timeout: 20_000 });
  const frame = (bytes: Uint8Array) => Buffer.concat([Buffer.from(new Uint32Array([bytes.length]).buffer), bytes]);

  it('ends by itself whatever it hears', () => {
    const chance = createChance(3);
    const noise = Uint8Array.from({ length: 400 }, () => pick(chance, 256));
    for (const input of [
      new Uint8Array(0),
      noise.subarray(0, 3),
      Buffer.alloc(4, 0xff),
      frame(noise),
      frame(new Uint8Array(0)),
    ]) {
      const { status, signal } = hear(input);
      expect([status === null, signal]).toEqual([false, null]);
    }
  });
});
