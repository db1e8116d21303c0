// SQLite through `libsql`, whose binaries come from the npm registry (see ../store/DESIGN.md for the comparison).
import { existsSync } from 'node:fs';
import Database from 'libsql';
import { MaiboError } from '../errors.ts';
import type { SqlDatabase, SqlRow, SqlStatement, SqlValue } from './world.ts';

interface RawStatement {
  raw(on: boolean): RawStatement;
  run(values: unknown[]): { changes: number };
  get(values: unknown[]): unknown;
  all(values: unknown[]): unknown;
}

/**
 * How long a statement waits for somebody else's lock before it says `store-busy`. The whole program stands still meanwhile, so it is short:
 * who can wait longer tries again.
 */
const BUSY_MS = 100;

/** Opens or creates the database file. `readOnly` neither creates nor changes one. */
export function openSqlite(path: string, options: { readOnly?: boolean } = {}): SqlDatabase {
  // libsql 0.5 ignores `fileMustExist`, and would leave an empty file behind.
  if (options.readOnly && !existsSync(path)) throw new MaiboError('input-missing', 'no such file', { where: path });
  const database = connect(path);
  database.exec(`PRAGMA busy_timeout = ${BUSY_MS}`);
  if (options.readOnly) database.exec('PRAGMA query_only = 1');
  return {
    prepare: (sql) => wrap(translate(() => database.prepare(sql) as unknown as RawStatement)),
    exec: (sql) => void translate(() => database.exec(sql)),
    close: () => void database.close(),
  };
}

function connect(path: string): InstanceType<typeof Database> {
  try {
    return new Database(path);
  } catch (cause) {
    throw new MaiboError('store-open', 'this file cannot be opened as a store', { where: path, cause });
  }
}

// libsql 0.5 takes a lone object argument as named parameters, and aborts the process when that object is a byte array:
// values always go in as one array.
function wrap(statement: RawStatement): SqlStatement {
  let raw: RawStatement | null = null;
  const rows = () => (raw ??= statement.raw(true));
  return {
    run: (...values: SqlValue[]) => translate(() => statement.run(values)),
    get: (...values: SqlValue[]) => translate(() => rows().get(values)) as SqlRow | undefined,
    all: (...values: SqlValue[]) => translate(() => rows().all(values)) as SqlRow[],
  };
}

const CODES: readonly [RegExp, 'store-full' | 'store-busy' | 'store-open' | 'store-conflict', string][] = [
  [
    /^SQLITE_(FULL|IOERR)/,
    'store-full',
    'free some space: what was acknowledged is safe, and the store goes on by itself',
  ],
  [/^SQLITE_(BUSY|LOCKED)/, 'store-busy', 'another process holds this store, perhaps a backup: wait for it or stop it'],
  [/^SQLITE_READONLY/, 'store-open', 'it may only be read: make the file, its folder and its disk writable'],
  [/^SQLITE_(CORRUPT|NOTADB|CANTOPEN|PERM|ERROR)/, 'store-open', 'is this a store that Maibo made?'],
  [/^SQLITE_CONSTRAINT/, 'store-conflict', 'the same place already holds something else'],
];

function translate<T>(work: () => T): T {
  try {
    return work();
  } catch (cause) {
    const sqlite = String((cause as { code?: unknown }).code ?? '');
    const known = CODES.find(([pattern]) => pattern.test(sqlite));
    if (known === undefined) throw cause;
    throw new MaiboError(known[1], `the store said ${sqlite}`, { hint: known[2], cause });
  }
}
