// Names for the evidence types as the SDK uses them.
import type { EvidenceRecord } from '@maibo/protocols';

export type AnyRecord = EvidenceRecord;

type WithoutPlace<T> = T extends AnyRecord ? Omit<T, 'v' | 'place' | 'prev'> : never;

/** A record before it has a place in a chain. */
export type RecordBody = WithoutPlace<AnyRecord>;

/** Which log of which device; `epoch` changes when the log is erased. */
export interface StreamIdentity {
  readonly device: Uint8Array;
  readonly log: number;
  readonly epoch: Uint8Array;
}

export function toHex(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('hex');
}

export function fromHex(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text, 'hex'));
}
