// Seals records one behind the other: each carries the hash of the one before, so none can be taken out, put in or moved.
import { CONTENT_RECORD, encodeRecord, sealCose, sha256 } from '@maibo/protocols';
import type { Signer } from '../world/world.ts';
import type { AnyRecord, RecordBody, StreamIdentity } from './record-types.ts';

export const NO_HASH: Uint8Array = new Uint8Array(32);

export interface SealedRecord {
  readonly seq: number;
  readonly record: AnyRecord;
  /** The COSE_Sign1 as stored and sent. */
  readonly bytes: Uint8Array;
  readonly hash: Uint8Array;
}

/** Where a chain stands: how many records it has, and the hash of the last (zeros when there is none). */
export interface ChainHead {
  readonly recordCount: number;
  readonly hash: Uint8Array;
}

export class RecordChain {
  readonly #identity: StreamIdentity;
  readonly #signer: Signer;
  #head: ChainHead;

  constructor(identity: StreamIdentity, signer: Signer, head: ChainHead) {
    this.#identity = identity;
    this.#signer = signer;
    this.#head = head;
  }

  get head(): ChainHead {
    return this.#head;
  }

  seal(body: RecordBody): SealedRecord {
    const seq = this.#head.recordCount;
    const { device, log, epoch } = this.#identity;
    const record = { ...body, v: 1, place: { device, log, epoch, seq }, prev: this.#head.hash } as AnyRecord;
    const bytes = sealCose(encodeRecord(record), { contentType: CONTENT_RECORD, signer: this.#signer });
    const hash = sha256(bytes);
    this.#head = { recordCount: seq + 1, hash };
    return { seq, record, bytes, hash };
  }
}
