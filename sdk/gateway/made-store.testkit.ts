// Stores that tests make for themselves: a made-up signal through the production writer, in a temporary folder that goes away.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CONTENT_RECEIPT, encodeItem, encodeReceipt, sealCose, sha256 } from '@maibo/protocols';
import { afterAll } from 'vitest';
import type { LogItem } from '../device/device-session.ts';
import { toHex } from '../evidence/record-types.ts';
import { ecgBlocks, makeEcg, streamRecord } from '../pipeline/made-signals.testkit.ts';
import { type KeyRole, Store, type StoredSegment } from '../store/store.ts';
import type { SampleBlock } from '../stream/sample-block.ts';
import { createLabKey } from '../world/node-keys.ts';
import { openSqlite } from '../world/node-sqlite.ts';
import type { Signer, SqlDatabase } from '../world/world.ts';
import type { ForeignCores } from './foreign-cores.ts';
import { type StreamDescription, StreamWriter } from './stream-writer.ts';

export const gatewayKey: Signer = createLabKey('gateway', 1);
export const platformKey: Signer = createLabKey('platform', 1);
export const IDENTITY = { device: new Uint8Array(16).fill(7), log: 1, epoch: new Uint8Array(4).fill(3) };

/** A folder for the tests of one file. */
export function useFolder(name: string): (file: string) => string {
  const folder = mkdtempSync(join(tmpdir(), `maibo-${name}-`));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return (file) => join(folder, file);
}

export function description(signal: 'ecg' | 'rr'): StreamDescription {
  const { v, place, prev, ...rest } = streamRecord(signal);
  return rest;
}

/** A minute and a half of ECG, in blocks of a second. */
export function minuteOfBlocks(): SampleBlock[] {
  return ecgBlocks(makeEcg(90).counts);
}

export function openWriter(store: Store, signal: 'ecg' | 'rr' = 'ecg', cores?: ForeignCores): StreamWriter {
  const parts = { store, identity: IDENTITY, signer: gatewayKey, description: description(signal) };
  return StreamWriter.open({ ...parts, ...(cores && { cores }) });
}

export const MARK = { boot: 1, ticks: 0, utcUs: 1_767_225_600_000_000, uncertaintyUs: 0 };

export interface FillOptions {
  readonly signal?: 'ecg' | 'rr';
  readonly end?: boolean;
  readonly blocksPerCommit?: number;
  readonly cores?: ForeignCores;
}

/** Writes blocks through the production writer, from where the store stands. */
export async function fill(store: Store, blocks: readonly SampleBlock[], options: FillOptions = {}): Promise<void> {
  store.addKey(gatewayKey.keyId, gatewayKey.publicKey, 'gateway-lab' satisfies KeyRole);
  store.addKey(platformKey.keyId, platformKey.publicKey, 'platform-lab' satisfies KeyRole);
  const writer = openWriter(store, options.signal, options.cores);
  if (!writer.ended) writer.markClock(MARK, 'lab');
  for (const block of blocks.slice(writer.nextBlock)) {
    writer.take(itemOf(block));
    if (writer.pendingBlocks >= (options.blocksPerCommit ?? 16)) await writer.commit();
  }
  if (options.end !== false) writer.take({ kind: 'end', head: blocks.length, final: true });
  await writer.commit();
}

/** A block as a device sends it: one item of its log. */
export function itemOf(block: SampleBlock): Extract<LogItem, { kind: 'item' }> {
  const { seq, firstSample, ticks, format, bytes: samples } = block;
  return {
    kind: 'item',
    seq,
    bytes: encodeItem({ type: 'sample-item', boot: 1, ticks, firstSample, format, samples }),
    block,
  };
}

/** A platform's answers to all segments. */
export function confirmAll(store: Store): void {
  for (const stream of store.streams()) {
    for (const segment of store.unconfirmedSegments(stream.id)) store.setReceipt(segment, receiptFor(segment));
  }
}

export function receiptFor(segment: StoredSegment): Uint8Array {
  const { hash, index, first, last } = segment;
  const receipt = encodeReceipt({
    v: 1,
    segment: hash,
    ...IDENTITY,
    index,
    first,
    last,
    receivedUtcUs: 1_767_225_700_000_000,
  });
  return sealCose(receipt, { contentType: CONTENT_RECEIPT, signer: platformKey });
}

/** A whole store in one file: records, segments, receipts, modules, keys; closed. */
export async function makeStoreFile(path: string, blocks: readonly SampleBlock[] = minuteOfBlocks()): Promise<void> {
  const db = openSqlite(path);
  const store = Store.openForWriting(db);
  await fill(store, blocks);
  confirmAll(store);
  closeWhole(db);
}

/** libsql lets go of a file when its statements are collected, which may be later: this puts all of it in one file now. */
function closeWhole(db: SqlDatabase): void {
  db.prepare('PRAGMA wal_checkpoint(TRUNCATE)').get();
  db.close();
}

/** Changes a closed store behind its back. */
export function meddle(path: string, change: (db: SqlDatabase) => void): void {
  const db = openSqlite(path);
  try {
    change(db);
  } finally {
    closeWhole(db);
  }
}

/** Everything the tables hold in each column, kind and value, as text that can be compared. */
export function contentOf(path: string): string {
  const db = openSqlite(path);
  try {
    // Text leaves SQLite as bytes: see SELECT_STREAM in store.ts.
    const rows = Object.entries(COLUMNS).flatMap(([table, columns]) =>
      db
        .prepare(
          `SELECT ${columns.map((name) => `CAST(quote(${name}) AS BLOB)`).join(', ')} FROM ${table} ORDER BY 1, 2`,
        )
        .all(),
    );
    return rows.map((row) => row.map((cell) => toHex(sha256(cell as Uint8Array))).join(' ')).join('\n');
  } finally {
    db.close();
  }
}

const COLUMNS = {
  stream: [
    ...['id', 'device', 'log', 'epoch', 'next_block', 'ended'],
    ...['kept_from', 'trimmed_item', 'trimmed_open', 'clock_seq', 'link_chain', 'checked_upto'],
  ],
  restart_point: ['stream', 'seq', 'from_seq'],
  record: ['stream', 'seq', 'hash', 'bytes'],
  segment: ['stream', 'idx', 'first', 'last', 'hash', 'header', 'receipt'],
  module: ['hash', 'name', 'version', 'bytes'],
  signer_key: ['key_id', 'public_key', 'role'],
};
