// Sealed records to segments: the pieces that travel and that a platform answers for.
import { CONTENT_SEGMENT, encodeSegment, encodeSegmentHeader, itemsHash, sealCose, sha256 } from '@maibo/protocols';
import type { Signer } from '../world/world.ts';
import { NO_HASH } from './record-chain.ts';
import type { StreamIdentity } from './record-types.ts';

/** A segment closes when it holds this many records, or this many bytes. Both count records alone, so a replay cuts alike. */
export const SEGMENT_RECORDS_MAX = 64;
export const SEGMENT_BYTES_MAX = 256 * 1024;

export interface SealedSegment {
  readonly index: number;
  /** First and last record, inclusive. */
  readonly first: number;
  readonly last: number;
  readonly header: Uint8Array;
  /** SHA-256 over the whole segment: its name on the platform. */
  readonly hash: Uint8Array;
}

export interface SegmentHead {
  readonly segmentCount: number;
  readonly hash: Uint8Array;
  /** Records behind the last segment, in order, not yet in one. */
  readonly open: readonly Uint8Array[];
  /** Seq of the first open record. */
  readonly openFrom: number;
}

export const NO_SEGMENTS: SegmentHead = { segmentCount: 0, hash: NO_HASH, open: [], openFrom: 0 };

export class SegmentBuilder {
  readonly #identity: StreamIdentity;
  readonly #signer: Signer;
  #items: Uint8Array[];
  #sizeBytes: number;
  #index: number;
  #prev: Uint8Array;
  #first: number;

  constructor(identity: StreamIdentity, signer: Signer, head: SegmentHead) {
    this.#identity = identity;
    this.#signer = signer;
    this.#items = [...head.open];
    this.#sizeBytes = head.open.reduce((sum, item) => sum + item.length, 0);
    this.#index = head.segmentCount;
    this.#prev = head.hash;
    this.#first = head.openFrom;
  }

  /** Adds the next record; gives the segment that it completes, if it does. */
  add(record: Uint8Array): SealedSegment | null {
    this.#items.push(record);
    this.#sizeBytes += record.length;
    const full = this.#items.length >= SEGMENT_RECORDS_MAX || this.#sizeBytes >= SEGMENT_BYTES_MAX;
    return full ? this.close() : null;
  }

  /** Closes what is open; null when nothing is. */
  close(): SealedSegment | null {
    if (this.#items.length === 0) return null;
    const { device, log, epoch } = this.#identity;
    const place = { index: this.#index, first: this.#first, last: this.#first + this.#items.length - 1 };
    const claims = encodeSegmentHeader({
      v: 1,
      device,
      log,
      epoch,
      ...place,
      prev: this.#prev,
      itemsHash: itemsHash(this.#items),
    });
    const header = sealCose(claims, { contentType: CONTENT_SEGMENT, signer: this.#signer });
    const hash = sha256(encodeSegment({ header, items: this.#items }));
    this.#startNext(hash, place.last + 1);
    return { ...place, header, hash };
  }

  #startNext(prev: Uint8Array, first: number): void {
    this.#items = [];
    this.#sizeBytes = 0;
    this.#index++;
    this.#prev = prev;
    this.#first = first;
  }
}
