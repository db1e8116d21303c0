// The newest records of a stream that is being written: the stored ones, and behind them those that wait for the disk.
import type { ClockRecord, EvidenceRecord } from '@maibo/protocols';
import { readRecord } from '../evidence/open-record.ts';
import { LinkFollower } from '../store/link-note.ts';
import type { LinkNote } from '../store/rows.ts';
import type { Store } from '../store/store.ts';

/** Looking back, records are read in pieces of this many. */
const PIECE_RECORDS = 256;

/** `pending` are the records that are not stored yet, in order. */
export class StreamTail {
  readonly #store: Store;
  readonly #streamId: number;
  readonly #pending: () => readonly { readonly record: EvidenceRecord }[];

  constructor(store: Store, streamId: number, pending: () => readonly { readonly record: EvidenceRecord }[]) {
    this.#store = store;
    this.#streamId = streamId;
    this.#pending = pending;
  }

  *from(fromSeq: number): Generator<EvidenceRecord> {
    const pending = this.#pending().map(({ record }) => record);
    const storedTo = (pending[0]?.place.seq ?? Number.MAX_SAFE_INTEGER) - 1;
    for (const { bytes } of this.#store.records(this.#streamId, fromSeq, storedTo)) yield readRecord(bytes).record;
    for (const record of pending) if (record.place.seq >= fromSeq) yield record;
  }

  /** From the last record before `endSeq` back to the first behind the description. */
  *backwards(endSeq: number): Generator<EvidenceRecord> {
    const pending = this.#pending().map(({ record }) => record);
    yield* pending.toReversed();
    for (let past = pending[0]?.place.seq ?? endSeq; past > 1; past -= PIECE_RECORDS) {
      const piece = [...this.#store.records(this.#streamId, Math.max(1, past - PIECE_RECORDS), past - 1)];
      if (piece.length === 0) return; // trimmed from here on
      for (const { bytes } of piece.toReversed()) yield readRecord(bytes).record;
    }
  }

  /** The clock record in force. `seq` is its number where that is known. */
  lastClock(seq: number | null, endSeq: number): ClockRecord | null {
    if (seq === 0) return null;
    for (const record of seq === null ? this.backwards(endSeq) : this.from(seq)) {
      if (record.kind === 'clock') return record;
    }
    return null;
  }

  /** The device's chain by all of its items: needed once for a stream whose store did not note it. */
  linkNote(chain: Uint8Array | null): LinkNote {
    const link = new LinkFollower({ chain, checkedUpto: -1 });
    for (const record of this.from(1)) link.follow(record);
    return link.note;
  }
}
