// Tables of the store. A change here raises SCHEMA_VERSION.

/** "MAIB": marks the file as ours, so that a wrong path is told at once. */
export const APPLICATION_ID = 0x4d414942;
export const SCHEMA_VERSION = 1;

export const SCHEMA = `
BEGIN;
PRAGMA application_id = ${APPLICATION_ID};
PRAGMA user_version = ${SCHEMA_VERSION};
CREATE TABLE stream (
  id INTEGER PRIMARY KEY, device BLOB NOT NULL, log INTEGER NOT NULL, epoch BLOB NOT NULL,
  next_block INTEGER NOT NULL DEFAULT 0, ended INTEGER NOT NULL DEFAULT 0,
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
COMMIT;
`;
