// Re-checks a whole store: records, results, segments and receipts of every stream, with the modules and keys kept in it.
import { type CoreModule, coreCatalog } from '@maibo/cores';
import { keyIdOf, sha256 } from '@maibo/protocols';
import type { CorePackage } from '../engine/core-package.ts';
import type { Engine } from '../engine/engine.ts';
import { ThreadEngine } from '../engine/thread-engine.ts';
import { isMaiboError } from '../errors.ts';
import { fromHex, toHex } from '../evidence/record-types.ts';
import { verifySegments } from '../evidence/verify-segments.ts';
import {
  type Guests,
  type Problem,
  placeName,
  type StreamCheck,
  type VerifySources,
  verifyStream,
} from '../evidence/verify-stream.ts';
import { checkReceipt } from '../platform/receipt.ts';
import { KEY_ROLES, type Store, type StoredSegment, type StoredStream } from '../store/store.ts';
import { checkCuts, checkNotes } from './store-notes.ts';

export interface StoreCheck {
  readonly streams: readonly VerifiedStream[];
  /** Why the keys were believed: one sentence a key. */
  readonly trust: readonly string[];
  readonly problems: readonly Problem[];
}

export interface VerifiedStream extends StreamCheck {
  readonly name: string;
  readonly segmentCount: number;
  readonly receiptCount: number;
}

export interface VerifyOptions {
  /** Public keys (hex) to trust, in place of those kept in the store. */
  readonly trust?: readonly string[];
  /** Runs the modules that this program does not ship; under the limits of a `ThreadEngine` when it is not given. */
  readonly engine?: Engine;
  /** Packages of other makers' cores, to run again what they found. */
  readonly cores?: readonly CorePackage[];
}

/** Modules of the store that this program does not ship run in threads of their own, each for a limited time, while this one waits. */
export function verifyStore(store: Store, options: VerifyOptions = {}): StoreCheck {
  if (options.engine !== undefined) return verifyWith(store, options, options.engine);
  const engine = new ThreadEngine();
  try {
    return verifyWith(store, options, engine);
  } finally {
    engine.close();
  }
}

function verifyWith(store: Store, options: VerifyOptions, engine: Engine): StoreCheck {
  const refused: Problem[] = [];
  const sources = {
    publicKey: keyFinder(store, options),
    module: moduleFinder(store, engine, refused),
    guests: guestFinder(options.cores ?? [], engine),
  };
  const structure = store.checkStructure().map((message): Problem => ({ code: 'store', where: 'database', message }));
  const streams = store.streams().map((stream) => checkStream(store, stream, sources));
  return {
    streams,
    trust: trustLines(store, streams, options),
    problems: [...structure, ...checkParts(store), ...refused, ...streams.flatMap((stream) => stream.problems)],
  };
}

const KEPT = 'its public key comes from the store itself: give --trust to hold it against a key you know';

function trustLines(store: Store, streams: readonly VerifiedStream[], options: VerifyOptions): string[] {
  const signers = [...new Set(streams.flatMap((stream) => stream.signers))];
  return signers.map((signer) => {
    const kept = store.keys().find((key) => toHex(key.keyId) === signer);
    if (options.trust !== undefined) return `signed by ${signer}: checked against the keys given`;
    const named =
      kept === undefined ? `signed by ${signer}` : `signed by ${signer} (public key ${toHex(kept.publicKey)})`;
    if (kept?.role.endsWith('-lab')) return `${named}: a lab key, which shows that nothing changed and not who made it`;
    return `${named}: ${KEPT}`;
  });
}

function checkStream(store: Store, stream: StoredStream, sources: VerifySources): VerifiedStream {
  const check = verifyStream(() => bytesOf(store, stream.id), sources);
  const name = placeName(stream);
  const problems: Problem[] = [...check.problems, ...checkNotes(store, stream, check)];
  const stored = store.segments(stream.id);
  // A broken record breaks its segment too: say it once, at the record.
  if (check.problems.length === 0) {
    const misplaced = checkCuts(stream, stored, check);
    problems.push(...(misplaced.length > 0 ? misplaced : checkSegments(store, stored, sources)));
  }
  let receiptCount = 0;
  for (const segment of stored) {
    if (segment.receipt === null) continue;
    receiptCount++;
    const receipt = checkReceipt(segment.receipt, segment, sources.publicKey);
    if (typeof receipt === 'string')
      problems.push({ code: 'receipt', where: `${name} segment ${segment.index}`, message: receipt });
  }
  return { ...check, name, segmentCount: stored.length, receiptCount, problems };
}

function checkSegments(store: Store, stored: readonly StoredSegment[], sources: VerifySources): Problem[] {
  const bytes = stored.map((segment) => store.segmentBytes(segment));
  const problems = [...verifySegments(bytes, sources).problems];
  for (const [index, segment] of stored.entries()) {
    if (toHex(sha256(bytes[index] as Uint8Array)) === toHex(segment.hash)) continue;
    problems.push({
      code: 'segment',
      where: `segment ${segment.index}`,
      message: 'its hash is not the one in the store',
    });
  }
  return problems;
}

/** Keys and modules are named by their hash: the bytes must have it. */
function checkParts(store: Store): Problem[] {
  const problems: Problem[] = [];
  for (const { keyId, publicKey, role } of store.keys()) {
    const whole = publicKey.length === 32 && toHex(keyIdOf(publicKey)) === toHex(keyId) && KEY_ROLES.includes(role);
    if (!whole)
      problems.push({
        code: 'store',
        where: `key ${toHex(keyId)}`,
        message: 'the stored key is not the one of this name',
      });
  }
  for (const { hash, bytes, name, version } of store.modules()) {
    const installed = coreCatalog.byHash(toHex(hash));
    const isNamed = installed === null || (installed.name === name && installed.version === version);
    if (isNamed && toHex(sha256(bytes)) === toHex(hash)) continue;
    problems.push({ code: 'store', where: `core ${name}`, message: `the stored module is not ${toHex(hash)}` });
  }
  return problems;
}

function* bytesOf(store: Store, streamId: number): Generator<Uint8Array> {
  for (const record of store.records(streamId)) yield record.bytes;
}

/** Finds keys by id among these public keys (hex). */
export function trustedKeys(publicKeysHex: readonly string[]): VerifySources['publicKey'] {
  const keys = new Map(publicKeysHex.map((hex) => [toHex(keyIdOf(fromHex(hex))), fromHex(hex)]));
  return (keyId) => keys.get(toHex(keyId)) ?? null;
}

function keyFinder(store: Store, options: VerifyOptions): VerifySources['publicKey'] {
  // A key of another length is none; checkParts tells it.
  const whole = store.keys().filter((key) => key.publicKey.length === 32);
  const keys = new Map(whole.map((key) => [toHex(key.keyId), key.publicKey]));
  if (options.trust !== undefined) return trustedKeys(options.trust);
  return (keyId) => keys.get(toHex(keyId)) ?? null;
}

/** The first package that holds a module. */
export function guestFinder(cores: readonly CorePackage[], engine: Engine): Guests {
  const known = new Map(cores.toReversed().map((core) => [toHex(core.manifest.sha256), { core, engine }]));
  return (sha256Hex) => known.get(sha256Hex) ?? null;
}

/** The installed module of this hash, or the store's own copy of an older one; one that is not run goes to `refused`. */
function moduleFinder(store: Store, engine: Engine, refused: Problem[]): VerifySources['module'] {
  const found = new Map<string, CoreModule | null>();
  const find = (sha256Hex: string): CoreModule | null => {
    const installed = coreCatalog.byHash(sha256Hex);
    if (installed !== null) return installed;
    const kept = store.module(fromHex(sha256Hex));
    if (kept === null) return null;
    try {
      const module = engine.admit(kept.name, kept.version, kept.bytes);
      return module.sha256 === sha256Hex ? module : null;
    } catch (failure) {
      if (!isMaiboError(failure, 'core-refused')) throw failure;
      refused.push({ code: 'module-refused', where: `core ${kept.name}`, message: failure.message });
      return null;
    }
  };
  return (sha256Hex) => {
    if (!found.has(sha256Hex)) found.set(sha256Hex, find(sha256Hex));
    return found.get(sha256Hex) ?? null;
  };
}
