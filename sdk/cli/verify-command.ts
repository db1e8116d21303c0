// maibo verify PATH: re-checks a store, a segment file or a folder of segments. Exit code 1 when anything does not hold.
import { closeSync, existsSync, openSync, readdirSync, readFileSync, readSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { CoreModule } from '@maibo/cores';
import { sha256 } from '@maibo/protocols';
import type { Command } from 'commander';
import { type BesideSegments, type SegmentFile, verifySegmentFiles } from '../audit/verify-files.ts';
import { guestFinder, type StoreCheck, trustedKeys, type VerifiedStream, verifyStore } from '../audit/verify-store.ts';
import type { CorePackage } from '../engine/core-package.ts';
import type { Engine } from '../engine/engine.ts';
import { ThreadEngine } from '../engine/thread-engine.ts';
import { isMaiboError, MaiboError } from '../errors.ts';
import { toHex } from '../evidence/record-types.ts';
import type { GuestCheck } from '../evidence/verify-stream.ts';
import { openStoreFile } from '../world/node-store.ts';
import { openPackage } from './package-file.ts';

interface Options {
  readonly json?: boolean;
  readonly trust?: string[];
  readonly core?: string[];
}

const SQLITE_MAGIC = 'SQLite format 3\0';
/** Segments are at most a few hundred kilobytes; a file beyond this is none. */
const SEGMENT_FILE_BYTES_MAX = 64 * 1024 * 1024;
const KEY_HEX = /^[0-9a-f]{64}$/;

export function addVerify(program: Command, finish: (code: number) => void): void {
  program
    .command('verify')
    .description('check signatures and chain, run the named modules on the stored input again and compare bit for bit')
    .argument('<path>', 'a store, a segment file, or a folder of segment files')
    .option('--trust <hex...>', 'public keys to trust, in place of those kept in the store')
    .option('--core <file...>', "packages of other makers' cores, to run again what they found")
    .option('--json', 'print what was found as JSON')
    .action((path: string, options: Options) => {
      const check = verifyPath(path, options.trust, (options.core ?? []).map(openPackage));
      process.stdout.write(options.json ? `${JSON.stringify(jsonOf(path, check))}\n` : textOf(path, check));
      finish(check.problems.length === 0 ? 0 : 1);
    });
}

type Cores = readonly CorePackage[];

/** Errors: `input-missing`, `usage` for a key that is none, `store-open` for a database that is not ours. */
export function verifyPath(path: string, trust?: readonly string[], cores: Cores = []): StoreCheck {
  for (const key of trust ?? []) {
    if (!KEY_HEX.test(key))
      throw new MaiboError('usage', `"${key}" is no public key`, { hint: 'give 64 hexadecimal digits' });
  }
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats === undefined) throw new MaiboError('input-missing', 'no such file or folder', { where: path });
  if (!stats.isDirectory() && startsAsDatabase(path)) return verifyDatabase(path, cores, trust);
  const engine = new ThreadEngine();
  try {
    const beside: BesideSegments = { guests: guestFinder(cores, engine) };
    return stats.isDirectory()
      ? verifyFolder(path, engine, beside, trust)
      : verifySegments([readSegment(path)], beside, trust);
  } finally {
    engine.close();
  }
}

function verifyDatabase(path: string, cores: Cores, trust?: readonly string[]): StoreCheck {
  try {
    const file = openStoreFile(path, { readOnly: true });
    try {
      return verifyStore(file.store, { cores, ...(trust !== undefined && { trust }) });
    } finally {
      file.close();
    }
  } catch (failure) {
    // A damaged page can stop the reading itself. The file is a database of ours or was one: that is a failed check.
    if (!isMaiboError(failure, 'store-open', 'evidence-bad')) throw failure;
    return { streams: [], trust: [], problems: [{ code: 'store', where: basename(path), message: failure.toLine() }] };
  }
}

function verifyFolder(
  path: string,
  engine: Engine,
  beside: BesideSegments,
  trust: readonly string[] | undefined,
): StoreCheck {
  const names = readdirSync(path).filter((name) => name.endsWith('.segment'));
  if (names.length > 0) {
    const files = names.map((name) => readSegment(join(path, name)));
    return verifySegments(files, beside, trust);
  }
  const below = join(path, 'segments');
  if (!statSync(below, { throwIfNoEntry: false })?.isDirectory())
    throw new MaiboError('input-empty', 'the folder holds no .segment files', { where: path });
  return verifyFolder(below, engine, { ...beside, ...besideOf(path, engine) }, trust);
}

/** What an export holds beside its segments (../audit/export-store.ts). */
function besideOf(path: string, engine: Engine): BesideSegments {
  const list = (folder: string, ending: string) =>
    existsSync(join(path, folder)) ? readdirSync(join(path, folder)).filter((name) => name.endsWith(ending)) : [];
  const records = list('records', '.record').map((name) => readSegment(join(path, 'records', name)));
  const names = list('modules', '.wasm');
  const files = new Map(names.map((name) => hashed(readSegment(join(path, 'modules', name)))));
  const modules = new Map<string, CoreModule | null>();
  const module = (sha256Hex: string): CoreModule | null => {
    const file = files.get(sha256Hex);
    if (!modules.has(sha256Hex)) modules.set(sha256Hex, file === undefined ? null : admit(engine, file));
    return modules.get(sha256Hex) ?? null;
  };
  return { records, module };
}

function hashed(file: SegmentFile): [string, SegmentFile] {
  return [toHex(sha256(file.bytes)), file];
}

/** Null for a file that is no module: it is missed where a result names it. */
function admit(engine: Engine, { name, bytes }: SegmentFile): CoreModule | null {
  const [core = '', version = ''] = name.split('@');
  try {
    return engine.admit(core, version, bytes);
  } catch (failure) {
    if (!isMaiboError(failure, 'core-refused')) throw failure;
    return null;
  }
}

/** Without a store there are no kept keys: a file alone shows who signed only to somebody who knows the key. */
function verifySegments(files: readonly SegmentFile[], beside: BesideSegments, trust?: readonly string[]): StoreCheck {
  if (trust === undefined) {
    const hint = 'add --trust with the public key of the gateway (64 hexadecimal digits)';
    throw new MaiboError('usage', 'segment files carry no keys', { hint });
  }
  return verifySegmentFiles(files, trustedKeys(trust), beside);
}

function readSegment(path: string): SegmentFile {
  const size = statSync(path).size;
  if (size === 0) throw new MaiboError('input-empty', 'the file is empty', { where: path });
  if (size > SEGMENT_FILE_BYTES_MAX)
    throw new MaiboError('input-format', 'the file is too long for a segment', { where: path });
  return { name: basename(path), bytes: new Uint8Array(readFileSync(path)) };
}

function startsAsDatabase(path: string): boolean {
  if (path.endsWith('.sqlite')) return true;
  const start = Buffer.alloc(SQLITE_MAGIC.length);
  const file = openSync(path, 'r');
  try {
    readSync(file, start);
  } finally {
    closeSync(file);
  }
  return start.toString('latin1') === SQLITE_MAGIC;
}

function jsonOf(path: string, check: StoreCheck) {
  return {
    ok: check.problems.length === 0,
    path,
    streams: check.streams.map((stream) => ({
      name: stream.name,
      records: stream.recordCount,
      blocks: stream.blockCount,
      results: stream.resultCount,
      resultsAgreed: stream.resultsAgreed,
      resultsSkipped: stream.resultsSkipped,
      keptFrom: stream.keptFrom,
      replayed: stream.replayed,
      segments: stream.segmentCount,
      receipts: stream.receiptCount,
      headHash: toHex(stream.headHash),
      guests: stream.guests,
    })),
    trust: check.trust,
    problems: check.problems,
  };
}

function textOf(path: string, check: StoreCheck): string {
  const lines = check.streams.flatMap((stream) => [
    `${stream.name}: ${stream.recordCount} records, ${stream.segmentCount} segments, ${stream.receiptCount} receipts; ` +
      (stream.replayed
        ? `${stream.resultsAgreed} of ${stream.resultCount} results came out the same again${trimmedText(stream)}`
        : 'results not run again'),
    ...stream.guests.map((guest) => guestText(stream.name, guest)),
  ]);
  const shown = check.problems.map((problem) => `FAILED  ${problem.where}: ${problem.message} [${problem.code}]`);
  const verdict = check.problems.length === 0 ? `OK  ${path} holds` : `${check.problems.length} problem(s) in ${path}`;
  return `${[...lines, ...check.trust, ...shown, verdict].join('\n')}\n`;
}

function guestText(stream: string, { name, version, sha256, resultCount, agreed }: GuestCheck): string {
  const core = `${stream}: core ${name} ${version} (${sha256.slice(0, 16)})`;
  return agreed === 0 && resultCount > 0
    ? `${core}: ${resultCount} results not run again; --core with its package does that`
    : `${core}: ${agreed} of ${resultCount} results came out the same again`;
}

function trimmedText({ keptFrom, resultsSkipped }: VerifiedStream): string {
  return keptFrom === null
    ? ''
    : `; records 1 to ${keptFrom - 1} were trimmed, with the input of ${resultsSkipped} results`;
}
