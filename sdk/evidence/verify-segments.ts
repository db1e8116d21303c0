// Re-checks the segments of one stream: each header's signature, its hash over the records, and the chain of segments.
import {
  CONTENT_SEGMENT,
  decodeSegment,
  decodeSegmentHeader,
  itemsHash,
  openCose,
  sha256,
  verifyCose,
} from '@maibo/protocols';
import { NO_HASH } from './record-chain.ts';
import { toHex } from './record-types.ts';
import { type Problem, placeName, type VerifySources } from './verify-stream.ts';

export interface SegmentCheck {
  readonly problems: readonly Problem[];
  readonly segmentCount: number;
  /** Items of all segments that could be read, in order. */
  readonly items: readonly Uint8Array[];
  /** Record number of the first item: 0 when the stream is there from its beginning. */
  readonly firstSeq: number;
}

/** `segments` are whole segments in order of their index; the first need not be the stream's first. */
export function verifySegments(
  segments: Iterable<Uint8Array>,
  sources: Pick<VerifySources, 'publicKey'>,
): SegmentCheck {
  const problems: Problem[] = [];
  const items: Uint8Array[] = [];
  let prev: Uint8Array | null = null;
  let nextIndex: number | null = null;
  let firstSeq: number | null = null;
  let segmentCount = 0;
  for (const bytes of segments) {
    const place = `segment ${nextIndex ?? segmentCount}`;
    segmentCount++;
    const opened = openSegment(bytes, sources);
    if ('problem' in opened) {
      problems.push({ code: 'segment', where: place, message: opened.problem });
      prev = sha256(bytes);
      if (nextIndex !== null) nextIndex++;
      continue;
    }
    const { header } = opened;
    const where = `${placeName(header)} segment ${header.index} (records ${header.first} to ${header.last})`;
    const expectedPrev: Uint8Array | null = header.index === 0 ? NO_HASH : prev;
    if (nextIndex !== null && header.index !== nextIndex) {
      problems.push({ code: 'segment', where, message: `segment ${nextIndex} should stand here` });
    }
    if (expectedPrev !== null && toHex(header.prev) !== toHex(expectedPrev)) {
      problems.push({ code: 'segment', where, message: 'it does not follow the segment before it' });
    }
    for (const message of opened.faults) problems.push({ code: 'segment', where, message });
    firstSeq ??= header.first;
    items.push(...opened.items);
    prev = sha256(bytes);
    nextIndex = header.index + 1;
  }
  return { problems, segmentCount, items, firstSeq: firstSeq ?? 0 };
}

function openSegment(bytes: Uint8Array, sources: Pick<VerifySources, 'publicKey'>) {
  const segment = decodeSegment(bytes);
  if (!segment.ok) return { problem: `no segment: ${segment.fault.detail}` };
  const sealed = openCose(segment.value.header);
  if (!sealed.ok) return { problem: `the header is not sealed: ${sealed.fault.detail}` };
  const header = sealed.value.contentType === CONTENT_SEGMENT ? decodeSegmentHeader(sealed.value.payload) : null;
  if (header === null || !header.ok) return { problem: 'the header cannot be read' };
  const faults: string[] = [];
  const publicKey = sources.publicKey(sealed.value.keyId);
  if (publicKey === null) faults.push(`signed by ${toHex(sealed.value.keyId)}, a key that is not known here`);
  else if (!verifyCose(sealed.value, publicKey)) faults.push('the signature of the header does not hold');
  if (toHex(itemsHash(segment.value.items)) !== toHex(header.value.itemsHash))
    faults.push('its records are not the signed ones');
  if (segment.value.items.length !== header.value.last - header.value.first + 1)
    faults.push('it holds another number of records');
  return { header: header.value, items: segment.value.items, faults };
}
