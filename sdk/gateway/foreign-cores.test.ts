// A maker's own core on a stream: what it finds is sealed with where it comes from and comes out again; what it does wrong stays with it.
import { coreCatalog, EcgCore } from '@maibo/cores';
import type { ResultRecord } from '@maibo/protocols';
import { afterEach, describe, expect, it } from 'vitest';
import { verifyStore } from '../audit/verify-store.ts';
import { openCorePackage } from '../engine/core-package.ts';
import { makerKey } from '../engine/made-package.testkit.ts';
import { ThreadEngine } from '../engine/thread-engine.ts';
import { NEEDS_WASMTIME, skipsWasmtime } from '../engine/wasmtime.testkit.ts';
import type { WasmtimeEngine } from '../engine/wasmtime-engine.ts';
import { readRecord } from '../evidence/open-record.ts';
import { NO_HASH, RecordChain } from '../evidence/record-chain.ts';
import { fromHex, type RecordBody } from '../evidence/record-types.ts';
import { verifyStream } from '../evidence/verify-stream.ts';
import { ecgBlocks, makeEcg, streamRecord } from '../pipeline/made-signals.testkit.ts';
import { Store } from '../store/store.ts';
import { samplesAsFloat32 } from '../stream/sample-block.ts';
import { openSqlite } from '../world/node-sqlite.ts';
import type { CoresConfig } from './config-types.ts';
import { coresConfig, ENGINES, openCores, PACKAGES, REASONS } from './foreign-cores.testkit.ts';
import type { ForeignCores } from './foreign-cores.ts';
import {
  confirmAll,
  description,
  gatewayKey,
  IDENTITY,
  itemOf,
  MARK,
  platformKey,
  useFolder,
} from './made-store.testkit.ts';
import { StreamWriter } from './stream-writer.ts';
import { planTrim, trimStream } from './trim-stream.ts';

const path = useFolder('foreign');
const blocks = ecgBlocks(makeEcg(60).counts);

const opened: { close(): void }[] = [];
afterEach(() => {
  for (const one of opened.splice(0)) one.close();
});

function open(config: CoresConfig) {
  const made = openCores(config);
  opened.push(made.cores);
  return made;
}

function openStore(name: string): Store {
  const store = Store.openForWriting(openSqlite(path(`${name}.sqlite`)));
  store.addKey(gatewayKey.keyId, gatewayKey.publicKey, 'gateway-lab');
  store.addKey(platformKey.keyId, platformKey.publicKey, 'platform-lab');
  opened.push(store);
  return store;
}

/** One contact with the device: its next blocks, up to this one. */
async function write(store: Store, cores: ForeignCores, to: number, end = false, from = blocks): Promise<void> {
  const writer = StreamWriter.open({
    ...{ store, identity: IDENTITY, signer: gatewayKey, description: description('ecg'), cores },
  });
  writer.markClock(MARK, 'lab');
  for (const block of from.slice(writer.nextBlock, to)) writer.take(itemOf(block));
  if (end) writer.take({ kind: 'end', head: from.length, final: true });
  await writer.commit();
}

function resultsIn(store: Store): ResultRecord[] {
  return [...store.records(1)].flatMap(({ bytes }) => {
    const { record } = readRecord(bytes);
    return record.kind === 'result' ? [record] : [];
  });
}

const guestsIn = (store: Store) => resultsIn(store).filter(({ result }) => result === 'core');
const ownIn = (store: Store) => resultsIn(store).filter(({ result }) => result !== 'core');
const flagsOf = (results: readonly ResultRecord[]) => results.flatMap(({ quality }) => quality.flags);

function packageOf(name: string) {
  const found = openCorePackage(PACKAGES[name]!);
  if (!found.ok) throw new Error(found.fault.detail);
  return found.value;
}

function verify(store: Store) {
  return verifyStore(store, { cores: Object.keys(PACKAGES).map(packageOf) });
}

describe('packages', () => {
  const ours = coreCatalog.get('ecg').sha256;

  it('run by the key of their maker or by the hash of their module, and the log says which', () => {
    const byKey = open(coresConfig(['maker-beats'], 'v8'));
    const byHash = open(coresConfig(['maker-beats'], 'v8', { trustedKeys: [], allowedHashes: [fromHex(ours)] }));
    expect([byKey, byHash].map(({ cores }) => cores.all[0]?.state)).toEqual([
      { is: 'running', allowedBy: 'signer' },
      { is: 'running', allowedBy: 'hash' },
    ]);
    expect(byHash.log.lines).toMatchObject([{ message: 'a core is ready', fields: { allowedBy: 'hash' } }]);
  });

  const refused: Record<string, [CoresConfig, string, RegExp]> = {
    'that nobody allowed': [
      coresConfig(['maker-beats'], 'v8', { trustedKeys: [], allowedHashes: [new Uint8Array(32)] }),
      'core-refused',
      /nobody allowed its signer or its hash/,
    ],
    'that are not there': [coresConfig(['nowhere'], 'v8'), 'input-missing', /no such file/],
    'for an engine that is not there': [
      coresConfig(['maker-beats'], 'wasmtime', { python: path('no-such-python') }),
      'engine-absent',
      /pip install wasmtime/,
    ],
  };
  for (const [what, [config, code, why]] of Object.entries(refused)) {
    it(`${what} are refused by name, and the others run`, () => {
      const others = coresConfig(['traps'], 'v8', config).packages;
      const { cores, log } = open({ ...config, packages: [...config.packages, ...others] });
      expect(cores.all[0]?.state).toMatchObject({ is: 'refused', code, why: expect.stringMatching(why) });
      expect(log.lines[0]).toMatchObject({ level: 'error', message: 'a core is not run', fields: { code } });
    });
  }

  it('get the streams of their device and their signal alone', () => {
    const { cores } = open(
      coresConfig([], 'v8', {
        packages: [
          { path: 'maker-beats', engine: 'v8', device: makerKey.publicKey, signal: null },
          { path: 'maker-beats', engine: 'v8', device: null, signal: 'ppg' },
          { path: 'maker-beats', engine: 'v8', device: null, signal: null },
        ],
      }),
    );
    const stream = streamRecord('ecg');
    const taken = (change: object) => cores.forStream({ ...stream, ...change }).map((one) => cores.all.indexOf(one));
    expect(taken({})).toEqual([2]);
    expect(taken({ source: { ...stream.source, signal: 'ppg' } })).toEqual([1]);
    expect(taken({ unit: 'uV' })).toEqual([]);
    expect(taken({ rateHz: 600 })).toEqual([]);
    expect(taken({ rateHz: null })).toEqual([]);
  });
});

for (const { name: engine, skips, note } of ENGINES) {
  describe.skipIf(skips)(`a maker's core on ${engine}${note}`, () => {
    it('finds what it finds elsewhere, sealed with package, module, engine and time, and comes out again', async () => {
      const store = openStore(`beats-${engine}`);
      await write(store, open(coresConfig(['maker-beats'], engine)).cores, blocks.length, true);
      const [started, ...found] = guestsIn(store);
      expect(flagsOf(guestsIn(store))).toEqual(['core-started']);
      const { sha256 } = coreCatalog.get('ecg');
      expect(started?.method).toEqual({
        pipeline: { name: 'maibo-guest', version: '1' },
        cores: [{ name: 'maker-beats', version: '1.2.3', sha256: fromHex(sha256) }],
        parameters: { engine, rateHz: 250, firstSample: 0 },
      });
      expect(found.every(({ time }) => time.fromUtcUs !== null && time.toTicks > time.fromTicks)).toBe(true);
      const here = EcgCore.create({ rateHz: 250 });
      const inMv = (block: (typeof blocks)[number]) =>
        samplesAsFloat32(block.format, block.bytes).map((count) => count / 1000);
      const expected = [...blocks.flatMap((block) => here.push(inMv(block))), ...here.flush()];
      expect(found.flatMap(({ values }) => values.sample)).toEqual(expected.map(({ sample }) => sample));
      const check = verify(store);
      expect(check.problems).toEqual([]);
      expect(check.streams[0]?.guests).toEqual([
        { name: 'maker-beats', version: '1.2.3', sha256, resultCount: found.length, agreed: found.length },
      ]);
    });

    it('goes on over contacts with the device, each sealed as a start that knows the signal', async () => {
      const store = openStore(`contacts-${engine}`);
      for (const to of [20, 21, 45, 60])
        await write(store, open(coresConfig(['maker-beats'], engine)).cores, to, to === 60);
      const starts = guestsIn(store).filter(({ quality }) => quality.flags.includes('core-started'));
      expect(starts.map(({ values }) => values.fromSeq)).toEqual([1, 1, 1, 1]);
      const once = openStore(`once-${engine}`);
      await write(once, open(coresConfig(['maker-beats'], engine)).cores, 60, true);
      const beats = (one: Store) => guestsIn(one).flatMap(({ values }) => values.sample ?? []);
      expect(beats(store)).toEqual(beats(once));
      const { problems, streams } = verify(store);
      expect(problems).toEqual([]);
      expect(streams[0]?.guests[0]?.agreed).toBe(streams[0]?.guests[0]?.resultCount);
    });

    for (const [name, reasons] of Object.entries(REASONS)) {
      it(`that ${name} is stopped (${reasons[engine]}), named and sealed; the others do not notice`, async () => {
        const store = openStore(`${name}-${engine}`);
        const { cores, log } = open(coresConfig(['maker-beats', name], engine));
        await write(store, cores, 40);
        await write(store, cores, 60, true);
        expect(cores.all.map(({ state }) => state)).toMatchObject([
          { is: 'running' },
          { is: 'stopped', reason: reasons[engine] },
        ]);
        expect(log.lines.filter(({ level }) => level === 'error')).toMatchObject([
          { message: expect.stringContaining('stopped'), fields: { core: name, reason: reasons[engine], engine } },
        ]);
        const stops = guestsIn(store).filter(({ quality }) => quality.flags.includes('core-stopped'));
        expect(stops).toMatchObject([{ method: { cores: [{ name }] }, values: { reason: reasons[engine] } }]);
        const alone = openStore(`alone-${name}-${engine}`);
        await write(alone, open(coresConfig([], engine)).cores, 40);
        await write(alone, open(coresConfig([], engine)).cores, 60, true);
        expect(ownIn(store).map(({ values }) => values)).toEqual(ownIn(alone).map(({ values }) => values));
        const check = verify(store);
        expect(check.problems).toEqual([]);
        expect(check.streams[0]?.guests).toHaveLength(2);
      });
    }
  });
}

describe.skipIf(skipsWasmtime)(`a process that something else ends${NEEDS_WASMTIME}`, () => {
  it('is replaced: its core is sealed as stopped and started again, and knows the signal', async () => {
    const store = openStore('lost');
    const { cores } = open(coresConfig(['maker-beats'], 'wasmtime'));
    const writer = StreamWriter.open({
      ...{ store, identity: IDENTITY, signer: gatewayKey, description: description('ecg'), cores },
    });
    for (const block of blocks.slice(0, 30)) writer.take(itemOf(block));
    const engine = cores.all[0]!.engine as WasmtimeEngine;
    process.kill(engine.pids[0]!, 'SIGKILL');
    for (const block of blocks.slice(30, 59)) writer.take(itemOf(block));
    await writer.commit();
    expect(flagsOf(guestsIn(store))).toEqual(['core-started', 'core-stopped', 'core-started']);
    expect(cores.all[0]).toMatchObject({ state: { is: 'running' }, stopCount: 1 });
    const { problems, streams } = verify(store);
    expect(problems).toEqual([]);
    expect(streams[0]?.guests[0]?.agreed).toBe(streams[0]?.guests[0]?.resultCount);
    // Not for ever: a machine that ends it again and again has something else to mend.
    for (let death = 0; death < 8; death++) {
      for (const pid of engine.pids) process.kill(pid, 'SIGKILL');
      writer.take(itemOf({ ...blocks[59]!, seq: 59 + death, firstSample: (59 + death) * 250 }));
    }
    expect(cores.all[0]).toMatchObject({ state: { is: 'stopped', reason: 'lost' } });
  });
});

it('that is stopped by one device is stopped for the others, and their good core goes on', () => {
  const store = openStore('two-devices');
  const { cores } = open(coresConfig(['maker-beats', 'traps'], 'v8'));
  const writers = [1, 2].map((one) => {
    const identity = { ...IDENTITY, device: new Uint8Array(16).fill(one) };
    const { source, ...rest } = description('ecg');
    const described = { ...rest, source: { ...source, device: identity.device } };
    return StreamWriter.open({ store, identity, signer: gatewayKey, description: described, cores });
  });
  const found = writers.map(() => 0);
  for (const block of blocks) {
    for (const [index, writer] of writers.entries()) {
      const before = cores.all[0]!.resultCount;
      writer.take(itemOf(block));
      found[index]! += cores.all[0]!.resultCount - before;
    }
  }
  expect(cores.all[1]).toMatchObject({ state: { is: 'stopped', reason: 'trap' }, stopCount: 1 });
  expect(found[0]).toBeGreaterThan(10);
  expect(found[1]).toBe(found[0]);
});

describe('a re-check', () => {
  async function madeStore(name: string) {
    const store = openStore(name);
    await write(store, open(coresConfig(['maker-beats'], 'v8')).cores, 60, true);
    return store;
  }

  it('without the package names the core, and holds for all else', async () => {
    const { problems, streams } = verifyStore(await madeStore('unknown'));
    expect(problems).toEqual([]);
    expect(streams[0]?.guests).toMatchObject([{ name: 'maker-beats', agreed: 0 }]);
    expect(streams[0]?.guests[0]?.resultCount).toBeGreaterThan(10);
  });

  it('of a stream that was trimmed runs again what is kept', async () => {
    const store = openStore('trimmed');
    const small = ecgBlocks(makeEcg(700).counts, 100);
    const { cores } = open(coresConfig(['maker-beats'], 'v8'));
    for (const to of [1_450, small.length]) await write(store, cores, to, false, small);
    confirmAll(store);
    const plan = planTrim(store, 1, { beforeUtcUs: Number.MAX_SAFE_INTEGER, reason: 'retention' });
    if (typeof plan === 'string') throw new Error(plan);
    await trimStream(store, 1, StreamWriter.openStored(store, store.stream(1), gatewayKey), plan);
    const { problems, streams } = verify(store);
    expect(problems).toEqual([]);
    expect(streams[0]?.keptFrom).toBeGreaterThan(1);
    const [beats] = streams[0]!.guests;
    expect(beats!.agreed).toBeGreaterThan(10);
    expect(beats!.agreed).toBeLessThan(beats!.resultCount);
  });

  it('is not troubled by a core that was taken out between two contacts', async () => {
    const store = openStore('taken-out');
    await write(store, open(coresConfig(['maker-beats'], 'v8')).cores, 30);
    await write(store, open(coresConfig([], 'v8')).cores, 60, true);
    expect(verify(store).problems).toEqual([]);
  });

  const lies: Record<string, [string, (record: ResultRecord, index: number) => ResultRecord | null]> = {
    'that is another': [
      'result',
      (record, index) => (index === 9 ? { ...record, values: { ...record.values, quality: [0.123] } } : record),
    ],
    'that is left out': ['result-missing', (record, index) => (index === 9 ? null : record)],
    'of a start that was not there': ['result', (record, index) => (index === 0 ? null : record)],
    'of a start that says another place': [
      'result',
      (record, index) => (index === 0 ? { ...record, time: { ...record.time, toTicks: 7 } } : record),
    ],
    'behind which the core was stopped, though it goes on': [
      'result',
      (record, index) =>
        index === 9 ? { ...record, quality: { ...record.quality, flags: ['core-stopped'] } } : record,
    ],
  };
  for (const [what, [code, lie]] of Object.entries(lies)) {
    it(`finds a result ${what}, though the gateway sealed it so`, async () => {
      const records = sealedAgain(await madeStore(what.replace(/\W/g, '-')), lie);
      const engine = new ThreadEngine();
      opened.push(engine);
      const check = verifyStream(() => records, {
        publicKey: () => gatewayKey.publicKey,
        module: (sha256) => coreCatalog.byHash(sha256),
        guests: (sha256) =>
          sha256 === coreCatalog.get('ecg').sha256 ? { core: packageOf('maker-beats'), engine } : null,
      });
      expect(check.problems.map((problem) => problem.code)).toContain(code);
    });
  }
});

/** The records of a stream as a gateway would have sealed them that tells this of a maker's core. */
function sealedAgain(store: Store, lie: (record: ResultRecord, index: number) => ResultRecord | null): Uint8Array[] {
  const chain = new RecordChain(IDENTITY, gatewayKey, { recordCount: 0, hash: NO_HASH });
  let index = 0;
  return [...store.records(1)].flatMap(({ bytes }) => {
    const { record } = readRecord(bytes);
    const told = record.kind === 'result' && record.result === 'core' ? lie(record, index++) : record;
    if (told === null) return [];
    const { v, place, prev, ...body } = told;
    return [chain.seal(body as RecordBody).bytes];
  });
}
