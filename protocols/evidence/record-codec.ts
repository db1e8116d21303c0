// Evidence record <-> the deterministic CBOR that is sealed (SPEC.md, "Evidence").

import { RECORD_LIMITS } from '../cbor/cbor-value.ts';
import { readEvidenceRecord, writeEvidenceRecord } from '../generated/codec.gen.ts';
import type { EvidenceRecord } from '../generated/types.gen.ts';
import { schemaCodec } from '../message/schema-codec.ts';
import type { Decoded } from '../wire-fault.ts';

const codec = schemaCodec<EvidenceRecord>('record', RECORD_LIMITS, readEvidenceRecord, writeEvidenceRecord);

/** The payload to seal. Throws TypeError on a record the schema does not allow. */
export function encodeRecord(record: EvidenceRecord): Uint8Array {
  return codec.encode(record);
}

/** The record in an opened seal's payload. Never throws. */
export function decodeRecord(bytes: Uint8Array): Decoded<EvidenceRecord> {
  return codec.decode(bytes);
}
