// Tables of the store, and how a store of an older version becomes one of this. A change here raises SCHEMA_VERSION.
import { MaiboError } from '../errors.ts';
import type { SqlDatabase } from '../world/world.ts';

/** "MAIB": marks the file as ours, so that a wrong path is told at once. */
export const APPLICATION_ID = 0x4d414942;
export const SCHEMA_VERSION = 2;

/**
 * What version 2 notes beside a stream, so that no start has to read it whole. `kept_from`: records 1 .. kept_from - 1 were trimmed, 0 when none
 * were. `clock_seq`: its last clock record, 0 when there is none; `link_chain`: the device's chain behind the last item, empty where it is
 * broken. NULL in these two: written by version 1, which did not note it.
 */
const NOTES = {
  kept_from: 'INTEGER NOT NULL DEFAULT 0',
  trimmed_item: 'INTEGER NOT NULL DEFAULT -1',
  trimmed_open: 'INTEGER NOT NULL DEFAULT 0',
  clock_seq: 'INTEGER',
  link_chain: 'BLOB',
  checked_upto: 'INTEGER NOT NULL DEFAULT -1',
} as const;

/** Restart records by number, and what finds a segment by its first record, or the ones that wait for the platform, without reading them all. */
const FINDERS = `
CREATE TABLE restart_point (
  stream INTEGER NOT NULL REFERENCES stream, seq INTEGER NOT NULL, from_seq INTEGER NOT NULL,
  PRIMARY KEY (stream, seq)) STRICT, WITHOUT ROWID;
CREATE INDEX segment_first ON segment (stream, first);
CREATE INDEX segment_open ON segment (stream, idx) WHERE receipt IS NULL;
`;

const SCHEMA = `
BEGIN;
PRAGMA application_id = ${APPLICATION_ID};
PRAGMA user_version = ${SCHEMA_VERSION};
CREATE TABLE stream (
  id INTEGER PRIMARY KEY, device BLOB NOT NULL, log INTEGER NOT NULL, epoch BLOB NOT NULL,
  next_block INTEGER NOT NULL DEFAULT 0, ended INTEGER NOT NULL DEFAULT 0,
  ${Object.entries(NOTES)
    .map(([name, type]) => `${name} ${type}, `)
    .join('')}
  UNIQUE (device, log, epoch)) STRICT;
CREATE TABLE record (
  stream INTEGER NOT NULL REFERENCES stream, seq INTEGER NOT NULL, hash BLOB NOT NULL, bytes BLOB NOT NULL,
  PRIMARY KEY (stream, seq)) STRICT;
CREATE TABLE segment (
  stream INTEGER NOT NULL REFERENCES stream, idx INTEGER NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL,
  hash BLOB NOT NULL UNIQUE, header BLOB NOT NULL, receipt BLOB,
  PRIMARY KEY (stream, idx)) STRICT, WITHOUT ROWID;
CREATE TABLE module (hash BLOB PRIMARY KEY, name TEXT NOT NULL, version TEXT NOT NULL, bytes BLOB NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE signer_key (key_id BLOB PRIMARY KEY, public_key BLOB NOT NULL, role TEXT NOT NULL) STRICT;
${FINDERS}
COMMIT;
`;

const FROM_VERSION_1 = `
BEGIN IMMEDIATE;
${Object.entries(NOTES)
  .map(([name, type]) => `ALTER TABLE stream ADD COLUMN ${name} ${type};`)
  .join('\n')}
${FINDERS}
PRAGMA user_version = 2;
COMMIT;
`;

/** Gives a new file its tables and an older store those of this version: all of it, or nothing. */
export function bringUpToDate(db: SqlDatabase): void {
  const sql = isEmpty(db) ? SCHEMA : versionOf(db) < SCHEMA_VERSION ? FROM_VERSION_1 : null;
  if (sql === null) return;
  try {
    db.exec(sql);
  } catch (failure) {
    // SQLite may have undone it by itself.
    try {
      db.exec('ROLLBACK');
    } catch {}
    throw failure;
  }
}

export function isEmpty(db: SqlDatabase): boolean {
  return Number(db.prepare('SELECT count(*) FROM sqlite_master').get()?.[0]) === 0;
}

/** The version of a store that this program reads. Errors: `store-foreign`. */
export function checkOwner(db: SqlDatabase): number {
  if (pragma(db, 'application_id') !== APPLICATION_ID) {
    const hint = 'name a store.sqlite that Maibo wrote';
    throw new MaiboError('store-foreign', 'this database was not made by Maibo', { hint });
  }
  const version = versionOf(db);
  if (version <= SCHEMA_VERSION) return version;
  const message = `the store has version ${version}, this program reads up to ${SCHEMA_VERSION}`;
  throw new MaiboError('store-foreign', message, { hint: 'update Maibo' });
}

function versionOf(db: SqlDatabase): number {
  return pragma(db, 'user_version');
}

function pragma(db: SqlDatabase, name: string): number {
  return Number(db.prepare(`PRAGMA ${name}`).get()?.[0]);
}
