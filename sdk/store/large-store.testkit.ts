// A store with very many rows, made by SQL alone: nothing in it could be verified, and every query has to find its way.
import type { SqlDatabase, SqlStatement } from '../world/world.ts';

const MADE_UP_LOG = 999;

/** Streams with these many records each, in segments of 64; the last one of each waits for the platform. */
export function fillWithRows(db: SqlDatabase, streamCount: number, recordsPerStream: number): void {
  const numbers = (count: number) =>
    `WITH RECURSIVE n (x) AS (SELECT 0 UNION ALL SELECT x + 1 FROM n WHERE x < ${count - 1})`;
  db.exec('BEGIN');
  db.exec(`${numbers(streamCount)} INSERT INTO stream (device, log, epoch, next_block, clock_seq)
    SELECT randomblob(16), ${MADE_UP_LOG}, x'00000000', ${recordsPerStream}, 1 FROM n`);
  db.exec(`${numbers(recordsPerStream)} INSERT INTO record (stream, seq, hash, bytes)
    SELECT id, x, zeroblob(32), zeroblob(60) FROM stream, n WHERE log = ${MADE_UP_LOG}`);
  const segments = Math.floor(recordsPerStream / 64);
  db.exec(`${numbers(segments)} INSERT INTO segment (stream, idx, first, last, hash, header, receipt)
    SELECT id, x, x * 64, x * 64 + 63, randomblob(32), zeroblob(200), CASE WHEN x < ${segments - 1} THEN zeroblob(200) END
    FROM stream, n WHERE log = ${MADE_UP_LOG}`);
  db.exec(`${numbers(segments)} INSERT INTO restart_point (stream, seq, from_seq)
    SELECT id, x * 64 + 10, x * 64 + 1 FROM stream, n WHERE log = ${MADE_UP_LOG} AND x % 16 = 8`);
  db.exec('COMMIT');
}

/** A stream of which these many segments of one record each wait for the platform; gives its id. */
export function fillWithWaiting(db: SqlDatabase, count: number): number {
  const numbers = `WITH RECURSIVE n (x) AS (SELECT 0 UNION ALL SELECT x + 1 FROM n WHERE x < ${count - 1})`;
  db.exec('BEGIN');
  db.exec(`INSERT INTO stream (device, log, epoch, next_block, clock_seq)
    VALUES (randomblob(16), ${MADE_UP_LOG}, x'00000001', ${count}, 1)`);
  const [id] = db.prepare('SELECT max(id) FROM stream').get()!;
  db.exec(
    `${numbers} INSERT INTO record (stream, seq, hash, bytes) SELECT ${id}, x, zeroblob(32), zeroblob(60) FROM n`,
  );
  db.exec(`${numbers} INSERT INTO segment (stream, idx, first, last, hash, header, receipt)
    SELECT ${id}, x, x, x, randomblob(32), zeroblob(200), NULL FROM n`);
  db.exec('COMMIT');
  return Number(id);
}

export interface Listening {
  readonly db: SqlDatabase;
  /** Every statement that was prepared. */
  readonly asked: Set<string>;
  /** Rows that each read has brought into memory, in order. */
  readonly rows: number[];
}

/** The database, and what is asked of it. */
export function listening(db: SqlDatabase): Listening {
  const asked = new Set<string>();
  const rows: number[] = [];
  const prepare = (sql: string): SqlStatement => {
    asked.add(sql);
    const { run, get, all } = db.prepare(sql);
    const counted = <T>(found: T, count: number) => {
      rows.push(count);
      return found;
    };
    return {
      run,
      get: (...values) => counted(get(...values), 1),
      all: (...values) => {
        const found = all(...values);
        return counted(found, found.length);
      },
    };
  };
  return { db: { ...db, prepare }, asked, rows };
}

/** How SQLite goes about this statement, step by step. */
export function planOf(db: SqlDatabase, sql: string): string[] {
  const plan = db.prepare(`EXPLAIN QUERY PLAN ${sql}`).all();
  return plan.map((row) => String(row[3]));
}

/** Tables that this statement would read from end to end. */
export function scansOf(db: SqlDatabase, sql: string): string[] {
  return planOf(db, sql).filter((step) => /^SCAN (?!CONSTANT)/.test(step));
}
