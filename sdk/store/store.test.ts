import { writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { IDENTITY, useFolder } from '../gateway/made-store.testkit.ts';
import { openSqlite } from '../world/node-sqlite.ts';
import { openStoreFile } from '../world/node-store.ts';
import { type Batch, Store } from './store.ts';

const path = useFolder('store');

function codeOf(work: () => unknown): string {
  try {
    work();
  } catch (failure) {
    return String((failure as { code?: unknown }).code);
  }
  return 'nothing was thrown';
}

function sealed(seq: number, size = 10) {
  return { seq, record: {} as never, bytes: new Uint8Array(size).fill(seq), hash: new Uint8Array(32).fill(seq) };
}

const batch = (records: Batch['records'], nextBlock = 1): Batch => ({ records, segments: [], nextBlock, ended: false });

describe('opening a store', () => {
  it('says input-missing for a file that is not there, and does not make it', () => {
    expect(codeOf(() => openStoreFile(path('missing.sqlite'), { readOnly: true }))).toBe('input-missing');
    expect(codeOf(() => openStoreFile(path('missing.sqlite'), { readOnly: true }))).toBe('input-missing');
  });

  it('says input-empty for a store that was never written', () => {
    writeFileSync(path('zero.sqlite'), '');
    expect(codeOf(() => openStoreFile(path('zero.sqlite'), { readOnly: true }))).toBe('input-empty');
  });

  it('says store-open for a text file, to readers and writers, and leaves it as it was', () => {
    writeFileSync(path('text.sqlite'), 'dear diary\n'.repeat(1_000));
    expect(codeOf(() => openStoreFile(path('text.sqlite'), { readOnly: true }))).toBe('store-open');
    expect(codeOf(() => openStoreFile(path('text.sqlite')))).toBe('store-open');
  });

  it('says store-foreign for the database of another program', () => {
    const db = openSqlite(path('foreign.sqlite'));
    db.exec('CREATE TABLE bookmark (url TEXT)');
    db.close();
    expect(codeOf(() => openStoreFile(path('foreign.sqlite'), { readOnly: true }))).toBe('store-foreign');
    expect(codeOf(() => openStoreFile(path('foreign.sqlite')))).toBe('store-foreign');
  });

  it('says store-foreign for a store of a newer version', () => {
    openStoreFile(path('newer.sqlite')).close();
    const db = openSqlite(path('newer.sqlite'));
    db.exec('PRAGMA user_version = 99');
    db.close();
    expect(codeOf(() => openStoreFile(path('newer.sqlite')))).toBe('store-foreign');
  });

  it('says store-busy to a second writer, and lets it in when the first has closed', () => {
    const first = openStoreFile(path('busy.sqlite'));
    expect(codeOf(() => openStoreFile(path('busy.sqlite')))).toBe('store-busy');
    first.close();
    openStoreFile(path('busy.sqlite')).close();
  });

  it('lets a reader look while a writer writes, and does not let it change anything', () => {
    const writer = openStoreFile(path('beside.sqlite'));
    const stream = writer.store.openStream(IDENTITY);
    writer.store.commit(stream.id, batch([sealed(0)]));
    const reader = openStoreFile(path('beside.sqlite'), { readOnly: true });
    expect(reader.store.streams()[0]).toMatchObject({ nextBlock: 1, chain: { recordCount: 1 } });
    expect(codeOf(() => reader.store.commit(stream.id, batch([sealed(1)])))).toBe('store-open');
    reader.close();
    writer.close();
  });

  it('commits with WAL and synchronous=FULL', () => {
    const db = openSqlite(path('durable.sqlite'));
    Store.openForWriting(db);
    expect(db.prepare('PRAGMA journal_mode').get()).toEqual(['wal']);
    expect(Number(db.prepare('PRAGMA synchronous').get()?.[0])).toBe(2);
    db.close();
  });
});

describe('committing', () => {
  it('takes all of a batch or nothing: a place that is taken is a store-conflict', () => {
    const { store, close } = openStoreFile(path('conflict.sqlite'));
    const { id } = store.openStream(IDENTITY);
    store.commit(id, batch([sealed(0), sealed(1)], 2));
    expect(codeOf(() => store.commit(id, batch([sealed(2), sealed(1)], 3)))).toBe('store-conflict');
    expect([...store.records(id)].map((record) => record.seq)).toEqual([0, 1]);
    expect(store.streams()[0]?.nextBlock).toBe(2);
    store.commit(id, batch([sealed(2)], 3));
    expect(store.streams()[0]?.nextBlock).toBe(3);
    close();
  });

  it('gives records back in order across its pages, and parts of them', () => {
    const { store, close } = openStoreFile(path('pages.sqlite'));
    const { id } = store.openStream(IDENTITY);
    const all = Array.from({ length: 1_300 }, (_, seq) => sealed(seq));
    store.commit(id, batch(all));
    expect([...store.records(id)].map((record) => record.seq)).toEqual(all.map((record) => record.seq));
    expect([...store.records(id, 500, 1_100)].map((record) => record.seq)).toEqual(
      all.slice(500, 1_101).map((record) => record.seq),
    );
    expect([...store.records(id, 5, 4)]).toEqual([]);
    close();
  });

  it('keeps the streams of one file apart', () => {
    const { store, close } = openStoreFile(path('streams.sqlite'));
    const first = store.openStream(IDENTITY);
    const second = store.openStream({ ...IDENTITY, log: 2 });
    store.commit(first.id, batch([sealed(0)]));
    store.commit(second.id, batch([sealed(0), sealed(1)], 9));
    expect(store.openStream(IDENTITY).id).toBe(first.id);
    expect(store.streams().map((stream) => [stream.log, stream.chain.recordCount, stream.nextBlock])).toEqual([
      [1, 1, 1],
      [2, 2, 9],
    ]);
    close();
  });
});
