// A stream that nobody measured, cut into signed segments: for the platform's tests, and for trying a platform by hand.
import {
  CONTENT_RECORD,
  CONTENT_SEGMENT,
  type CoseSigner,
  type EvidenceRecord,
  encodeRecord,
  encodeSegment,
  encodeSegmentHeader,
  itemsHash,
  type SegmentHeader,
  sealCose,
  sha256,
} from '@maibo/protocols';

export interface MadeUpSegment {
  readonly sha256Hex: string;
  readonly bytes: Uint8Array;
  readonly header: SegmentHeader;
  readonly items: readonly Uint8Array[];
}

export interface StreamShape {
  readonly segmentCount: number;
  readonly recordsPerSegment?: number;
  /** Another number is another device. */
  readonly deviceNumber?: number;
  /** Another number is other values at the same places. */
  readonly variant?: number;
}

/** What a faulty or dishonest sender would change; each is applied before sealing, so the signatures hold. */
export interface SegmentFault {
  readonly header?: Partial<SegmentHeader>;
  readonly record?: (record: EvidenceRecord, seq: number) => EvidenceRecord;
  readonly items?: (items: readonly Uint8Array[]) => readonly Uint8Array[];
}

export function makeSegments(signer: CoseSigner, shape: StreamShape, faultOfLast: SegmentFault = {}): MadeUpSegment[] {
  const { segmentCount, recordsPerSegment = 4 } = shape;
  const segments: MadeUpSegment[] = [];
  let prevRecord: Uint8Array = new Uint8Array(32);
  for (let index = 0; index < segmentCount; index++) {
    const fault = index === segmentCount - 1 ? faultOfLast : {};
    const first = index * recordsPerSegment;
    const sealed: Uint8Array[] = [];
    for (let seq = first; seq < first + recordsPerSegment; seq++) {
      const record = makeRecord(shape, seq, prevRecord);
      sealed.push(sealRecord(signer, fault.record?.(record, seq) ?? record));
      prevRecord = sha256(sealed.at(-1)!);
    }
    const items = fault.items?.(sealed) ?? sealed;
    segments.push(sealSegment(signer, shape, items, { index, first, prev: segments.at(-1)?.bytes ?? null }, fault));
  }
  return segments;
}

function sealSegment(
  signer: CoseSigner,
  shape: StreamShape,
  items: readonly Uint8Array[],
  at: { index: number; first: number; prev: Uint8Array | null },
  fault: SegmentFault,
): MadeUpSegment {
  const header: SegmentHeader = {
    v: 1,
    device: deviceOf(shape),
    log: 1,
    epoch: new Uint8Array(4).fill(9),
    index: at.index,
    first: at.first,
    last: at.first + items.length - 1,
    prev: at.prev === null ? new Uint8Array(32) : sha256(at.prev),
    itemsHash: itemsHash(items),
    ...fault.header,
  };
  const sealedHeader = sealCose(encodeSegmentHeader(header), { contentType: CONTENT_SEGMENT, signer });
  const bytes = encodeSegment({ header: sealedHeader, items });
  return { sha256Hex: Buffer.from(sha256(bytes)).toString('hex'), bytes, header, items };
}

export function sealRecord(signer: CoseSigner, record: EvidenceRecord): Uint8Array {
  return sealCose(encodeRecord(record), { contentType: CONTENT_RECORD, signer });
}

function makeRecord(shape: StreamShape, seq: number, prev: Uint8Array): EvidenceRecord {
  const samples = new Uint8Array(32).fill(seq + 100 * (shape.variant ?? 0));
  const place = { device: deviceOf(shape), log: 1, epoch: new Uint8Array(4).fill(9), seq };
  const firstSample = seq * 16;
  return { kind: 'block', v: 1, place, prev, blockSeq: seq, firstSample, ticks: firstSample * 4, format: 1, samples };
}

function deviceOf(shape: StreamShape): Uint8Array {
  return new Uint8Array(16).fill(shape.deviceNumber ?? 1);
}
