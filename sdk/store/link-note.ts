// Where the device's own chain stands behind the records of a stream.
import { chainAfter, type EvidenceRecord } from '@maibo/protocols';
import type { LinkNote } from './rows.ts';

/** Follows the device's own chain over the records of a stream. */
export class LinkFollower {
  note: LinkNote;

  constructor(note: LinkNote) {
    this.note = note;
  }

  follow(record: EvidenceRecord): void {
    const { chain, checkedUpto } = this.note;
    if (record.kind === 'item') {
      if (chain !== null) this.note = { chain: chainAfter(chain, record.item), checkedUpto };
    } else if (record.kind === 'checkpoint') {
      this.note = { chain: record.agrees === false ? chain : record.chain, checkedUpto: record.upto };
    } else if (record.kind === 'gap' || record.kind === 'block') this.note = { chain: null, checkedUpto };
  }
}
