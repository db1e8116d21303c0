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

/** The database, and every statement that was asked of it. */
export function listening(db: SqlDatabase): { db: SqlDatabase; asked: Set<string> } {
  const asked = new Set<string>();
  const prepare = (sql: string): SqlStatement => {
    asked.add(sql);
    return db.prepare(sql);
  };
  return { db: { ...db, prepare }, asked };
}

/** Tables that this statement would read from end to end. */
export function scansOf(db: SqlDatabase, sql: string): string[] {
  const plan = db.prepare(`EXPLAIN QUERY PLAN ${sql}`).all();
  return plan.map((row) => String(row[3])).filter((step) => /^SCAN (?!CONSTANT)/.test(step));
}
