// What a gateway knows of a glucose meter's memory: the values that its stream holds already.
import { decodeItem } from '@maibo/protocols';
import { GlucoseMemory } from '../clinic/glucose-memory.ts';
import { readRecord } from '../evidence/open-record.ts';
import type { Store } from '../store/store.ts';
import type { Clock } from '../world/world.ts';

/** A measurement is an item, a result, and as much again for its context: enough for what the memory can hold. */
const RECALL_RECORDS_MAX = 8_192;

/** Reading goes on in pieces of this many, a few milliseconds each: a gateway has other devices too. */
const PIECE_RECORDS = 32;

export async function recallGlucose(store: Store, streamId: number, clock: Clock): Promise<GlucoseMemory> {
  const memory = new GlucoseMemory();
  const { recordCount } = store.stream(streamId).chain;
  for (let from = Math.max(1, recordCount - RECALL_RECORDS_MAX); from < recordCount; from += PIECE_RECORDS) {
    for (const { bytes } of store.records(streamId, from, from + PIECE_RECORDS - 1)) {
      const { record } = readRecord(bytes);
      const item = record.kind === 'item' ? decodeItem(record.item) : null;
      if (item?.ok && item.value.type === 'gatt-item') memory.learn(item.value.characteristic, item.value.value);
    }
    await clock.sleep(0);
  }
  return memory;
}
