// What the sealed results of a stream say of cores of other makers, before anything is run again.
import type { EvidenceRecord, ResultRecord } from '@maibo/protocols';
import { STARTED, STOPPED } from '../pipeline/guest-processor.ts';
import { toHex } from './record-types.ts';

export interface GuestStart {
  readonly seq: number;
  readonly fromSeq: number;
  /** What the gateway ran it on. */
  readonly engine: string;
}

export interface GuestSeals {
  readonly name: string;
  readonly version: string;
  /** Those with findings. */
  resultCount: number;
  readonly starts: GuestStart[];
}

export function isGuestResult(record: EvidenceRecord): boolean {
  return record.kind === 'result' && record.result === 'core';
}

/** Whose result it is; null for one of our own, or of nobody. */
export function guestOf(record: ResultRecord): { name: string; version: string; sha256: string } | null {
  const [core] = record.method.cores;
  if (!isGuestResult(record) || core === undefined) return null;
  return { name: core.name, version: core.version, sha256: toHex(core.sha256) };
}

/** `guests` is by SHA-256 of the module. */
export function noteGuest(record: ResultRecord, guests: Map<string, GuestSeals>): void {
  const guest = guestOf(record);
  if (guest === null) return;
  const { name, version, sha256 } = guest;
  const seals = guests.get(sha256) ?? { name, version, resultCount: 0, starts: [] };
  guests.set(sha256, seals);
  const { flags } = record.quality;
  if (flags.includes(STARTED)) seals.starts.push(startOf(record));
  else if (!flags.includes(STOPPED)) seals.resultCount++;
}

/** What no gateway of ours writes is a start that cannot be: -1. */
function startOf({ place, values, method }: ResultRecord): GuestStart {
  const { fromSeq } = values;
  const { engine } = method.parameters;
  return {
    seq: place.seq,
    fromSeq: typeof fromSeq === 'number' ? fromSeq : -1,
    engine: typeof engine === 'string' ? engine : '',
  };
}
