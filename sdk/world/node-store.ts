// Opens a store file: for reading beside a writer, or as its only writer.
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { isMaiboError, MaiboError } from '../errors.ts';
import { Store } from '../store/store.ts';
import { openSqlite } from './node-sqlite.ts';
import type { SqlDatabase } from './world.ts';

export interface StoreFile {
  readonly store: Store;
  close(): void;
}

/**
 * Errors: `store-open` when the file is something else, `store-busy` when another process writes to it, `input-missing` when it is to be
 * read and is not there.
 */
export function openStoreFile(path: string, options: { readOnly?: boolean } = {}): StoreFile {
  if (options.readOnly) {
    const store = openNamed(path, openSqlite(path, { readOnly: true }), Store.open);
    return { store, close: () => store.close() };
  }
  // Health data: the folder is the owner's alone.
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  makePrivate(path);
  makePrivate(`${path}-writer`);
  const release = takeWriterLock(path);
  try {
    const store = openNamed(path, openSqlite(path), Store.openForWriting);
    return {
      store,
      close: () => {
        store.close();
        release();
      },
    };
  } catch (failure) {
    release();
    throw failure;
  }
}

/** A file that is no store is closed again, and the error names it. */
function openNamed(path: string, db: SqlDatabase, open: (db: SqlDatabase) => Store): Store {
  try {
    return open(db);
  } catch (failure) {
    db.close();
    if (!isMaiboError(failure)) throw failure;
    const { code, message, hint, cause } = failure;
    throw new MaiboError(code, message, { where: path, cause: cause ?? failure, ...(hint === null ? {} : { hint }) });
  }
}

// SQLite gives its side files the mode of the database, so it is enough to make that one first.
function makePrivate(path: string): void {
  closeSync(openSync(path, 'a', 0o600));
}

// One writer: a lock held inside a second small database is released by the system when the process dies, however it dies.
function takeWriterLock(path: string): () => void {
  const lock = openSqlite(`${path}-writer`);
  try {
    lock.exec('PRAGMA busy_timeout = 0');
    lock.exec('BEGIN EXCLUSIVE');
  } catch (cause) {
    lock.close();
    throw new MaiboError('store-busy', 'another process writes to this store', {
      where: path,
      hint: 'wait for it or stop it',
      cause,
    });
  }
  return () => {
    lock.exec('ROLLBACK');
    lock.close();
  };
}
