// Re-checks segment files that lie in a folder, as a platform or an export keeps them, without any store.
import { coreCatalog } from '@maibo/cores';
import { CONTENT_SEGMENT, decodeSegment, decodeSegmentHeader, openCose, type SegmentHeader } from '@maibo/protocols';
import { toHex } from '../evidence/record-types.ts';
import { verifySegments } from '../evidence/verify-segments.ts';
import { type Problem, placeName, type VerifySources, verifyStream } from '../evidence/verify-stream.ts';
import type { StoreCheck, VerifiedStream } from './verify-store.ts';

export interface SegmentFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** Groups the files by stream and checks each as far as it is there; a stream that begins later is not run again, and that is said. */
export function verifySegmentFiles(files: readonly SegmentFile[], publicKey: VerifySources['publicKey']): StoreCheck {
  const sources: VerifySources = { publicKey, module: (hash) => coreCatalog.byHash(hash) };
  const problems: Problem[] = [];
  const streams = new Map<string, { header: SegmentHeader; bytes: Uint8Array }[]>();
  for (const file of files) {
    const header = headerOf(file.bytes);
    if (typeof header === 'string') problems.push({ code: 'segment', where: file.name, message: header });
    else {
      const key = `${toHex(header.device)}/${header.log}/${toHex(header.epoch)}`;
      streams.set(key, [...(streams.get(key) ?? []), { header, bytes: file.bytes }]);
    }
  }
  const checks = [...streams.values()].map((segments) => checkStream(segments, sources));
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

function checkStream(segments: { header: SegmentHeader; bytes: Uint8Array }[], sources: VerifySources): VerifiedStream {
  const ordered = segments.toSorted((a, b) => a.header.index - b.header.index);
  const first = ordered[0]?.header as SegmentHeader;
  const check = verifySegments(
    ordered.map((segment) => segment.bytes),
    sources,
  );
  const records = verifyStream(() => check.items, sources, { firstSeq: first.first });
  return {
    ...records,
    name: placeName(first),
    segmentCount: check.segmentCount,
    receiptCount: 0,
    problems: [...check.problems, ...records.problems],
  };
}
