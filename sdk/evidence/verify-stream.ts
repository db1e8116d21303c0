// Re-checks a stream from its sealed records alone: every signature, every link of the chain, and every result, by running the
// modules it names on the stored input again and comparing the records bit for bit.
import { type CoreModule, coreCatalog } from '@maibo/cores';
import {
  CONTENT_RECORD,
  decodeRecord,
  type EvidenceRecord,
  encodeRecord,
  openCose,
  type ResultRecord,
  type StreamRecord,
  sha256,
  verifyCose,
} from '@maibo/protocols';
import { isMaiboError } from '../errors.ts';
import { replayRecord } from '../pipeline/replay.ts';
import { PIPELINE, type Result } from '../pipeline/result.ts';
import { type CoreName, StreamProcessor } from '../pipeline/stream-processor.ts';
import { openRecord } from './open-record.ts';
import { NO_HASH } from './record-chain.ts';
import { type StreamIdentity, toHex } from './record-types.ts';

export type ProblemCode =
  | 'shape' // bytes that are no sealed record
  | 'signature'
  | 'unknown-key'
  | 'chain' // the record does not follow the one before
  | 'place' // another device, log, epoch or number than its position says
  | 'result' // running the module again gives something else
  | 'result-missing' // running the module gives a result that is not there
  | 'module-missing' // the named module is not at hand
  | 'pipeline-missing' // the named pipeline is another release's
  | 'segment' // a segment's header, hash or chain does not hold
  | 'receipt'
  | 'store'; // what the store notes beside the records does not agree with them

export interface Problem {
  readonly code: ProblemCode;
  /** "device 0a1b.. log 0, record 17". */
  readonly where: string;
  readonly message: string;
}

export interface StreamCheck {
  readonly identity: StreamIdentity | null;
  readonly recordCount: number;
  readonly blockCount: number;
  readonly resultCount: number;
  /** Results that were run again and came out the same. */
  readonly resultsAgreed: number;
  /** False when the results were not run again: the seals do not hold, or the stream is not there from its beginning. */
  readonly replayed: boolean;
  readonly headHash: Uint8Array;
  /** Key ids (hex) that the records carry. */
  readonly signers: readonly string[];
  readonly problems: readonly Problem[];
}

export interface VerifySources {
  /** Public key of a key id, or null when it is not known. */
  readonly publicKey: (keyId: Uint8Array) => Uint8Array | null;
  /** Module of this hash, or null when it is not at hand. */
  readonly module: (sha256Hex: string) => CoreModule | null;
}

/** Reports every problem it can find and goes on behind it. `records` is read twice: for the seals, then for the results. */
export function verifyStream(
  records: () => Iterable<Uint8Array>,
  sources: VerifySources,
  options: { firstSeq?: number } = {},
): StreamCheck {
  const firstSeq = options.firstSeq ?? 0;
  const seals = checkSeals(records(), sources, firstSeq);
  // What was changed cannot be run again in good faith: the seals come first. And a core's state comes from all the input before.
  const canReplay = seals.problems.length === 0 && firstSeq === 0;
  const replay = canReplay ? replayResults(records, seals, sources) : { agreed: 0, problems: [] };
  return {
    identity: seals.identity,
    recordCount: seals.recordCount,
    blockCount: seals.blockCount,
    resultCount: seals.resultCount,
    resultsAgreed: replay.agreed,
    replayed: canReplay,
    headHash: seals.prev ?? NO_HASH,
    signers: [...seals.signers],
    problems: [...seals.problems, ...replay.problems],
  };
}

interface Seals {
  identity: StreamIdentity | null;
  stream: StreamRecord | null;
  readonly firstSeq: number;
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
}

function checkSeals(records: Iterable<Uint8Array>, sources: VerifySources, firstSeq: number): Seals {
  const seals: Seals = {
    identity: null,
    stream: null,
    firstSeq,
    recordCount: 0,
    blockCount: 0,
    resultCount: 0,
    prev: firstSeq === 0 ? NO_HASH : null,
    problems: [],
    signers: new Set(),
    pipelines: new Set(),
    moduleSets: new Map(),
  };
  for (const bytes of records) {
    const record = checkSeal(bytes, seals, sources);
    if (record !== null) noteRecord(record, seals);
    seals.prev = sha256(bytes);
    seals.recordCount++;
  }
  return seals;
}

function noteRecord(record: EvidenceRecord, seals: Seals): void {
  if (record.kind === 'block' || record.kind === 'item') seals.blockCount++;
  if (record.kind === 'stream' && seals.recordCount === 0) seals.stream = record;
  if (record.kind !== 'result') return;
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
      where: `${placeName(seals.identity)} record ${seals.firstSeq + seals.recordCount}`,
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
  const sameStream =
    toHex(place.device) === toHex(own.device) && place.log === own.log && toHex(place.epoch) === toHex(own.epoch);
  if (!sameStream || place.seq !== seals.firstSeq + seals.recordCount)
    say('place', `it says it is ${placeName(place)} record ${place.seq}`);
  if (seals.prev !== null && toHex(record.prev) !== toHex(seals.prev)) {
    say('chain', 'it does not follow the record before it: one was changed, taken out or put in');
  }
}

export function placeName(identity: StreamIdentity | null): string {
  return identity === null ? 'stream' : `device ${toHex(identity.device).slice(0, 8)} log ${identity.log}`;
}

interface Replay {
  readonly agreed: number;
  readonly problems: readonly Problem[];
}

function replayResults(records: () => Iterable<Uint8Array>, seals: Seals, sources: VerifySources): Replay {
  const where = `${placeName(seals.identity)} record 0`;
  if (seals.recordCount === 0) return { agreed: 0, problems: [] };
  if (seals.stream === null) {
    return {
      agreed: 0,
      problems: [{ code: 'shape', where, message: 'the first record does not describe the stream' }],
    };
  }
  const own = `${PIPELINE.name} ${PIPELINE.version}`;
  const foreign = [...seals.pipelines].filter((pipeline) => pipeline !== own);
  if (foreign.length > 0) {
    const message = `made by ${foreign.join(', ')}, and this program has ${own}: use the release that made it`;
    return { agreed: 0, problems: [{ code: 'pipeline-missing', where: placeName(seals.identity), message }] };
  }
  const missing = [...seals.moduleSets.values()]
    .flatMap((set) => [...set])
    .filter(([, hash]) => sources.module(hash) === null);
  if (missing.length > 0) {
    const problems = [...new Map(missing)].map(([name, hash]): Problem => {
      const message = `core ${name} ${hash} is not at hand: what it found cannot be run again`;
      return { code: 'module-missing', where: placeName(seals.identity), message };
    });
    return { agreed: 0, problems };
  }
  try {
    return compareResults(records(), processorsFor(seals.stream, seals.moduleSets, sources));
  } catch (failure) {
    // Well signed and still no stream that can be: a sample rate of 0, a block behind the end.
    if (!isMaiboError(failure, 'input-range')) throw failure;
    return {
      agreed: 0,
      problems: [{ code: 'shape', where, message: `its records cannot be run: ${failure.message}` }],
    };
  }
}

/** One processor per set of modules that results name together: a gateway may have been updated in mid-stream. */
function processorsFor(stream: StreamRecord, sets: Seals['moduleSets'], sources: VerifySources): StreamProcessor[] {
  const pick = (set: ReadonlyMap<string, string>, name: CoreName) => {
    const hash = set.get(name);
    return (hash === undefined ? null : sources.module(hash)) ?? coreCatalog.get(name);
  };
  const known = [...sets.values()].filter((set) => set.has('hrv'));
  const chosen = known.length > 0 ? known : [[...sets.values()][0] ?? new Map<string, string>()];
  return chosen.map((set) => new StreamProcessor(stream, (name) => pick(set, name)));
}

/** Behind every input record stand exactly the results that it settles, as one of the processors gives them. */
function compareResults(records: Iterable<Uint8Array>, processors: readonly StreamProcessor[]): Replay {
  const problems: Problem[] = [];
  let agreed = 0;
  let expected: Result[][] = [];
  let found: ResultRecord[] = [];
  let where = '';
  const settle = () => {
    const verdicts = expected.map((results) => compareOne(results, found, where));
    const best = verdicts.find((verdict) => verdict === null) === null ? null : verdicts[0];
    if (best === null) agreed += found.length;
    else if (best !== undefined) problems.push(best);
    found = [];
  };
  for (const bytes of records) {
    const record = recordOf(bytes);
    if (record.kind === 'result') {
      found.push(record);
      continue;
    }
    settle();
    where = `${placeName(record.place)} record ${record.place.seq}`;
    expected = processors.map((processor) => replayRecord(processor, record));
  }
  settle();
  return { agreed, problems };
}

/** Null when the stored results are the expected ones, bit for bit. */
function compareOne(expected: readonly Result[], found: readonly ResultRecord[], where: string): Problem | null {
  for (const [index, stored] of found.entries()) {
    const place = `${placeName(stored.place)} record ${stored.place.seq}`;
    const again = expected[index];
    if (again === undefined) return { code: 'result', where: place, message: 'its input gives no such result' };
    const { kind, v, place: at, prev } = stored;
    if (Buffer.compare(encodeRecord({ kind, v, place: at, prev, ...again }), encodeRecord(stored)) === 0) continue;
    return { code: 'result', where: place, message: `running its modules again gives another ${stored.result} result` };
  }
  const lacking = expected.length - found.length;
  return lacking === 0
    ? null
    : { code: 'result-missing', where, message: `${lacking} result(s) of this input are not there` };
}

function recordOf(bytes: Uint8Array): EvidenceRecord {
  const opened = openRecord(bytes);
  if (!opened.ok) throw new Error('a record that was checked cannot be read');
  return opened.value.record;
}
