// "What is this?" for bytes from a log, a store or a serial port. Tries every shape the protocol has, strictest first.

import { decodeCbor } from '../cbor/cbor.ts';
import { SEGMENT_LIMITS } from '../cbor/cbor-value.ts';
import { decodeRecord } from '../evidence/record-codec.ts';
import { decodeReceipt, decodeSegment, decodeSegmentHeader } from '../evidence/segment-codec.ts';
import { decodeFrame } from '../framing/serial-framer.ts';
import { decodeMessage } from '../message/message-codec.ts';
import { isObject } from '../message/shape.ts';
import {
  CONTENT_RECEIPT,
  CONTENT_RECORD,
  CONTENT_SEGMENT,
  type ContentType,
  openCose,
} from '../security/cose-sign1.ts';
import { itemsHash } from '../security/items-hash.ts';
import type { Decoded, WireFault } from '../wire-fault.ts';
import { describeFields, describeHex } from './describe-fields.ts';

/** Lines for people; the first says what it is. Signatures are shown, not verified: no key is known here. */
export function describeBytes(bytes: Uint8Array): string[] {
  if (bytes.length === 0) return ['nothing: 0 bytes'];
  return describeFrame(bytes) ?? describeCbor(bytes);
}

/** Null when it cannot be a frame at all. A good CRC settles it. */
function describeFrame(bytes: Uint8Array): string[] | null {
  const from = bytes.findIndex((byte) => byte !== 0);
  if (from < 0) return [`${bytes.length} x 0x00: frame delimiters and nothing between them`];
  const zero = bytes.indexOf(0, from);
  if (zero >= 0 && zero !== bytes.length - 1) return null;
  const frame = decodeFrame(bytes.subarray(from, zero < 0 ? bytes.length : zero));
  const closing = zero < 0 ? 'without its closing 0x00' : 'with its closing 0x00';
  if (frame.ok) {
    return [`COBS frame ${closing}, ${bytes.length} bytes, CRC-32C good; payload:`, ...describeCbor(frame.value)];
  }
  // Bytes without zeros may as well be CBOR; with a closing zero and not CBOR, a broken frame is the likelier story.
  if (zero < 0 || decodeCbor(bytes, SEGMENT_LIMITS).ok) return null;
  return [`broken COBS frame ${closing}, ${bytes.length} bytes`, faultLine(frame.fault)];
}

function describeCbor(bytes: Uint8Array): string[] {
  const value = decodeCbor(bytes, SEGMENT_LIMITS);
  if (!value.ok) return [`neither a frame nor CBOR of the profile, ${bytes.length} bytes`, faultLine(value.fault)];
  if (isObject(value.value)) return describeMap(bytes, value.value);
  const [first] = Array.isArray(value.value) ? value.value : [];
  if (typeof first === 'number') return describe('message', bytes, decodeMessage(bytes));
  if (!(first instanceof Uint8Array))
    return [`CBOR of the profile, but nothing this protocol sends, ${bytes.length} bytes`];
  return (value.value as unknown[]).length === 2 ? describeSegment(bytes) : describeSealed(bytes);
}

function describeMap(bytes: Uint8Array, map: object): string[] {
  if ('kind' in map) return describe('record, not sealed', bytes, decodeRecord(bytes));
  if ('itemsHash' in map) return describe('segment header, not sealed', bytes, decodeSegmentHeader(bytes));
  return describe('receipt, not sealed', bytes, decodeReceipt(bytes));
}

const SEALED: Readonly<Record<ContentType, { what: string; decode: (bytes: Uint8Array) => Decoded<object> }>> = {
  [CONTENT_RECORD]: { what: 'record', decode: decodeRecord },
  [CONTENT_SEGMENT]: { what: 'segment header', decode: decodeSegmentHeader },
  [CONTENT_RECEIPT]: { what: 'receipt', decode: decodeReceipt },
};

function describeSealed(bytes: Uint8Array): string[] {
  const opened = openCose(bytes);
  if (!opened.ok) return [`not a COSE_Sign1 of this protocol, ${bytes.length} bytes`, faultLine(opened.fault)];
  const { contentType, keyId, signature, payload } = opened.value;
  const { what, decode } = SEALED[contentType];
  return [
    `sealed ${what}, ${bytes.length} bytes, signature not checked`,
    `  keyId: ${describeHex(keyId)}`,
    `  signature: ${describeHex(signature)}`,
    ...describe('payload', payload, decode(payload)).map((line) => `  ${line}`),
  ];
}

function describeSegment(bytes: Uint8Array): string[] {
  const segment = decodeSegment(bytes);
  if (!segment.ok) return [`broken segment, ${bytes.length} bytes`, faultLine(segment.fault)];
  const { header, items } = segment.value;
  return [
    `segment, ${bytes.length} bytes, ${items.length} items`,
    `  hash of the items here: ${describeHex(itemsHash(items))}`,
    ...describeSealed(header).map((line) => `  ${line}`),
    ...items.flatMap((item, index) => [`  item ${index}:`, ...describeSealed(item).map((line) => `    ${line}`)]),
  ];
}

function describe(what: string, bytes: Uint8Array, value: Decoded<object>): string[] {
  if (!value.ok) return [`${what} with a fault, ${bytes.length} bytes`, faultLine(value.fault)];
  return [`${what}, ${bytes.length} bytes`, ...describeFields(value.value)];
}

function faultLine({ code, at, detail }: WireFault): string {
  return `  ${code} at byte ${at}: ${detail}`;
}
