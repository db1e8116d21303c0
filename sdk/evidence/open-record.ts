// The record in sealed bytes. Only the shape is checked here: whether the signature holds is for verification to say.
import { type Decoded, decodeRecord, type EvidenceRecord, openCose } from '@maibo/protocols';
import { MaiboError } from '../errors.ts';

export interface OpenedRecord {
  readonly record: EvidenceRecord;
  /** Whose key the seal names. */
  readonly keyId: Uint8Array;
}

export function openRecord(bytes: Uint8Array): Decoded<OpenedRecord> {
  const sealed = openCose(bytes);
  if (!sealed.ok) return sealed;
  const record = decodeRecord(sealed.value.payload);
  return record.ok ? { ok: true, value: { record: record.value, keyId: sealed.value.keyId } } : record;
}

/** For bytes from a store of our own. Errors: `evidence-bad` when they hold no record. */
export function readRecord(bytes: Uint8Array): OpenedRecord {
  const opened = openRecord(bytes);
  if (opened.ok) return opened.value;
  throw new MaiboError('evidence-bad', `a stored record cannot be read: ${opened.fault.detail}`, {
    hint: 'run `maibo verify` on this store',
  });
}
