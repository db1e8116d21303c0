// Re-checks segment files that lie in a folder, as a platform or an export keeps them, without any store. Beside them may lie sealed records
// that are in no segment: the description of a stream that was trimmed, and what was written last.
import { type CoreModule, coreCatalog } from '@maibo/cores';
import { CONTENT_SEGMENT, decodeSegment, decodeSegmentHeader, openCose, type SegmentHeader } from '@maibo/protocols';
import { openRecord } from '../evidence/open-record.ts';
import { type StreamIdentity, toHex } from '../evidence/record-types.ts';
import { verifySegments } from '../evidence/verify-segments.ts';
import { type Guests, type Problem, placeName, type VerifySources, verifyStream } from '../evidence/verify-stream.ts';
import type { StoreCheck, VerifiedStream } from './verify-store.ts';

export interface SegmentFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

export interface BesideSegments {
  /** Single sealed records. */
  readonly records?: readonly SegmentFile[];
  /** Modules that this program does not ship, by their hash. */
  readonly module?: (sha256Hex: string) => CoreModule | null;
  /** Packages of other makers' cores. */
  readonly guests?: Guests;
}

interface StreamFiles {
  readonly segments: { header: SegmentHeader; bytes: Uint8Array }[];
  readonly records: { seq: number; bytes: Uint8Array }[];
}

/** Groups the files by stream and checks each as far as it is there; a stream that begins later is not run again, and that is said. */
export function verifySegmentFiles(
  files: readonly SegmentFile[],
  publicKey: VerifySources['publicKey'],
  beside: BesideSegments = {},
): StoreCheck {
  const module = (hash: string) => coreCatalog.byHash(hash) ?? beside.module?.(hash) ?? null;
  const sources: VerifySources = { publicKey, module, ...(beside.guests && { guests: beside.guests }) };
  const problems: Problem[] = [];
  const streams = new Map<string, StreamFiles>();
  const streamOf = (identity: StreamIdentity): StreamFiles => {
    const key = `${toHex(identity.device)}/${identity.log}/${toHex(identity.epoch)}`;
    const found = streams.get(key) ?? { segments: [], records: [] };
    streams.set(key, found);
    return found;
  };
  for (const file of files) {
    const header = headerOf(file.bytes);
    if (typeof header === 'string') problems.push({ code: 'segment', where: file.name, message: header });
    else streamOf(header).segments.push({ header, bytes: file.bytes });
  }
  for (const { name, bytes } of beside.records ?? []) {
    const opened = openRecord(bytes);
    if (!opened.ok) problems.push({ code: 'shape', where: name, message: `no record: ${opened.fault.detail}` });
    else streamOf(opened.value.record.place).records.push({ seq: opened.value.record.place.seq, bytes });
  }
  const checks = [...streams.values()].map((stream) => checkStream(stream, sources));
  return { streams: checks, trust: [], problems: [...problems, ...checks.flatMap((check) => check.problems)] };
}

function headerOf(bytes: Uint8Array): SegmentHeader | string {
  const segment = decodeSegment(bytes);
  if (!segment.ok) return `no segment: ${segment.fault.detail} (byte ${segment.fault.at})`;
  const sealed = openCose(segment.value.header);
  if (!sealed.ok || sealed.value.contentType !== CONTENT_SEGMENT) return 'the header of the segment is not sealed';
  const header = decodeSegmentHeader(sealed.value.payload);
  return header.ok ? header.value : `the header of the segment cannot be read: ${header.fault.detail}`;
}

function checkStream(files: StreamFiles, sources: VerifySources): VerifiedStream {
  const ordered = files.segments.toSorted((a, b) => a.header.index - b.header.index);
  const loose = files.records.toSorted((a, b) => a.seq - b.seq);
  const check = verifySegments(
    ordered.map((segment) => segment.bytes),
    sources,
  );
  const firstSeq = ordered[0]?.header.first ?? loose.find(({ seq }) => seq > 0)?.seq ?? 0;
  const description = firstSeq === 0 ? [] : loose.filter(({ seq }) => seq === 0).map(({ bytes }) => bytes);
  const tail = loose.filter(({ seq }) => seq > 0 || firstSeq === 0).map(({ bytes }) => bytes);
  const kept = [...check.items, ...tail];
  // Only what a trim record says is gone may be missing; an export of later days is a part, and has no beginning to be run from.
  const isTrimmed = description.length > 0 && kept.some((bytes) => trimsBefore(bytes) === firstSeq);
  const records = isTrimmed
    ? verifyStream(() => [...description, ...kept], sources)
    : verifyStream(() => kept, sources, { firstSeq });
  return {
    ...records,
    name: placeName(ordered[0]?.header ?? records.identity),
    segmentCount: check.segmentCount,
    receiptCount: 0,
    problems: [...check.problems, ...records.problems],
  };
}

function trimsBefore(bytes: Uint8Array): number | null {
  const opened = openRecord(bytes);
  return opened.ok && opened.value.record.kind === 'trim' ? opened.value.record.before : null;
}
