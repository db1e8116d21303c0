// Retention: what is old, and held by the platform, leaves the store. A trim record in the chain says so before anything is taken out.
//
//   0 │ 1 ........ before-1 │ before ... fromSeq ... restart ... trim
//   ▲ kept   taken out        ▲ first of the segment that holds `fromSeq`, so that segments stay whole and the results behind `restart` can be
//                               run again from what is kept
import type { TrimReason } from '@maibo/protocols';
import { readRecord } from '../evidence/open-record.ts';
import { ticksOfInput } from '../evidence/warm-up.ts';
import { confirmedItem } from '../platform/confirmed-item.ts';
import type { RestartPoint } from '../store/rows.ts';
import type { Store, StoredStream } from '../store/store.ts';
import type { StreamWriter, TrimPlan } from './stream-writer.ts';

export interface TrimWish {
  /** Only what was measured before this goes, microseconds since 1970. */
  readonly beforeUtcUs: number;
  readonly reason: TrimReason;
  /** Also what the platform has not confirmed. A platform that wants every segment takes none of this stream any more. */
  readonly unconfirmed?: boolean;
}

/** Why nothing of a stream can go. */
export type KeptWhy =
  | 'no-restart' // there is no place yet at which it can be cut
  | 'no-clock' // nobody knows when it was measured
  | 'too-young'
  | 'unconfirmed'; // the platform has not answered for it

/** What can go, or why nothing can. */
export function planTrim(store: Store, streamId: number, wish: TrimWish): TrimPlan | KeptWhy {
  const stream = store.stream(streamId);
  const { trimmed } = stream;
  const cuts = store
    .restartPoints(streamId)
    .map((point) => ({ point, before: cutBefore(store, stream, point) }))
    .filter(({ before }) => before > Math.max(1, trimmed?.before ?? 0));
  if (cuts.length === 0) return 'no-restart';
  const times = cuts.map((cut) => ({ ...cut, utcUs: utcOf(store, stream, cut.point) }));
  if (times.every(({ utcUs }) => utcUs === null)) return 'no-clock';
  const old = times.filter(({ utcUs }) => utcUs !== null && utcUs < wish.beforeUtcUs);
  if (old.length === 0) return 'too-young';
  const confirmedTo = store.firstUnconfirmed(streamId)?.first ?? Number.MAX_SAFE_INTEGER;
  const chosen = old.find(({ before }) => wish.unconfirmed || before <= confirmedTo);
  if (chosen === undefined) return 'unconfirmed';
  const { before } = chosen;
  const [last] = store.records(streamId, before - 1, before - 1);
  if (last === undefined) return 'no-restart';
  const isOpen = trimmed?.isOpen === true || before > confirmedTo;
  const item = isOpen ? confirmedItem(store, streamId) : lastItemBefore(store, streamId, before);
  return {
    before,
    hash: last.hash,
    reason: wish.reason,
    trimmed: { confirmedItem: item ?? trimmed?.confirmedItem ?? -1, isOpen },
  };
}

export interface Trimmed {
  readonly recordCount: number;
  readonly segmentCount: number;
}

/**
 * Seals the trim record, makes it durable, and only then takes the records out; cut short in between, the next opening of the store goes on with
 * it. Errors: as `StreamWriter.commit`.
 */
export async function trimStream(
  store: Store,
  streamId: number,
  writer: StreamWriter,
  plan: TrimPlan,
): Promise<Trimmed> {
  writer.takeTrim(plan);
  await writer.commit();
  return store.dropTrimmed(streamId);
}

/** A segment goes whole or not at all, and the newest stays: the next one names its hash. */
function cutBefore(store: Store, { id, segments }: StoredStream, { fromSeq }: RestartPoint): number {
  if (segments.segmentCount === 0) return 0;
  return store.segmentAt(id, Math.min(fromSeq, segments.openFrom - 1))?.first ?? 0;
}

/** When the first input behind a restart record was measured: everything that goes is older. */
function utcOf(store: Store, { id, chain }: StoredStream, { seq }: RestartPoint): number | null {
  let mark: { ticks: number; utcUs: number } | null = null;
  for (const { bytes } of store.records(id, seq, chain.recordCount)) {
    const { record } = readRecord(bytes);
    if (record.kind === 'clock') mark = record;
    const ticks = ticksOfInput(record);
    if (ticks === null) continue;
    return mark === null ? null : mark.utcUs + ((ticks - mark.ticks) * 1e6) / tickRateOf(store, id);
  }
  return null;
}

function tickRateOf(store: Store, streamId: number): number {
  const [first] = store.records(streamId, 0, 0);
  const record = first === undefined ? null : readRecord(first.bytes).record;
  return record?.kind === 'stream' ? record.tickRateHz : Number.NaN;
}

/** Null when no record before says it. */
function lastItemBefore(store: Store, streamId: number, before: number): number | null {
  for (let past = before; past > 1; past -= LOOK_BACK_RECORDS) {
    const piece = [...store.records(streamId, Math.max(1, past - LOOK_BACK_RECORDS), past - 1)];
    if (piece.length === 0) return null;
    for (const { bytes } of piece.toReversed()) {
      const { record } = readRecord(bytes);
      if (record.kind === 'item') return record.itemSeq;
      if (record.kind === 'gap') return record.toBlock;
    }
  }
  return null;
}

const LOOK_BACK_RECORDS = 256;
