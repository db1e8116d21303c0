// How far the platform has confirmed a device's log: what a gateway may acknowledge at level 2.
import { readRecord } from '../evidence/open-record.ts';
import type { Store, StoredSegment } from '../store/store.ts';

/** The last item that the platform has answered for, with everything before it; -1 when there is none. */
export function confirmedItem(store: Store, streamId: number): number {
  const segments = store.segments(streamId);
  const open = segments.findIndex((segment) => segment.receipt === null);
  const confirmed = open < 0 ? segments : segments.slice(0, open);
  // A segment may hold results alone.
  for (const segment of confirmed.toReversed()) {
    const upto = lastItemOf(store, segment);
    if (upto >= 0) return upto;
  }
  return -1;
}

function lastItemOf(store: Store, { streamId, first, last }: StoredSegment): number {
  let upto = -1;
  for (const { bytes } of store.records(streamId, first, last)) {
    const { record } = readRecord(bytes);
    if (record.kind === 'item') upto = record.itemSeq;
    else if (record.kind === 'gap') upto = record.toBlock;
  }
  return upto;
}
