// The order that makes an acknowledgement true: seal, commit, acknowledge. The database fails here at every statement in turn.
import { describe, expect, it } from 'vitest';
import { verifyStore } from '../audit/verify-store.ts';
import { DeviceSession } from '../device/device-session.ts';
import {
  fixedEntropy,
  hurriedClock,
  PAIRED,
  ScriptedDevice,
  type ScriptedOptions,
} from '../device/scripted-device.testkit.ts';
import { MaiboError } from '../errors.ts';
import { readRecord } from '../evidence/open-record.ts';
import { ecgBlocks, makeEcg } from '../pipeline/made-signals.testkit.ts';
import { Store } from '../store/store.ts';
import type { SampleBlock } from '../stream/sample-block.ts';
import { systemClock } from '../world/node-clock.ts';
import { openSqlite } from '../world/node-sqlite.ts';
import type { SqlDatabase, SqlStatement } from '../world/world.ts';
import { type CollectionSummary, collectLog } from './collector.ts';
import { GroupCommitter } from './group-committer.ts';
import { gatewayKey, useFolder } from './made-store.testkit.ts';

const path = useFolder('collector');
const blocks = ecgBlocks(makeEcg(34).counts);

interface Run {
  readonly summary: CollectionSummary | null;
  readonly failure: unknown;
  /** Highest block the host acknowledged, -1 when none. */
  readonly acked: number;
}

/** One session of a device over a store, up to the end of the log or to the first failure. */
async function collect(
  db: SqlDatabase,
  options: ScriptedOptions & {
    blocks?: readonly SampleBlock[];
    prepare?: (device: ScriptedDevice) => void;
    /** Commits go through a committer of groups. */
    grouped?: boolean;
  } = {},
): Promise<Run> {
  const device = new ScriptedDevice(options.blocks ?? blocks, options);
  options.prepare?.(device);
  let session: DeviceSession | null = null;
  let summary: CollectionSummary | null = null;
  let failure: unknown = null;
  try {
    const store = Store.openForWriting(db);
    store.addKey(gatewayKey.keyId, gatewayKey.publicKey, 'gateway-lab');
    session = await DeviceSession.open(device.host, { clock: hurriedClock, entropy: fixedEntropy }, PAIRED);
    const log = session.info.logs[0]!;
    const committer = options.grouped ? { committer: new GroupCommitter(store, systemClock, { waitMs: 1 }) } : {};
    summary = await collectLog({ session, log, store, clock: hurriedClock, signer: gatewayKey, ...committer });
  } catch (thrown) {
    failure = thrown;
  }
  await session?.close();
  await device.close();
  return { summary, failure, acked: device.acked };
}

/** What a store holds: block numbers, and results without the clock mark that a session adds. */
function contentOf(file: string): { blockNumbers: number[]; results: unknown[]; bytes: string[] } {
  const store = Store.open(openSqlite(file));
  try {
    const stream = store.streams()[0];
    const stored = stream === undefined ? [] : [...store.records(stream.id)];
    const records = stored.map((row) => readRecord(row.bytes).record);
    return {
      blockNumbers: records.flatMap((record) => (record.kind === 'item' ? [record.itemSeq] : [])),
      results: records.flatMap((record) => {
        if (record.kind !== 'result') return [];
        const { result, source, method, quality, values, time } = record;
        return [{ result, source, method, quality, values, time: { ...time, clockSeq: null } }];
      }),
      bytes: stored.map((row) => Buffer.from(row.bytes).toString('hex')),
    };
  } finally {
    store.close();
  }
}

/** A database whose `failAt`-th step (counted from 1) says that the disk is full, and every one after it too. */
function failingDatabase(db: SqlDatabase, failAt: number): { db: SqlDatabase; steps: () => number } {
  let steps = 0;
  const step = <T>(work: () => T): T => {
    if (++steps >= failAt) throw new MaiboError('store-full', 'the store said SQLITE_FULL');
    return work();
  };
  const wrap = (statement: SqlStatement): SqlStatement => ({
    run: (...values) => step(() => statement.run(...values)),
    get: (...values) => step(() => statement.get(...values)),
    all: (...values) => step(() => statement.all(...values)),
  });
  // What undoes a transaction needs no room.
  const exec = (sql: string) => (sql === 'ROLLBACK' ? db.exec(sql) : step(() => db.exec(sql)));
  return { db: { prepare: (sql) => wrap(db.prepare(sql)), exec, close: () => db.close() }, steps: () => steps };
}

/** False for a store that failed before it had its tables. */
function hasTables(file: string): boolean {
  const db = openSqlite(file);
  try {
    return Number(db.prepare('SELECT count(*) FROM sqlite_master').get()?.[0]) > 0;
  } finally {
    db.close();
  }
}

const ALL = blocks.map((block) => block.seq);

describe('collecting a log', () => {
  it('stores every block once and acknowledges the last', async () => {
    const run = await collect(openSqlite(path('plain.sqlite')));
    expect(run).toMatchObject({ failure: null, acked: blocks.length - 1 });
    expect(run.summary).toMatchObject({ blocksBefore: 0, blocksDone: blocks.length, gapBlocks: 0, ended: true });
    expect(contentOf(path('plain.sqlite')).blockNumbers).toEqual(ALL);
  });

  it('stores nothing in a second run', async () => {
    await collect(openSqlite(path('twice.sqlite')));
    const before = contentOf(path('twice.sqlite'));
    const run = await collect(openSqlite(path('twice.sqlite')));
    expect(run.summary).toMatchObject({ newRecords: 0, blocksBefore: blocks.length, ended: true });
    expect(contentOf(path('twice.sqlite'))).toEqual(before);
  });

  it('gives the same records, byte for byte, for the same input under a lab clock', async () => {
    await collect(openSqlite(path('same-a.sqlite')));
    await collect(openSqlite(path('same-b.sqlite')));
    expect(contentOf(path('same-b.sqlite')).bytes).toEqual(contentOf(path('same-a.sqlite')).bytes);
  });

  it('stores a log without blocks: its description and its end', async () => {
    const run = await collect(openSqlite(path('empty.sqlite')), { blocks: [] });
    expect(run.summary).toMatchObject({ blocksDone: 0, newRecords: 2, ended: true });
    expect(run.acked).toBe(-1);
  });
});

describe('a store that fails', () => {
  for (const grouped of [false, true]) {
    it(`at any step has nothing acknowledged that it does not hold, and the next run completes it (${grouped ? 'in groups' : 'alone'})`, {
      timeout: 120_000,
    }, async () => {
      const name = (step: number | string) => path(`fail-${grouped}-${step}.sqlite`);
      const counted = failingDatabase(openSqlite(name('never')), Number.POSITIVE_INFINITY);
      await collect(counted.db, { grouped });
      const expected = contentOf(name('never'));
      // Every step at the start, where the tables and the stream are made and the first commit runs; then every third.
      for (let failAt = 1; failAt <= counted.steps(); failAt += failAt < 50 ? 1 : grouped ? 7 : 3) {
        const file = name(failAt);
        const failing = await collect(failingDatabase(openSqlite(file), failAt).db, { grouped });
        expect(failing.failure, `step ${failAt}`).toMatchObject({ code: 'store-full' });
        const held = hasTables(file) ? contentOf(file).blockNumbers : [];
        expect(failing.acked, `step ${failAt}: acknowledged`).toBeLessThanOrEqual(held.length - 1);
        const again = await collect(openSqlite(file), { grouped });
        expect(again.failure, `step ${failAt}: the next run`).toBeNull();
        const content = contentOf(file);
        expect(content.blockNumbers, `step ${failAt}`).toEqual(ALL);
        expect(content.results, `step ${failAt}`).toEqual(expected.results);
      }
    });
  }

  it('by itself when the disk is full says store-full, keeps what was acknowledged, and goes on when there is room', async () => {
    const file = path('full.sqlite');
    let acked = -1;
    let limitPages = 20;
    for (let round = 0; round < 60; round++, limitPages += 4) {
      const db = openSqlite(file);
      Store.openForWriting(db);
      db.prepare(`PRAGMA max_page_count = ${limitPages}`).get();
      const run = await collect(db);
      db.close();
      acked = Math.max(acked, run.acked);
      expect(contentOf(file).blockNumbers.length - 1, `${limitPages} pages`).toBeGreaterThanOrEqual(acked);
      if (run.failure === null) break;
      expect(run.failure).toMatchObject({ code: 'store-full' });
    }
    expect(limitPages, 'the first limit was too small').toBeGreaterThan(20);
    const store = Store.open(openSqlite(file));
    expect(verifyStore(store).problems).toEqual([]);
    expect(store.streams()[0]).toMatchObject({ nextBlock: blocks.length, ended: true });
    store.close();
  });
});

describe('a device that does not tell the truth', () => {
  it('is refused when its samples go back in time, and nothing of it is stored or acknowledged', async () => {
    const file = path('back.sqlite');
    const back = blocks.map((block) => (block.seq === 1 ? { ...block, firstSample: 0, ticks: 0 } : block));
    const run = await collect(openSqlite(file), { blocks: back.slice(0, 2) });
    expect(run.failure).toMatchObject({ code: 'device-refused' });
    expect(run.acked).toBeLessThan(1);
    expect(contentOf(file).blockNumbers).not.toContain(1);
  });

  it('is refused when its ticks go back', async () => {
    const back = blocks.map((block) => (block.seq === 20 ? { ...block, ticks: 5 } : block));
    const run = await collect(openSqlite(path('ticks.sqlite')), { blocks: back });
    expect(run.failure).toMatchObject({ code: 'device-refused' });
    expect(contentOf(path('ticks.sqlite')).blockNumbers).not.toContain(20);
  });

  it('is refused when it goes on behind the end that it announced', async () => {
    const file = path('afterlife.sqlite');
    await collect(openSqlite(file), { blocks: blocks.slice(0, 12) });
    const before = contentOf(file);
    const run = await collect(openSqlite(file));
    expect(run.failure).toMatchObject({ code: 'device-refused' });
    expect(contentOf(file)).toEqual(before);
  });

  const lies: Record<string, ScriptedOptions> = {
    'a sample rate of 0': { stream: { rateHz: 0 } },
    'a sample rate below 0': { stream: { rateHz: -250 } },
    'an absurd sample rate': { stream: { rateHz: 1e300 } },
    'an ECG without a sample rate': { stream: { rateHz: null } },
    'a gain of 0': { stream: { gain: 0 } },
    'a tick rate of 0': { tickRateHz: 0 },
  };
  for (const [name, options] of Object.entries(lies)) {
    it(`is refused when it claims ${name}`, async () => {
      const run = await collect(openSqlite(path(`${name}.sqlite`)), options);
      expect(run.failure).toMatchObject({ code: 'device-refused' });
      expect(run.acked).toBe(-1);
    });
  }

  it('does no harm with numbers at the end of the range', async () => {
    const far = Number.MAX_SAFE_INTEGER - 10_000;
    const wild = blocks.map((block) => (block.seq === 30 ? { ...block, firstSample: far, ticks: far } : block));
    const run = await collect(openSqlite(path('far.sqlite')), { blocks: wild.slice(0, 31) });
    expect(run.failure).toBeNull();
    expect(contentOf(path('far.sqlite')).blockNumbers).toHaveLength(31);
  });

  it('may free blocks that were never fetched: the hole is recorded', async () => {
    const file = path('freed.sqlite');
    const prepare = ({ log }: ScriptedDevice) => {
      for (let seq = 0; seq < 10; seq++) log.spoil(seq);
    };
    const run = await collect(openSqlite(file), { prepare });
    expect(run.summary).toMatchObject({ gapBlocks: 10, blocksDone: blocks.length, ended: true });
    const store = Store.open(openSqlite(file));
    expect(verifyStore(store).problems).toEqual([]);
    store.close();
  });

  it('leaves its signature under two stories, and both are kept', async () => {
    const file = path('forked.sqlite');
    const cut = (device: ScriptedDevice) => void setTimeout(() => device.close(), 300);
    await collect(openSqlite(file), { blocks: blocks.slice(0, 12), goesOn: true, prepare: cut });
    const others = blocks.map((block) =>
      block.seq === 5 ? { ...block, bytes: block.bytes.map((byte) => byte ^ 1) } : block,
    );
    const run = await collect(openSqlite(file), { blocks: others });
    expect(run.failure).toMatchObject({ code: 'device-forked' });
    const store = Store.open(openSqlite(file));
    const stated = [...store.records(store.streams()[0]!.id)].flatMap(({ bytes }) => {
      const { record } = readRecord(bytes);
      return record.kind === 'checkpoint' ? [[record.upto, record.agrees]] : [];
    });
    expect(stated).toEqual([
      [11, true],
      [blocks.length - 1, false],
    ]);
    store.close();
  });
});
