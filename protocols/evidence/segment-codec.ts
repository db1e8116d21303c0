// Segments, their headers and the platform's receipts <-> bytes (SPEC.md, "Evidence").
//
//   segment = [ header: COSE_Sign1 over segment-header, items: [ sealed record, .. ] ]

import { MESSAGE_LIMITS, SEGMENT_LIMITS } from '../cbor/cbor-value.ts';
import {
  readReceipt,
  readSegment,
  readSegmentHeader,
  writeReceipt,
  writeSegment,
  writeSegmentHeader,
} from '../generated/codec.gen.ts';
import type { Receipt, Segment, SegmentHeader } from '../generated/types.gen.ts';
import { schemaCodec } from '../message/schema-codec.ts';
import type { Decoded } from '../wire-fault.ts';

const segments = schemaCodec<Segment>('segment', SEGMENT_LIMITS, readSegment, writeSegment);
const headers = schemaCodec<SegmentHeader>('segment-header', MESSAGE_LIMITS, readSegmentHeader, writeSegmentHeader);
const receipts = schemaCodec<Receipt>('receipt', MESSAGE_LIMITS, readReceipt, writeReceipt);

export function encodeSegment(segment: Segment): Uint8Array {
  return segments.encode(segment);
}

/** Splits header and items; neither is opened or verified here. */
export function decodeSegment(bytes: Uint8Array): Decoded<Segment> {
  return segments.decode(bytes);
}

/** The payload to seal as the segment's header. */
export function encodeSegmentHeader(header: SegmentHeader): Uint8Array {
  return headers.encode(header);
}

export function decodeSegmentHeader(bytes: Uint8Array): Decoded<SegmentHeader> {
  return headers.decode(bytes);
}

/** The payload the platform seals. */
export function encodeReceipt(receipt: Receipt): Uint8Array {
  return receipts.encode(receipt);
}

export function decodeReceipt(bytes: Uint8Array): Decoded<Receipt> {
  return receipts.decode(bytes);
}
