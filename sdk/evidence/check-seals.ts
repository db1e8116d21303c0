// The seals of a stream: every signature, and that each record follows the one before it.
import type { CoreModule } from '@maibo/cores';
import {
  CONTENT_RECORD,
  decodeRecord,
  type EvidenceRecord,
  openCose,
  type StreamRecord,
  sha256,
  verifyCose,
} from '@maibo/protocols';
import type { Guests } from './guest-replay.ts';
import { type GuestSeals, noteGuest } from './guest-seals.ts';
import { type Problem, type ProblemCode, placeName } from './problem.ts';
import { NO_HASH } from './record-chain.ts';
import { type StreamIdentity, toHex } from './record-types.ts';

export interface VerifySources {
  /** Public key of a key id, or null when it is not known. */
  readonly publicKey: (keyId: Uint8Array) => Uint8Array | null;
  /** Module of this hash, or null when it is not at hand. */
  readonly module: (sha256Hex: string) => CoreModule | null;
  /** Packages of other makers' cores; absent: what they found is not run again. */
  readonly guests?: Guests;
}

/** What the seals of a stream say, and what a re-check of its results needs to know of it. */
export interface Seals {
  identity: StreamIdentity | null;
  stream: StreamRecord | null;
  /** Number of the record that should come next. */
  nextSeq: number;
  /** Behind record 0 the stream goes on with this one, whose `prev` is `hash`. */
  hole: Trimmed | null;
  readonly trims: Trimmed[];
  readonly restarts: { readonly seq: number; readonly fromSeq: number }[];
  recordCount: number;
  blockCount: number;
  resultCount: number;
  /** Hash of the record before; null in front of a stream that is not there from its beginning. */
  prev: Uint8Array | null;
  readonly problems: Problem[];
  readonly signers: Set<string>;
  /** "name version" of every pipeline that results name. */
  readonly pipelines: Set<string>;
  /** Module hashes by core name, as the results name them together. */
  readonly moduleSets: Map<string, ReadonlyMap<string, string>>;
  /** Cores of other makers, by SHA-256 of the module (hex). */
  readonly guests: Map<string, GuestSeals>;
}

interface Trimmed {
  readonly before: number;
  readonly hash: Uint8Array;
}

export function checkSeals(records: Iterable<Uint8Array>, sources: VerifySources, firstSeq: number): Seals {
  const seals: Seals = {
    identity: null,
    stream: null,
    nextSeq: firstSeq,
    hole: null,
    trims: [],
    restarts: [],
    recordCount: 0,
    blockCount: 0,
    resultCount: 0,
    prev: firstSeq === 0 ? NO_HASH : null,
    problems: [],
    signers: new Set(),
    pipelines: new Set(),
    moduleSets: new Map(),
    guests: new Map(),
  };
  for (const bytes of records) {
    const record = checkSeal(bytes, seals, sources);
    if (record !== null) noteRecord(record, seals);
    seals.prev = sha256(bytes);
    seals.recordCount++;
    seals.nextSeq++;
  }
  checkHole(seals);
  return seals;
}

/** Records that are not here must be missed by a trim record further on, which names the hash of the last of them. */
function checkHole({ hole, trims, identity, problems }: Seals): void {
  if (hole === null) return;
  const isTold = trims.some(({ before, hash }) => before === hole.before && toHex(hash) === toHex(hole.hash));
  if (isTold) return;
  const message = `records 1 to ${hole.before - 1} are not here, and no trim record says so`;
  problems.push({ code: 'chain', where: `${placeName(identity)} record ${hole.before}`, message });
}

function noteRecord(record: EvidenceRecord, seals: Seals): void {
  if (record.kind === 'block' || record.kind === 'item') seals.blockCount++;
  if (record.kind === 'stream' && seals.recordCount === 0) seals.stream = record;
  if (record.kind === 'trim') seals.trims.push(record);
  if (record.kind === 'restart') seals.restarts.push({ seq: record.place.seq, fromSeq: record.fromSeq });
  if (record.kind !== 'result') return;
  if (record.result === 'core') {
    noteGuest(record, seals.guests);
    return;
  }
  seals.resultCount++;
  seals.pipelines.add(`${record.method.pipeline.name} ${record.method.pipeline.version}`);
  const set = new Map(record.method.cores.map((core) => [core.name, toHex(core.sha256)]));
  seals.moduleSets.set([...set].join(), set);
}

/** The record, if it can be read at all; what is wrong with it goes to the problems. */
function checkSeal(bytes: Uint8Array, seals: Seals, sources: VerifySources): EvidenceRecord | null {
  const say = (code: ProblemCode, message: string) =>
    void seals.problems.push({
      code,
      where: `${placeName(seals.identity)} record ${seals.nextSeq}`,
      message,
    });
  const sealed = openCose(bytes);
  if (!sealed.ok) {
    say('shape', `no sealed record: ${sealed.fault.detail}`);
    return null;
  }
  seals.signers.add(toHex(sealed.value.keyId));
  const publicKey = sources.publicKey(sealed.value.keyId);
  if (publicKey === null) say('unknown-key', `signed by ${toHex(sealed.value.keyId)}, a key that is not known here`);
  else if (!verifyCose(sealed.value, publicKey))
    say('signature', 'the signature does not hold: it or the record was changed');
  const record = sealed.value.contentType === CONTENT_RECORD ? decodeRecord(sealed.value.payload) : null;
  if (record === null || !record.ok) {
    say('shape', record === null ? 'signed as something that is no record' : `no record: ${record.fault.detail}`);
    return null;
  }
  seals.identity ??= record.value.place;
  checkPlace(record.value, seals, say);
  return record.value;
}

function checkPlace(record: EvidenceRecord, seals: Seals, say: (code: ProblemCode, message: string) => void): void {
  const { place } = record;
  const own = seals.identity as StreamIdentity;
  if (seals.stream !== null && seals.recordCount === 1 && place.seq > 1) {
    seals.hole = { before: place.seq, hash: record.prev };
    seals.nextSeq = place.seq;
    seals.prev = null;
  }
  const sameStream =
    toHex(place.device) === toHex(own.device) && place.log === own.log && toHex(place.epoch) === toHex(own.epoch);
  if (!sameStream || place.seq !== seals.nextSeq) say('place', `it says it is ${placeName(place)} record ${place.seq}`);
  if (seals.prev !== null && toHex(record.prev) !== toHex(seals.prev)) {
    say('chain', 'it does not follow the record before it: one was changed, taken out or put in');
  }
  if (record.kind === 'trim' && (record.before < 2 || record.before > place.seq))
    say('chain', `it says that the records before ${record.before} were trimmed, which it cannot know`);
}
