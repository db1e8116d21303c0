// The platform's answer for a segment, checked before anybody relies on it.
import { CONTENT_RECEIPT, decodeReceipt, openCose, type Receipt, verifyCose } from '@maibo/protocols';
import { toHex } from '../evidence/record-types.ts';
import type { StoredSegment } from '../store/store.ts';

/** The receipt, or a sentence that says why it is none for this segment. */
export function checkReceipt(
  bytes: Uint8Array,
  segment: Pick<StoredSegment, 'hash' | 'index' | 'first' | 'last'>,
  publicKey: (keyId: Uint8Array) => Uint8Array | null,
): { receipt: Receipt; keyId: Uint8Array } | string {
  const sealed = openCose(bytes);
  if (!sealed.ok) return `the receipt is not sealed: ${sealed.fault.detail}`;
  const key = publicKey(sealed.value.keyId);
  if (key === null) return `the receipt is signed by ${toHex(sealed.value.keyId)}, a key that is not known here`;
  if (!verifyCose(sealed.value, key)) return 'the signature of the receipt does not hold';
  const receipt = sealed.value.contentType === CONTENT_RECEIPT ? decodeReceipt(sealed.value.payload) : null;
  if (receipt === null || !receipt.ok) return 'the receipt cannot be read';
  const { value } = receipt;
  const same = value.index === segment.index && value.first === segment.first && value.last === segment.last;
  if (!same || toHex(value.segment) !== toHex(segment.hash)) return 'the receipt speaks of another segment';
  return { receipt: value, keyId: sealed.value.keyId };
}
