// Rows of the tables to what the rest of the program calls them.
//
// libsql 0.5 aborts the process on text that is no UTF-8, which a damaged row may hold in any column: so no value leaves SQLite as text.
import { MaiboError } from '../errors.ts';
import type { ChainHead } from '../evidence/record-chain.ts';
import type { StreamIdentity } from '../evidence/record-types.ts';
import type { SegmentHead } from '../evidence/segment-builder.ts';
import type { SqlRow } from '../world/world.ts';

export interface StoredStream extends StreamIdentity {
  readonly id: number;
  readonly chain: ChainHead;
  readonly segments: SegmentHead;
  /** Number of the next block to ask the device for. */
  readonly nextBlock: number;
  /** The device said that nothing follows, and that has been sealed. */
  readonly ended: boolean;
  /** What was trimmed; null when all records are here. */
  readonly trimmed: TrimmedPart | null;
  /** The newest restart record. */
  readonly restart: RestartPoint | null;
  /** Number of the last clock record, 0 when there is none; null when version 1 wrote it and nobody noted that. */
  readonly clockSeq: number | null;
  /** Where the device's own chain stands; null like `clockSeq`. */
  readonly link: LinkNote | null;
}

export interface TrimmedPart {
  /** The first record kept behind record 0. */
  readonly before: number;
  /** The last item that the platform had confirmed; -1 when it had none. */
  readonly confirmedItem: number;
  /** Something was trimmed that the platform had not confirmed. */
  readonly isOpen: boolean;
}

export interface RestartPoint {
  readonly seq: number;
  readonly fromSeq: number;
}

export interface LinkNote {
  /** The device's chain behind the last item; null where an item is missing. */
  readonly chain: Uint8Array | null;
  /** The last item that a sealed checkpoint speaks of, -1 when there is none. */
  readonly checkedUpto: number;
}

export interface StoredRecord {
  readonly seq: number;
  readonly bytes: Uint8Array;
  readonly hash: Uint8Array;
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

export type KeyRole = 'gateway' | 'gateway-lab' | 'platform' | 'platform-lab';
export const KEY_ROLES: readonly string[] = ['gateway', 'gateway-lab', 'platform', 'platform-lab'] satisfies KeyRole[];

const STREAM_COLUMNS = { device: 'BLOB', log: 'INTEGER', epoch: 'BLOB', next_block: 'INTEGER', ended: 'INTEGER' };
const NOTE_COLUMNS = {
  kept_from: 'INTEGER',
  trimmed_item: 'INTEGER',
  trimmed_open: 'INTEGER',
  clock_seq: 'INTEGER',
  link_chain: 'BLOB',
  checked_upto: 'INTEGER',
};

/** A store of version 1 that is only read has no notes. */
export function selectStream(version: number): string {
  if (version > 1) return select('stream', { ...STREAM_COLUMNS, ...NOTE_COLUMNS });
  return select('stream', STREAM_COLUMNS).replace(' FROM', ', 0, -1, 0, NULL, NULL, -1 FROM');
}

export const SELECT_RECORD: string = select('record', { seq: 'INTEGER', bytes: 'BLOB', hash: 'BLOB' });
export const SELECT_SEGMENT: string = select('segment', {
  stream: 'INTEGER',
  idx: 'INTEGER',
  first: 'INTEGER',
  last: 'INTEGER',
  hash: 'BLOB',
  header: 'BLOB',
  receipt: 'BLOB',
});
export const SELECT_RESTART: string = select('restart_point', { seq: 'INTEGER', from_seq: 'INTEGER' });
export const SELECT_MODULE: string = select('module', { hash: 'BLOB', name: 'BLOB', version: 'BLOB', bytes: 'BLOB' });
export const SELECT_KEY: string = select('signer_key', { key_id: 'BLOB', public_key: 'BLOB', role: 'BLOB' });

function select(table: string, columns: Readonly<Record<string, string>>): string {
  const casts = Object.entries(columns).map(([name, type]) => `CAST(${name} AS ${type})`);
  return `SELECT ${casts.join(', ')} FROM ${table}`;
}

/** The stream's own row, without what its records and segments say. */
export function streamNotesOf(row: SqlRow | undefined) {
  const keptFrom = Number(row?.[5] ?? 0);
  const chain = row?.[9] ?? null;
  const clockSeq = row?.[8] ?? null;
  return {
    device: blob(row?.[0]),
    log: Number(row?.[1]),
    epoch: blob(row?.[2]),
    nextBlock: Number(row?.[3]),
    ended: Number(row?.[4]) === 1,
    trimmed:
      keptFrom === 0 ? null : { before: keptFrom, confirmedItem: Number(row?.[6]), isOpen: Number(row?.[7]) === 1 },
    clockSeq: clockSeq === null ? null : Number(clockSeq),
    link: chain === null ? null : { chain: noneWhenEmpty(blob(chain)), checkedUpto: Number(row?.[10]) },
  };
}

function noneWhenEmpty(bytes: Uint8Array): Uint8Array | null {
  return bytes.length === 0 ? null : bytes;
}

export function recordOf(row: SqlRow): StoredRecord {
  return { seq: Number(row[0]), bytes: blob(row[1]), hash: blob(row[2]) };
}

export function segmentOf(row: SqlRow): StoredSegment {
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

export function moduleOf(row: SqlRow): StoredModule {
  return { name: text(row[1]), version: text(row[2]), bytes: blob(row[3]) };
}

export function text(value: unknown): string {
  return Buffer.from(blob(value)).toString('utf8');
}

export function blob(value: unknown): Uint8Array {
  if (!(value instanceof Uint8Array)) throw new MaiboError('store-open', 'the store holds something that is not bytes');
  return new Uint8Array(value.buffer, value.byteOffset, value.length);
}
