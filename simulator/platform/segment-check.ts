// Whether a body is a segment that this platform can stand behind. Everything that can be checked on the bytes alone is
// checked here; how the segment stands to what is stored already is the index's question.
import {
  CONTENT_RECORD,
  CONTENT_SEGMENT,
  decodeRecord,
  decodeSegment,
  decodeSegmentHeader,
  itemsHash,
  keyIdOf,
  type OpenedCose,
  openCose,
  type SegmentHeader,
  sha256,
  verifyCose,
} from '@maibo/protocols';
import { type Outcome, type Refusal, refuse } from './refusal.ts';

/** What the index needs to know of a segment. Hashes as lower-case hex, so that they compare and name files. */
export interface SegmentFacts {
  readonly sha256Hex: string;
  readonly header: SegmentHeader;
  readonly prevHex: string;
  readonly firstRecordPrevHex: string;
  readonly lastRecordHex: string;
}

/** Public keys by the hex of their key id. */
export type TrustList = ReadonlyMap<string, Uint8Array>;

export const ZERO_HASH_HEX = '0'.repeat(64);

export function createTrustList(publicKeys: readonly Uint8Array[]): TrustList {
  return new Map(publicKeys.map((key) => [toHex(keyIdOf(key)), key]));
}

/** The whole check, in the order the answers promise: hash, shape, signer, header, items, records. */
export function checkSegment(bytes: Uint8Array, namedHex: string, trust: TrustList): Outcome<SegmentFacts> {
  if (toHex(sha256(bytes)) !== namedHex) {
    return refuse('hash-mismatch', 'the body has another SHA-256 than the path says', 'send the bytes unchanged');
  }
  const read = readSegment(bytes, namedHex);
  if (!read.ok) return read;
  const { sealedHeader, items, facts } = read.value;
  const key = trust.get(toHex(sealedHeader.keyId));
  if (key === undefined) {
    return refuse('signer-unknown', 'the segment is signed by a key that is not trusted here', 'enrol the key first');
  }
  if (!verifyCose(sealedHeader, key)) {
    return refuse('header-signature', "the segment header's signature does not hold", 'seal the segment again');
  }
  if (!areEqual(itemsHash(items), facts.header.itemsHash)) {
    return refuse('items-hash', 'the items are not those the header was signed over', 'seal the segment again');
  }
  const refusal = checkItems(items, facts.header, trust);
  return refusal === null ? { ok: true, value: facts } : { ok: false, refusal };
}

interface ReadSegment {
  readonly sealedHeader: OpenedCose;
  readonly items: readonly Uint8Array[];
  readonly facts: SegmentFacts;
}

/** Takes a segment apart without verifying a signature; also used on files that were verified before they were stored. */
export function readSegment(bytes: Uint8Array, sha256Hex: string): Outcome<ReadSegment> {
  const bad = (what: string, fault: { code: string; at: number; detail: string }) =>
    refuse('bad-bytes', `${what}: ${fault.code} at byte ${fault.at}: ${fault.detail}`, 'see protocols/SPEC.md');
  const segment = decodeSegment(bytes);
  if (!segment.ok) return bad('segment', segment.fault);
  const sealedHeader = openCose(segment.value.header);
  if (!sealedHeader.ok) return bad('segment header', sealedHeader.fault);
  if (sealedHeader.value.contentType !== CONTENT_SEGMENT) {
    return refuse('bad-bytes', 'the header is sealed as something else', `expected ${CONTENT_SEGMENT}`);
  }
  const header = decodeSegmentHeader(sealedHeader.value.payload);
  if (!header.ok) return bad('segment header', header.fault);
  const { items } = segment.value;
  const firstRecord = openRecord(items[0]);
  if (firstRecord === null) return refuse('bad-bytes', 'the first item is no sealed record', 'see protocols/SPEC.md');
  const facts: SegmentFacts = {
    sha256Hex,
    header: header.value,
    prevHex: toHex(header.value.prev),
    firstRecordPrevHex: toHex(firstRecord.record.prev),
    lastRecordHex: toHex(sha256(items.at(-1) ?? new Uint8Array(0))),
  };
  return { ok: true, value: { sealedHeader: sealedHeader.value, items, facts } };
}

function openRecord(item: Uint8Array | undefined) {
  if (item === undefined) return null;
  const sealed = openCose(item);
  if (!sealed.ok || sealed.value.contentType !== CONTENT_RECORD) return null;
  const record = decodeRecord(sealed.value.payload);
  return record.ok ? { sealed: sealed.value, record: record.value } : null;
}

function checkItems(items: readonly Uint8Array[], header: SegmentHeader, trust: TrustList): Refusal | null {
  if (header.last - header.first + 1 !== items.length) {
    const message = `the header says records ${header.first}..${header.last}, the segment holds ${items.length}`;
    return refuse('record-place', message, 'seal the segment again').refusal;
  }
  let prev: Uint8Array | null = null;
  for (const [index, item] of items.entries()) {
    const refusal = checkItem(item, header, header.first + index, prev, trust);
    if (refusal !== null) return refusal;
    prev = sha256(item);
  }
  return null;
}

/** `prev` is null for the first item: whether that one joins on is a question to the index. */
function checkItem(
  item: Uint8Array,
  header: SegmentHeader,
  recordSeq: number,
  prev: Uint8Array | null,
  trust: TrustList,
): Refusal | null {
  const hint = 'seal the record again';
  const no = (code: 'record-bad' | 'record-signature' | 'record-place' | 'record-chain', what: string) =>
    refuse(code, `record ${recordSeq}: ${what}`, hint, { recordSeq }).refusal;
  const opened = openRecord(item);
  if (opened === null) return no('record-bad', 'not a sealed record');
  const key = trust.get(toHex(opened.sealed.keyId));
  if (key === undefined || !verifyCose(opened.sealed, key))
    return no('record-signature', 'the signature does not hold');
  const { place } = opened.record;
  const isHere =
    areEqual(place.device, header.device) && place.log === header.log && areEqual(place.epoch, header.epoch);
  if (!isHere || place.seq !== recordSeq) return no('record-place', 'it belongs to another place');
  if (prev !== null && !areEqual(opened.record.prev, prev))
    return no('record-chain', 'it does not follow the one before');
  return null;
}

export function toHex(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex');
}

function areEqual(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, index) => byte === b[index]);
}
