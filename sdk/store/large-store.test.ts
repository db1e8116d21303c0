// A store that grew for months: what a start asks of it never reads a table of records or segments from end to end.
import { copyFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { verifyStore } from '../audit/verify-store.ts';
import {
  contentOf,
  fill,
  IDENTITY,
  itemOf,
  makeStoreFile,
  meddle,
  minuteOfBlocks,
  openWriter,
  useFolder,
} from '../gateway/made-store.testkit.ts';
import { confirmedItem } from '../platform/confirmed-item.ts';
import { openSqlite } from '../world/node-sqlite.ts';
import { openStoreFile } from '../world/node-store.ts';
import { fillWithRows, listening, planOf, scansOf } from './large-store.testkit.ts';
import { Store } from './store.ts';

const path = useFolder('large');
const blocks = minuteOfBlocks();

describe('a store with a million records', () => {
  const file = path('million.sqlite');

  beforeAll(async () => {
    const { store, close } = openStoreFile(file);
    await fill(store, blocks.slice(0, 60), { end: false });
    close();
    meddle(file, (db) => fillWithRows(db, 10, 100_000));
  }, 60_000);

  it('is opened, asked and written without reading a table from end to end', () => {
    const plain = openSqlite(file);
    const { db, asked } = listening(plain);
    const store = Store.openForWriting(db);
    const streams = store.streams();
    expect(streams.reduce((sum, stream) => sum + stream.chain.recordCount, 0)).toBeGreaterThan(1_000_000);
    const id = streams.at(-1)!.id;
    const writer = openWriter(store);
    for (const block of blocks.slice(60)) writer.take(itemOf(block));
    void writer.commit();
    store.streamsOf(IDENTITY.device, IDENTITY.log);
    expect([...store.records(id, 99_990)]).toHaveLength(10);
    expect([...store.records(id, 0, 3)]).toHaveLength(4);
    const [open] = store.unconfirmedSegments(id);
    expect(open).toMatchObject({ index: 1_561 });
    expect(store.firstUnconfirmed(id)).toEqual(open);
    expect(store.unconfirmedCounts().get(id)).toBe(1);
    store.segmentsBefore(id, 500).next();
    expect(store.segmentAt(id, 64_100)).toMatchObject({ first: 64_064 });
    expect(store.segments(id)).toHaveLength(1_562);
    store.restartPoints(id, 1);
    store.setReceipt(open!, new Uint8Array(1));
    store.dropTrimmed(id);
    confirmedItem(store, 1);
    const scans = [...asked]
      .filter((sql) => /^(SELECT|DELETE|UPDATE|INSERT)/.test(sql))
      .flatMap((sql) => scansOf(plain, sql).map((step) => `${step}: ${sql}`))
      // One row a stream, and the list of tables: they are small, and all of them are wanted.
      .filter((scan) => !/^SCAN (stream|sqlite_master)\b/.test(scan));
    expect(scans).toEqual([]);
    expect(asked.size).toBeGreaterThan(20);
    const waiting = [...asked].filter((sql) => sql.includes('receipt IS NULL'));
    expect(waiting).toHaveLength(2);
    for (const sql of waiting) expect(planOf(plain, sql)).toContainEqual(expect.stringMatching(/INDEX segment_open/));
    store.close();
  });
});

describe('a store of version 1', () => {
  const old = path('old.sqlite');
  const asNew = path('new.sqlite');

  beforeAll(async () => {
    await makeStoreFile(asNew, blocks.slice(0, 60));
    await makeOpen(old);
    asVersion1(old);
  });

  async function makeOpen(file: string): Promise<void> {
    const { store, close } = openStoreFile(file);
    await fill(store, blocks.slice(0, 60), { end: false });
    close();
  }

  /** Takes away what version 1 did not have. */
  function asVersion1(file: string): void {
    const columns = ['kept_from', 'trimmed_item', 'trimmed_open', 'clock_seq', 'link_chain', 'checked_upto'];
    meddle(file, (db) => {
      db.exec('DROP TABLE restart_point; DROP INDEX segment_first; DROP INDEX segment_open');
      for (const column of columns) db.exec(`ALTER TABLE stream DROP COLUMN ${column}`);
      db.exec('PRAGMA user_version = 1');
    });
  }

  function copyOf(name: string): string {
    copyFileSync(old, path(name));
    return path(name);
  }

  const versionOf = (file: string) => {
    const db = openSqlite(file);
    const version = Number(db.prepare('PRAGMA user_version').get()?.[0]);
    db.close();
    return version;
  };

  it('is verified as it is, and stays as it was', () => {
    const file = copyOf('read.sqlite');
    const { store, close } = openStoreFile(file, { readOnly: true });
    expect(verifyStore(store)).toMatchObject({ problems: [], streams: [{ replayed: true, blockCount: 60 }] });
    expect(confirmedItem(store, 1)).toBe(-1);
    close();
    expect(versionOf(file)).toBe(1);
  });

  it('is brought up to date when it is opened for writing, goes on, and holds', async () => {
    const file = copyOf('write.sqlite');
    const { store, close } = openStoreFile(file);
    expect(store.streams()[0]).toMatchObject({ clockSeq: null, link: null, trimmed: null, restart: null });
    expect(verifyStore(store).problems).toEqual([]);
    await fill(store, blocks);
    expect(store.streams()[0]!.link?.chain).toHaveLength(32);
    expect(store.streams()[0]!.clockSeq).toBeGreaterThan(1);
    expect(verifyStore(store).problems).toEqual([]);
    close();
    expect(versionOf(file)).toBe(2);
  });

  it('is as it was when bringing it up to date fails anywhere, and the next try succeeds', () => {
    const file = copyOf('fail.sqlite');
    const db = openSqlite(file);
    db.exec('CREATE TABLE segment_first (x)');
    db.close();
    expect(() => openStoreFile(file)).toThrow(expect.objectContaining({ code: 'store-open' }));
    expect(versionOf(file)).toBe(1);
    const reader = openStoreFile(file, { readOnly: true });
    expect(verifyStore(reader.store).problems).toEqual([]);
    reader.close();
    meddle(file, (own) => own.exec('DROP TABLE segment_first'));
    const { store, close } = openStoreFile(file);
    expect(verifyStore(store).problems).toEqual([]);
    close();
  });

  it('becomes what a new store is', () => {
    const file = copyOf('same.sqlite');
    openStoreFile(file).close();
    const shape = (name: string) => {
      const db = openSqlite(name);
      const rows = db
        .prepare(
          `SELECT CAST(m.type || ' ' || m.name || ' ' || c.name || ' ' || c.type || ' ' || c."notnull" || ' ' || ifnull(c.dflt_value, '-') AS BLOB)
           FROM sqlite_master m, pragma_table_info(m.name) c`,
        )
        .all();
      db.close();
      return rows.map((row) => Buffer.from(row[0] as Uint8Array).toString()).sort();
    };
    expect(shape(file)).toEqual(shape(asNew));
    expect(contentOf(file)).not.toBe('');
  });
});
