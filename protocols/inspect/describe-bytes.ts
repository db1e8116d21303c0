// "What is this?" for bytes from a log, a store or a serial port. Tries every shape the protocol has, strictest first.

import { decodeCbor } from '../cbor/cbor.ts';
import { type CborValue, SEGMENT_LIMITS } from '../cbor/cbor-value.ts';
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
import { decodeHandshakeMessage } from '../session/handshake-codec.ts';
import type { Decoded, WireFault } from '../wire-fault.ts';
import { describeFields, describeHex } from './describe-fields.ts';

export interface Description {
  /** False when anything in the bytes is broken or not of this protocol. */
  readonly ok: boolean;
  /** For people; the first line says what it is. */
  readonly lines: readonly string[];
}

/** Signatures are shown, not verified: no key is known here. */
export function describeBytes(bytes: Uint8Array): Description {
  if (bytes.length === 0) return bad('nothing: 0 bytes');
  return describeFrame(bytes) ?? describeCbor(bytes);
}

/** Null when it cannot be a frame at all. A good CRC settles it. */
function describeFrame(bytes: Uint8Array): Description | null {
  const from = bytes.findIndex((byte) => byte !== 0);
  if (from < 0) return good(`${bytes.length} x 0x00: frame delimiters and nothing between them`);
  const zero = bytes.indexOf(0, from);
  if (zero >= 0 && zero !== bytes.length - 1) return null;
  const frame = decodeFrame(bytes.subarray(from, zero < 0 ? bytes.length : zero));
  const closing = zero < 0 ? 'without its closing 0x00' : 'with its closing 0x00';
  if (frame.ok) {
    const head = `COBS frame ${closing}, ${bytes.length} bytes, CRC-32C good; payload:`;
    return join(good(head), describeCbor(frame.value));
  }
  // Bytes without zeros may as well be CBOR; with a closing zero and not CBOR, a broken frame is the likelier story.
  if (zero < 0 || decodeCbor(bytes, SEGMENT_LIMITS).ok) return null;
  return bad(`broken COBS frame ${closing}, ${bytes.length} bytes`, frame.fault);
}

function describeCbor(bytes: Uint8Array): Description {
  const decoded = decodeCbor(bytes, SEGMENT_LIMITS);
  if (!decoded.ok) return bad(`neither a frame nor CBOR of the profile, ${bytes.length} bytes`, decoded.fault);
  const { value } = decoded;
  if (isObject(value)) return describeMap(bytes, value);
  const parts: readonly CborValue[] = Array.isArray(value) ? value : [];
  if (typeof parts[0] === 'number') {
    const handshake = decodeHandshakeMessage(bytes);
    return describe('message', bytes, handshake.ok ? handshake : decodeMessage(bytes));
  }
  if (parts[0] instanceof Uint8Array) return parts.length === 2 ? describeSegment(bytes) : describeSealed(bytes);
  return bad(`CBOR of the profile, but nothing this protocol sends, ${bytes.length} bytes`);
}

function describeMap(bytes: Uint8Array, map: object): Description {
  if ('kind' in map) return describe('record, not sealed', bytes, decodeRecord(bytes));
  if ('itemsHash' in map) return describe('segment header, not sealed', bytes, decodeSegmentHeader(bytes));
  return describe('receipt, not sealed', bytes, decodeReceipt(bytes));
}

const SEALED: Readonly<Record<ContentType, { what: string; decode: (bytes: Uint8Array) => Decoded<object> }>> = {
  [CONTENT_RECORD]: { what: 'record', decode: decodeRecord },
  [CONTENT_SEGMENT]: { what: 'segment header', decode: decodeSegmentHeader },
  [CONTENT_RECEIPT]: { what: 'receipt', decode: decodeReceipt },
};

function describeSealed(bytes: Uint8Array): Description {
  const opened = openCose(bytes);
  if (!opened.ok) return bad(`not a COSE_Sign1 of this protocol, ${bytes.length} bytes`, opened.fault);
  const { contentType, keyId, signature, payload } = opened.value;
  const { what, decode } = SEALED[contentType];
  const head = good(
    `sealed ${what}, ${bytes.length} bytes, signature not checked`,
    `  keyId: ${describeHex(keyId)}`,
    `  signature: ${describeHex(signature)}`,
  );
  return join(head, indent(describe('payload', payload, decode(payload)), '  '));
}

function describeSegment(bytes: Uint8Array): Description {
  const segment = decodeSegment(bytes);
  if (!segment.ok) return bad(`broken segment, ${bytes.length} bytes`, segment.fault);
  const { header, items } = segment.value;
  const head = good(
    `segment, ${bytes.length} bytes, ${items.length} items`,
    `  hash of the items here: ${describeHex(itemsHash(items))}`,
  );
  const below = items.map((item, index) => join(good(`  item ${index}:`), indent(describeSealed(item), '    ')));
  return join(head, indent(describeSealed(header), '  '), ...below);
}

function describe(what: string, bytes: Uint8Array, value: Decoded<object>): Description {
  if (!value.ok) return bad(`${what} with a fault, ${bytes.length} bytes`, value.fault);
  return good(`${what}, ${bytes.length} bytes`, ...describeFields(value.value));
}

function good(...lines: string[]): Description {
  return { ok: true, lines };
}

function bad(line: string, fault?: WireFault): Description {
  return { ok: false, lines: fault ? [line, `  ${fault.code} at byte ${fault.at}: ${fault.detail}`] : [line] };
}

function join(...parts: readonly Description[]): Description {
  return { ok: parts.every((part) => part.ok), lines: parts.flatMap((part) => part.lines) };
}

function indent({ ok, lines }: Description, by: string): Description {
  return { ok, lines: lines.map((line) => `${by}${line}`) };
}
