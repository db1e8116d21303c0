import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { arbEvidenceRecord, arbReceipt, arbSegment, arbSegmentHeader } from '../generated/arbitraries.gen.ts';
import type { EvidenceRecord, Receipt, SegmentHeader } from '../generated/types.gen.ts';
import { fromHex, toHex } from '../inspect/hex.ts';
import {
  CONTENT_RECEIPT,
  CONTENT_RECORD,
  CONTENT_SEGMENT,
  openCose,
  sealCose,
  verifyCose,
} from '../security/cose-sign1.ts';
import { generateEd25519 } from '../security/ed25519.ts';
import { itemsHash, sha256 } from '../security/items-hash.ts';
import { fromVector, readVectors } from '../vectors/read-vectors.ts';
import { decodeRecord, encodeRecord } from './record-codec.ts';
import {
  decodeReceipt,
  decodeSegment,
  decodeSegmentHeader,
  encodeReceipt,
  encodeSegment,
  encodeSegmentHeader,
} from './segment-codec.ts';

describe('golden evidence', () => {
  const vectors = readVectors('evidence.json');
  const signer = generateEd25519(fromHex(vectors.key.seed));
  const records: { name: string; hex: string; sealed: string; value: unknown }[] = vectors.records;
  /** Kinds that came after the segment below was frozen; the chain goes on through them. */
  const all: typeof records = [...records, ...vectors.laterRecords];

  test('the key of the vectors is the one of RFC 8032', () => {
    expect(toHex(signer.publicKey)).toBe(vectors.key.publicKey);
    expect(toHex(signer.keyId)).toBe(vectors.key.keyId);
  });

  test.each(all)('$name record', ({ hex, sealed, value }) => {
    const record = fromVector(value) as EvidenceRecord;
    expect(decodeRecord(fromHex(hex))).toEqual({ ok: true, value: record });
    expect(toHex(encodeRecord(record))).toBe(hex);
    expect(toHex(sealCose(fromHex(hex), { contentType: CONTENT_RECORD, signer }))).toBe(sealed);
  });

  test('there is one for every kind', () => {
    const seen = new Set(all.map(({ name }) => name));
    fc.assert(fc.property(arbEvidenceRecord, ({ kind }) => seen.has(kind)));
  });

  test('the records form a chain', () => {
    let prev = new Uint8Array(32);
    for (const { sealed, hex } of all) {
      const record = decodeRecord(fromHex(hex));
      expect(record.ok && toHex(record.value.prev)).toBe(toHex(prev));
      prev = new Uint8Array(sha256(fromHex(sealed)));
    }
  });

  test('segment', () => {
    const { hex, headerHex, header } = vectors.segment;
    expect(toHex(encodeSegmentHeader(fromVector(header) as SegmentHeader))).toBe(headerHex);
    const segment = decodeSegment(fromHex(hex));
    if (!segment.ok) throw new Error(segment.fault.detail);
    expect(segment.value.items.map(toHex)).toEqual(records.map(({ sealed }) => sealed));
    const opened = openCose(segment.value.header);
    if (!opened.ok) throw new Error(opened.fault.detail);
    expect(opened.value.contentType).toBe(CONTENT_SEGMENT);
    expect(verifyCose(opened.value, signer.publicKey)).toBe(true);
    const decoded = decodeSegmentHeader(opened.value.payload);
    expect(decoded).toEqual({ ok: true, value: fromVector(header) });
    expect(decoded.ok && toHex(decoded.value.itemsHash)).toBe(toHex(itemsHash(segment.value.items)));
    expect(toHex(encodeSegment(segment.value))).toBe(hex);
  });

  test('receipt', () => {
    const { hex, sealed, value } = vectors.receipt;
    const receipt = fromVector(value) as Receipt;
    expect(toHex(encodeReceipt(receipt))).toBe(hex);
    expect(decodeReceipt(fromHex(hex))).toEqual({ ok: true, value: receipt });
    expect(toHex(sealCose(fromHex(hex), { contentType: CONTENT_RECEIPT, signer }))).toBe(sealed);
    expect(toHex(receipt.segment)).toBe(toHex(sha256(fromHex(vectors.segment.hex))));
  });
});

describe('round trips', () => {
  test('records', () => {
    fc.assert(
      fc.property(arbEvidenceRecord, (value) => {
        expect(decodeRecord(encodeRecord(value))).toEqual({ ok: true, value });
      }),
    );
  });

  test('segments, headers and receipts', () => {
    fc.assert(
      fc.property(arbSegment, arbSegmentHeader, arbReceipt, (segment, header, receipt) => {
        expect(decodeSegment(encodeSegment(segment))).toEqual({ ok: true, value: segment });
        expect(decodeSegmentHeader(encodeSegmentHeader(header))).toEqual({ ok: true, value: header });
        expect(decodeReceipt(encodeReceipt(receipt))).toEqual({ ok: true, value: receipt });
      }),
      { numRuns: 50 },
    );
  });
});

describe('refusals', () => {
  const gap = {
    kind: 'gap',
    v: 1,
    place: { device: new Uint8Array(16), log: 1, epoch: new Uint8Array(4), seq: 0 },
    prev: new Uint8Array(32),
    fromBlock: 0,
    toBlock: 1,
    reason: 1,
  };

  test.each([
    [{ ...gap, kind: 'gaps' }, 'no record has the kind gaps'],
    [{ ...gap, v: 2 }, 'record.v: 2, expected 1'],
    [{ ...gap, reason: 9 }, 'reason: 9, expected 1 or 2 or 3 or 4'],
    [{ ...gap, prev: new Uint8Array(31) }, 'prev: 31 bytes, expected 32'],
  ])('%#', (record, detail) => {
    expect(() => encodeRecord(record as unknown as EvidenceRecord)).toThrow(detail.replace('record.', ''));
  });

  test('a record with a member nobody knows is refused', () => {
    const bytes = encodeRecord(gap as unknown as EvidenceRecord);
    // One more member at the end of the sort order: a8 -> a9 would need "toBlocks"; the count alone must already fail.
    bytes[0]! += 1;
    expect(decodeRecord(bytes).ok).toBe(false);
  });
});

test('the cut between two items is part of their hash', () => {
  const text = (value: string) => new TextEncoder().encode(value);
  expect(toHex(itemsHash([text('ab'), text('c')]))).not.toBe(toHex(itemsHash([text('a'), text('bc')])));
  // sha256(01000000 61), computed with sha256sum.
  expect(toHex(itemsHash([text('a')]))).toBe('f9f2eff042fb3ba78744d4688e6cd19f9055d8d08fb3d72170e8aa9e6c5b7592');
});
