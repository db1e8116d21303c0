// The durable memory of a gateway: sealed records, segments, receipts, the modules that were run and the keys that signed.
//
//   stream 1──n record           (stream, seq) is the key: the same place cannot be taken twice
//          1──n segment          header and hash; its bytes are put together from the records
//          1──n restart_point    restart records by number
//   module, signer_key           what a verifier needs beside the records
//
// WAL with synchronous=FULL: when `commit` returns, the batch has reached the disk, and only then may it be acknowledged.
import { encodeSegment } from '@maibo/protocols';
import { MaiboError } from '../errors.ts';
import { NO_HASH, type SealedRecord } from '../evidence/record-chain.ts';
import type { StreamIdentity } from '../evidence/record-types.ts';
import type { SealedSegment } from '../evidence/segment-builder.ts';
import type { SqlDatabase, SqlStatement, SqlValue } from '../world/world.ts';
import {
  blob,
  type KeyRole,
  type LinkNote,
  moduleOf,
  type RestartPoint,
  recordOf,
  SELECT_KEY,
  SELECT_MODULE,
  SELECT_RECORD,
  SELECT_RESTART,
  SELECT_SEGMENT,
  type StoredModule,
  type StoredRecord,
  type StoredSegment,
  type StoredStream,
  segmentOf,
  selectStream,
  streamNotesOf,
  text,
} from './rows.ts';
import { bringUpToDate, checkOwner, isEmpty, SCHEMA_VERSION } from './schema.ts';

export { KEY_ROLES, type KeyRole, type StoredModule, type StoredSegment, type StoredStream } from './rows.ts';

export interface Batch {
  readonly records: readonly SealedRecord[];
  readonly segments: readonly SealedSegment[];
  readonly nextBlock: number;
  readonly ended: boolean;
  /** Where the device's own chain stands behind the batch; a start has to find it out when it is not said. */
  readonly link?: LinkNote;
  /** With a trim record: how far the platform had confirmed what goes, and whether it had not confirmed all of it. */
  readonly trimmed?: { readonly confirmedItem: number; readonly isOpen: boolean };
}

export interface StreamBatch {
  readonly streamId: number;
  readonly batch: Batch;
}

export interface StoreSize {
  readonly fileBytes: number;
  /** Pages that hold nothing and that the file keeps. */
  readonly freeBytes: number;
}

/** Records are read in pages of this many, so a long stream costs no more memory than a short one. */
const PAGE_RECORDS = 512;
/** Records taken out by one statement: the log of changes stays small. */
const DROP_RECORDS = 4_096;

export class Store {
  readonly #db: SqlDatabase;
  readonly #isWriter: boolean;
  /** Tables as this version has them; a store that is only read may be older. */
  readonly #version: number;
  readonly #statements = new Map<string, SqlStatement>();

  private constructor(db: SqlDatabase, isWriter: boolean, version: number) {
    this.#db = db;
    this.#isWriter = isWriter;
    this.#version = version;
  }

  /** A store to read. Errors: `store-foreign` for somebody else's file or a newer version, `input-empty` when nothing was ever stored. */
  static open(db: SqlDatabase): Store {
    if (isEmpty(db)) {
      throw new MaiboError('input-empty', 'the store is empty', {
        hint: 'what writes to it was stopped before it began',
      });
    }
    return new Store(db, false, checkOwner(db));
  }

  /**
   * Takes the store for writing: makes the tables of a new file, brings an older one up to date, and takes out what a trim that was cut short
   * left behind. Durable commits from here on. Errors: `store-foreign`, `store-full`, `store-busy`.
   */
  static openForWriting(db: SqlDatabase): Store {
    if (!isEmpty(db)) checkOwner(db);
    db.exec('PRAGMA journal_mode = WAL');
    db.exec('PRAGMA synchronous = FULL');
    bringUpToDate(db);
    const store = new Store(db, true, SCHEMA_VERSION);
    for (const [id] of store.#sql('SELECT id FROM stream WHERE kept_from > 0').all()) store.dropTrimmed(Number(id));
    return store;
  }

  close(): void {
    // libsql lets go of the file only when its statements are collected: bring everything into the one file now.
    if (this.#isWriter) this.#db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    this.#db.close();
  }

  streams(): StoredStream[] {
    return this.#sql('SELECT id FROM stream ORDER BY id')
      .all()
      .map((row) => this.stream(Number(row[0])));
  }

  /** Streams of one log of one device, one for each time it was erased; the oldest first. */
  streamsOf(device: Uint8Array, log: number): StoredStream[] {
    return this.#sql('SELECT id FROM stream WHERE device = ? AND log = ? ORDER BY id')
      .all(device, log)
      .map((row) => this.stream(Number(row[0])));
  }

  /** The stream of this identity, made when it is new. */
  openStream(identity: StreamIdentity): StoredStream {
    const { device, log, epoch } = identity;
    const find = this.#sql('SELECT id FROM stream WHERE device = ? AND log = ? AND epoch = ?');
    const make = this.#sql('INSERT OR IGNORE INTO stream (device, log, epoch) VALUES (?, ?, ?)');
    if (find.get(device, log, epoch) === undefined) make.run(device, log, epoch);
    return this.stream(Number(find.get(device, log, epoch)?.[0]));
  }

  /** What is known of a stream from its row, its last record, its last segment and its last restart record. */
  stream(id: number): StoredStream {
    const notes = streamNotesOf(this.#sql(`${selectStream(this.#version)} WHERE id = ?`).get(id));
    const last = this.#sql(`${SELECT_RECORD} WHERE stream = ? ORDER BY seq DESC LIMIT 1`).get(id);
    const row = this.#sql(`${SELECT_SEGMENT} WHERE stream = ? ORDER BY idx DESC LIMIT 1`).get(id);
    const segment = row === undefined ? null : segmentOf(row);
    const openFrom = segment === null ? 0 : segment.last + 1;
    const readOpen = () => [...this.records(id, openFrom)].map((record) => record.bytes);
    return {
      id,
      ...notes,
      restart: this.restartPoints(id, 1)[0] ?? null,
      chain:
        last === undefined
          ? { recordCount: 0, hash: NO_HASH }
          : { recordCount: Number(last[0]) + 1, hash: blob(last[2]) },
      segments: {
        segmentCount: segment === null ? 0 : segment.index + 1,
        hash: segment === null ? NO_HASH : segment.hash,
        openFrom,
        // Only a writer wants them: a list of a thousand streams does not read them.
        get open() {
          return readOpen();
        },
      },
    };
  }

  /** All or nothing, durable on return. Errors: `store-full`, `store-conflict`, `store-busy`; after an error nothing of it is there. */
  commit(streamId: number, batch: Batch): void {
    this.commitAll([{ streamId, batch }]);
  }

  /** The batches of many streams in one transaction: all of them or none, durable on return. Errors: as `commit`. */
  commitAll(all: readonly StreamBatch[]): void {
    this.#transaction(() => {
      for (const { streamId, batch } of all) this.#insert(streamId, batch);
    });
  }

  /** Sealed records of a stream in order, from `fromSeq` to `toSeq` inclusive; what was trimmed is not among them. */
  *records(streamId: number, fromSeq = 0, toSeq: number = Number.MAX_SAFE_INTEGER): Generator<StoredRecord> {
    const keptFrom = this.#keptFrom(streamId);
    const page = this.#sql(`${SELECT_RECORD} WHERE stream = ? AND seq >= ? AND seq <= ? ORDER BY seq LIMIT ?`);
    if (fromSeq <= 0 && keptFrom > 0) yield* page.all(streamId, fromSeq, Math.min(0, toSeq), 1).map(recordOf);
    for (let from = Math.max(fromSeq, keptFrom); ; ) {
      const rows = page.all(streamId, from, toSeq, PAGE_RECORDS);
      for (const row of rows) yield recordOf(row);
      if (rows.length < PAGE_RECORDS) return;
      from = Number(rows.at(-1)?.[0]) + 1;
    }
  }

  segments(streamId: number): StoredSegment[] {
    return this.#segments('ORDER BY idx', streamId);
  }

  /** Segments the platform has not answered for, oldest first, each read when it is asked for: a year may wait. */
  *unconfirmedSegments(streamId: number): Generator<StoredSegment> {
    const where = 'WHERE stream = ? AND +first >= ? AND receipt IS NULL AND idx >= ?';
    const find = this.#sql(`${SELECT_SEGMENT} ${this.#byOpen} ${where} ORDER BY idx LIMIT 1`);
    for (let next = 0; ; ) {
      const row = find.get(streamId, this.#keptFrom(streamId), next);
      if (row === undefined) return;
      const segment = segmentOf(row);
      yield segment;
      next = segment.index + 1;
    }
  }

  /** The oldest segment that the platform has not answered for. */
  firstUnconfirmed(streamId: number): StoredSegment | null {
    const [first] = this.unconfirmedSegments(streamId);
    return first ?? null;
  }

  /** How many segments of each stream the platform has not answered for; those of a trim that was cut short count until the next opening. */
  unconfirmedCounts(): ReadonlyMap<number, number> {
    // Stream by stream: each is then found in the index.
    const count = `SELECT count(*) FROM segment ${this.#byOpen} WHERE segment.stream = stream.id AND receipt IS NULL`;
    const rows = this.#sql(`SELECT id, (${count}) FROM stream`).all();
    return new Map(rows.map(([id, count]) => [Number(id), Number(count)]));
  }

  /** Segments before this index, the newest first. */
  *segmentsBefore(streamId: number, index: number): Generator<StoredSegment> {
    for (let next = index; ; ) {
      const [segment] = this.#segments('AND idx < ? ORDER BY idx DESC LIMIT 1', streamId, next);
      if (segment === undefined) return;
      yield segment;
      next = segment.index;
    }
  }

  /** The segment that begins at this record or before it, and last among those. */
  segmentAt(streamId: number, seq: number): StoredSegment | null {
    const row = this.#sql(`${SELECT_SEGMENT} WHERE stream = ? AND first <= ? ORDER BY first DESC LIMIT 1`);
    const found = row.get(streamId, seq);
    return found === undefined ? null : segmentOf(found);
  }

  /** Restart records of a stream, the newest first. */
  restartPoints(streamId: number, limit: number = Number.MAX_SAFE_INTEGER): RestartPoint[] {
    if (this.#version < 2) return [];
    return this.#sql(`${SELECT_RESTART} WHERE stream = ? AND seq >= ? ORDER BY seq DESC LIMIT ?`)
      .all(streamId, this.#keptFrom(streamId), limit)
      .map((row) => ({ seq: Number(row[0]), fromSeq: Number(row[1]) }));
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

  /** Takes out what a trim record says is no longer kept. May be cut short anywhere: the next opening goes on with it. */
  dropTrimmed(streamId: number): { recordCount: number; segmentCount: number } {
    const keptFrom = this.#keptFrom(streamId);
    const oldest = this.#sql('SELECT min(seq) FROM record WHERE stream = ? AND seq > 0');
    const drop = this.#sql('DELETE FROM record WHERE stream = ? AND seq > 0 AND seq < ?');
    let recordCount = 0;
    for (;;) {
      const from = oldest.get(streamId)?.[0] ?? null;
      if (from === null || Number(from) >= keptFrom) break;
      recordCount += drop.run(streamId, Math.min(keptFrom, Number(from) + DROP_RECORDS)).changes;
    }
    const segments = this.#sql('DELETE FROM segment WHERE stream = ? AND first < ?').run(streamId, keptFrom);
    this.#sql('DELETE FROM restart_point WHERE stream = ? AND seq < ?').run(streamId, keptFrom);
    return { recordCount, segmentCount: segments.changes };
  }

  /** Writes the file anew without the room of what was taken out. Errors: `store-full` when there is no room for the copy, `store-busy`. */
  compact(): void {
    this.#db.exec('VACUUM');
    this.#db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  }

  size(): StoreSize {
    const read = (name: string) => Number(this.#sql(`PRAGMA ${name}`).get()?.[0]);
    const pageBytes = read('page_size');
    return { fileBytes: read('page_count') * pageBytes, freeBytes: read('freelist_count') * pageBytes };
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

  #insert(streamId: number, batch: Batch): void {
    const record = this.#sql('INSERT INTO record (stream, seq, hash, bytes) VALUES (?, ?, ?, ?)');
    for (const sealed of batch.records) record.run(streamId, sealed.seq, sealed.hash, sealed.bytes);
    const segment = this.#sql(
      'INSERT INTO segment (stream, idx, first, last, hash, header, receipt) VALUES (?, ?, ?, ?, ?, ?, NULL)',
    );
    for (const s of batch.segments) segment.run(streamId, s.index, s.first, s.last, s.hash, s.header);
    const restart = this.#sql('INSERT INTO restart_point (stream, seq, from_seq) VALUES (?, ?, ?)');
    for (const { seq, record } of batch.records)
      if (record.kind === 'restart') restart.run(streamId, seq, record.fromSeq);
    this.#sql(UPDATE_NOTES).run(...notesOf(batch), streamId);
  }

  /** Left to itself SQLite takes the primary key, and reads a year of confirmed segments to find the one that waits. */
  get #byOpen(): string {
    return this.#version < 2 ? '' : 'INDEXED BY segment_open';
  }

  #keptFrom(streamId: number): number {
    if (this.#version < 2) return 0;
    return Number(this.#sql('SELECT kept_from FROM stream WHERE id = ?').get(streamId)?.[0] ?? 0);
  }

  #segments(condition: string, streamId: number, ...values: number[]): StoredSegment[] {
    const rows = this.#sql(`${SELECT_SEGMENT} WHERE stream = ? AND +first >= ? ${condition}`);
    return rows.all(streamId, this.#keptFrom(streamId), ...values).map(segmentOf);
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

// A clock record that was not noted stays unknown until the next one.
const UPDATE_NOTES = `UPDATE stream SET next_block = ?, ended = ?, link_chain = ?, checked_upto = ?,
  clock_seq = coalesce(?, clock_seq), kept_from = max(kept_from, ?), trimmed_item = coalesce(?, trimmed_item),
  trimmed_open = max(trimmed_open, ?) WHERE id = ?`;

/** In the order of UPDATE_NOTES. */
function notesOf({ records, nextBlock, ended, link, trimmed }: Batch): SqlValue[] {
  const clock = records.findLast(({ record }) => record.kind === 'clock');
  // The first record of a stream is not a clock: from there on it is known that there is none.
  const clockSeq = clock?.seq ?? (records[0]?.seq === 0 ? 0 : null);
  const trim = records.findLast(({ record }) => record.kind === 'trim')?.record;
  const before = trim?.kind === 'trim' ? trim.before : 0;
  const chain = link === undefined ? null : (link.chain ?? new Uint8Array(0));
  const marks = [clockSeq, before, trimmed?.confirmedItem ?? null, trimmed?.isOpen ? 1 : 0];
  return [nextBlock, ended ? 1 : 0, chain, link?.checkedUpto ?? -1, ...marks];
}
