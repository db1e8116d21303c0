// How far the platform has confirmed a device's log: what a gateway may acknowledge at level 2.
import { readRecord } from '../evidence/open-record.ts';
import type { Store, StoredSegment } from '../store/store.ts';

/** The last item that the platform has answered for, with everything before it; -1 when there is none. A trim changes nothing about it. */
export function confirmedItem(store: Store, streamId: number): number {
  const { trimmed, segments } = store.stream(streamId);
  // What was trimmed without the platform's word will never have it.
  if (trimmed?.isOpen) return trimmed.confirmedItem;
  const past = store.firstUnconfirmed(streamId)?.index ?? segments.segmentCount;
  // A segment may hold results alone.
  for (const segment of store.segmentsBefore(streamId, past)) {
    const upto = lastItemOf(store, segment);
    if (upto >= 0) return upto;
  }
  return trimmed?.confirmedItem ?? -1;
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
