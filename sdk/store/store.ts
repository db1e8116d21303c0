// The durable memory of a gateway: sealed records, segments, receipts, the modules that were run and the keys that signed.
//
//   stream 1──n record     (stream, seq) is the key: the same place cannot be taken twice
//          1──n segment    header and hash; its bytes are put together from the records
//   module, signer_key     what a verifier needs beside the records
//
// WAL with synchronous=FULL: when `commit` returns, the batch has reached the disk, and only then may it be acknowledged.
import { encodeSegment } from '@maibo/protocols';
import { MaiboError } from '../errors.ts';
import type { ChainHead, SealedRecord } from '../evidence/record-chain.ts';
import { NO_HASH } from '../evidence/record-chain.ts';
import type { StreamIdentity } from '../evidence/record-types.ts';
import type { SealedSegment, SegmentHead } from '../evidence/segment-builder.ts';
import type { SqlDatabase, SqlRow, SqlStatement } from '../world/world.ts';
import { APPLICATION_ID, SCHEMA, SCHEMA_VERSION } from './schema.ts';

export interface StoredStream extends StreamIdentity {
  readonly id: number;
  readonly chain: ChainHead;
  readonly segments: SegmentHead;
  /** Number of the next block to ask the device for. */
  readonly nextBlock: number;
  /** The device said that nothing follows, and that has been sealed. */
  readonly ended: boolean;
}

export interface StoredSegment {
  readonly streamId: number;
  readonly index: number;
  readonly first: number;
  readonly last: number;
  readonly hash: Uint8Array;
  readonly header: Uint8Array;
  readonly receipt: Uint8Array | null;
}

export interface StoredModule {
  readonly name: string;
  readonly version: string;
  readonly bytes: Uint8Array;
}

export interface Batch {
  readonly records: readonly SealedRecord[];
  readonly segments: readonly SealedSegment[];
  readonly nextBlock: number;
  readonly ended: boolean;
}

export type KeyRole = 'gateway' | 'gateway-lab' | 'platform' | 'platform-lab';
export const KEY_ROLES: readonly string[] = ['gateway', 'gateway-lab', 'platform', 'platform-lab'] satisfies KeyRole[];

/** Records are read in pages of this many, so a long stream costs no more memory than a short one. */
const PAGE_RECORDS = 512;

export class Store {
  readonly #db: SqlDatabase;
  readonly #isWriter: boolean;
  readonly #statements = new Map<string, SqlStatement>();

  private constructor(db: SqlDatabase, isWriter: boolean) {
    this.#db = db;
    this.#isWriter = isWriter;
  }

  /** A store to read. Errors: `store-foreign` for somebody else's file or a newer version, `input-empty` when nothing was ever stored. */
  static open(db: SqlDatabase): Store {
    if (isEmpty(db)) {
      throw new MaiboError('input-empty', 'the store is empty', {
        hint: 'what writes to it was stopped before it began',
      });
    }
    checkOwner(db);
    return new Store(db, false);
  }

  /** Takes the store for writing, and makes its tables in a new file: durable commits from here on. Errors: `store-foreign`. */
  static openForWriting(db: SqlDatabase): Store {
    const isNew = isEmpty(db);
    if (!isNew) checkOwner(db);
    db.exec('PRAGMA journal_mode = WAL');
    db.exec('PRAGMA synchronous = FULL');
    if (isNew) db.exec(SCHEMA);
    return new Store(db, true);
  }

  close(): void {
    // libsql lets go of the file only when its statements are collected: bring everything into the one file now.
    if (this.#isWriter) this.#db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    this.#db.close();
  }

  streams(): StoredStream[] {
    return this.#sql('SELECT id FROM stream ORDER BY id')
      .all()
      .map((row) => this.#stream(Number(row[0])));
  }

  /** The stream of this identity, made when it is new. */
  openStream(identity: StreamIdentity): StoredStream {
    this.#sql('INSERT OR IGNORE INTO stream (device, log, epoch) VALUES (?, ?, ?)').run(
      identity.device,
      identity.log,
      identity.epoch,
    );
    const row = this.#sql('SELECT id FROM stream WHERE device = ? AND log = ? AND epoch = ?').get(
      identity.device,
      identity.log,
      identity.epoch,
    );
    return this.#stream(Number(row?.[0]));
  }

  /** All or nothing, durable on return. Errors: `store-full`, `store-conflict`, `store-busy`; after an error nothing of it is there. */
  commit(streamId: number, batch: Batch): void {
    this.#transaction(() => {
      const record = this.#sql('INSERT INTO record (stream, seq, hash, bytes) VALUES (?, ?, ?, ?)');
      for (const sealed of batch.records) record.run(streamId, sealed.seq, sealed.hash, sealed.bytes);
      const segment = this.#sql(
        'INSERT INTO segment (stream, idx, first, last, hash, header, receipt) VALUES (?, ?, ?, ?, ?, ?, NULL)',
      );
      for (const s of batch.segments) segment.run(streamId, s.index, s.first, s.last, s.hash, s.header);
      this.#sql('UPDATE stream SET next_block = ?, ended = ? WHERE id = ?').run(
        batch.nextBlock,
        batch.ended ? 1 : 0,
        streamId,
      );
    });
  }

  /** Sealed records of a stream in order, from `fromSeq` to `toSeq` inclusive. */
  *records(
    streamId: number,
    fromSeq = 0,
    toSeq = Number.MAX_SAFE_INTEGER,
  ): Generator<{ seq: number; bytes: Uint8Array; hash: Uint8Array }> {
    const page = this.#sql(`${SELECT_RECORD} WHERE stream = ? AND seq >= ? AND seq <= ? ORDER BY seq LIMIT ?`);
    for (let from = fromSeq; ; ) {
      const rows = page.all(streamId, from, toSeq, PAGE_RECORDS);
      for (const row of rows) yield { seq: Number(row[0]), bytes: blob(row[1]), hash: blob(row[2]) };
      if (rows.length < PAGE_RECORDS) return;
      from = Number(rows.at(-1)?.[0]) + 1;
    }
  }

  segments(streamId: number): StoredSegment[] {
    return this.#sql(`${SELECT_SEGMENT} WHERE stream = ? ORDER BY idx`).all(streamId).map(segmentOf);
  }

  /** Segments the platform has not answered for, oldest first. */
  unconfirmedSegments(streamId: number): StoredSegment[] {
    return this.#sql(`${SELECT_SEGMENT} WHERE stream = ? AND receipt IS NULL ORDER BY idx`)
      .all(streamId)
      .map(segmentOf);
  }

  /** The segment as it travels. */
  segmentBytes(segment: StoredSegment): Uint8Array {
    const items = [...this.records(segment.streamId, segment.first, segment.last)].map((record) => record.bytes);
    return encodeSegment({ header: segment.header, items });
  }

  setReceipt(segment: StoredSegment, receipt: Uint8Array): void {
    this.#sql('UPDATE segment SET receipt = ? WHERE stream = ? AND idx = ?').run(
      receipt,
      segment.streamId,
      segment.index,
    );
  }

  addModule(sha256: Uint8Array, module: StoredModule): void {
    this.#sql('INSERT OR IGNORE INTO module (hash, name, version, bytes) VALUES (?, ?, ?, ?)').run(
      sha256,
      module.name,
      module.version,
      module.bytes,
    );
  }

  module(sha256: Uint8Array): StoredModule | null {
    const row = this.#sql(`${SELECT_MODULE} WHERE hash = ?`).get(sha256);
    return row === undefined ? null : moduleOf(row);
  }

  modules(): (StoredModule & { readonly hash: Uint8Array })[] {
    return this.#sql(`${SELECT_MODULE} ORDER BY hash`)
      .all()
      .map((row) => ({ hash: blob(row[0]), ...moduleOf(row) }));
  }

  /** SQLite's own check of the file; empty when it is sound. */
  checkStructure(): string[] {
    return this.#sql('PRAGMA integrity_check')
      .all()
      .map((row) => String(row[0]))
      .filter((line) => line !== 'ok');
  }

  addKey(keyId: Uint8Array, publicKey: Uint8Array, role: KeyRole): void {
    this.#sql('INSERT OR IGNORE INTO signer_key (key_id, public_key, role) VALUES (?, ?, ?)').run(
      keyId,
      publicKey,
      role,
    );
  }

  keys(): { keyId: Uint8Array; publicKey: Uint8Array; role: KeyRole }[] {
    return this.#sql(`${SELECT_KEY} ORDER BY rowid`)
      .all()
      .map((row) => ({ keyId: blob(row[0]), publicKey: blob(row[1]), role: text(row[2]) as KeyRole }));
  }

  #stream(id: number): StoredStream {
    const row = this.#sql(`${SELECT_STREAM} WHERE id = ?`).get(id);
    const last = this.#sql(`${SELECT_RECORD} WHERE stream = ? ORDER BY seq DESC LIMIT 1`).get(id);
    const segment = this.#sql(`${SELECT_SEGMENT} WHERE stream = ? ORDER BY idx DESC LIMIT 1`).get(id);
    const openFrom = segment === undefined ? 0 : segmentOf(segment).last + 1;
    return {
      id,
      device: blob(row?.[0]),
      log: Number(row?.[1]),
      epoch: blob(row?.[2]),
      nextBlock: Number(row?.[3]),
      ended: Number(row?.[4]) === 1,
      chain:
        last === undefined
          ? { recordCount: 0, hash: NO_HASH }
          : { recordCount: Number(last[0]) + 1, hash: blob(last[2]) },
      segments: {
        segmentCount: segment === undefined ? 0 : segmentOf(segment).index + 1,
        hash: segment === undefined ? NO_HASH : segmentOf(segment).hash,
        open: [...this.records(id, openFrom)].map((record) => record.bytes),
        openFrom,
      },
    };
  }

  #transaction(work: () => void): void {
    this.#db.exec('BEGIN IMMEDIATE');
    try {
      work();
      this.#db.exec('COMMIT');
    } catch (failure) {
      // SQLite may have rolled back by itself (disk full): then there is nothing left to undo.
      try {
        this.#db.exec('ROLLBACK');
      } catch {}
      throw failure;
    }
  }

  #sql(text: string): SqlStatement {
    let statement = this.#statements.get(text);
    if (statement === undefined) {
      statement = this.#db.prepare(text);
      this.#statements.set(text, statement);
    }
    return statement;
  }
}

// libsql 0.5 aborts the process on text that is no UTF-8, which a damaged row may hold in any column: so no value leaves SQLite as text.
const SELECT_STREAM = select('stream', {
  device: 'BLOB',
  log: 'INTEGER',
  epoch: 'BLOB',
  next_block: 'INTEGER',
  ended: 'INTEGER',
});
const SELECT_RECORD = select('record', { seq: 'INTEGER', bytes: 'BLOB', hash: 'BLOB' });
const SELECT_SEGMENT = select('segment', {
  stream: 'INTEGER',
  idx: 'INTEGER',
  first: 'INTEGER',
  last: 'INTEGER',
  hash: 'BLOB',
  header: 'BLOB',
  receipt: 'BLOB',
});
const SELECT_MODULE = select('module', { hash: 'BLOB', name: 'BLOB', version: 'BLOB', bytes: 'BLOB' });
const SELECT_KEY = select('signer_key', { key_id: 'BLOB', public_key: 'BLOB', role: 'BLOB' });

function select(table: string, columns: Readonly<Record<string, 'INTEGER' | 'BLOB'>>): string {
  const casts = Object.entries(columns).map(([name, type]) => `CAST(${name} AS ${type})`);
  return `SELECT ${casts.join(', ')} FROM ${table}`;
}

function segmentOf(row: SqlRow): StoredSegment {
  return {
    streamId: Number(row[0]),
    index: Number(row[1]),
    first: Number(row[2]),
    last: Number(row[3]),
    hash: blob(row[4]),
    header: blob(row[5]),
    receipt: row[6] === null ? null : blob(row[6]),
  };
}

function moduleOf(row: SqlRow): StoredModule {
  return { name: text(row[1]), version: text(row[2]), bytes: blob(row[3]) };
}

function text(value: unknown): string {
  return Buffer.from(blob(value)).toString('utf8');
}

function blob(value: unknown): Uint8Array {
  if (!(value instanceof Uint8Array)) throw new MaiboError('store-open', 'the store holds something that is not bytes');
  return new Uint8Array(value.buffer, value.byteOffset, value.length);
}

function isEmpty(db: SqlDatabase): boolean {
  return Number(db.prepare('SELECT count(*) FROM sqlite_master').get()?.[0]) === 0;
}

function checkOwner(db: SqlDatabase): void {
  if (pragma(db, 'application_id') !== APPLICATION_ID) {
    const hint = 'name a store.sqlite that Maibo wrote';
    throw new MaiboError('store-foreign', 'this database was not made by Maibo', { hint });
  }
  const version = pragma(db, 'user_version');
  if (version <= SCHEMA_VERSION) return;
  const message = `the store has version ${version}, this program reads up to ${SCHEMA_VERSION}`;
  throw new MaiboError('store-foreign', message, { hint: 'update Maibo' });
}

function pragma(db: SqlDatabase, name: string): number {
  return Number(db.prepare(`PRAGMA ${name}`).get()?.[0]);
}
