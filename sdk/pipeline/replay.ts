// Feeds stored records to a processor: the same door for live input, for a restart and for a re-check.
import type { CoreModule } from '@maibo/cores';
import { decodeItem, type EvidenceRecord } from '@maibo/protocols';
import { blockOfItem } from '../stream/item-block.ts';
import { SAMPLE_BYTES, type SampleBlock } from '../stream/sample-block.ts';
import type { Result } from './result.ts';
import type { StreamProcessor } from './stream-processor.ts';

/** Results that this input record settles; none for records that are not input. */
export function replayRecord(
  processor: StreamProcessor,
  record: EvidenceRecord,
  block: SampleBlock | null = blockOf(record, processor.decoder),
): Result[] {
  if (block !== null) return processor.block(block);
  if (record.kind === 'item') return replayValue(processor, record.item);
  if (record.kind === 'end') return processor.end();
  if (record.kind === 'clock') processor.clock(record);
  return [];
}

function replayValue(processor: StreamProcessor, bytes: Uint8Array): Result[] {
  const item = decodeItem(bytes);
  return item.ok && item.value.type === 'gatt-item' ? processor.value(item.value) : [];
}

/** The samples that a record holds, decoded by this module where they are coded; null for one that holds none. */
export function blockOf(record: EvidenceRecord, decoder?: CoreModule): SampleBlock | null {
  if (record.kind === 'item') return blockOfStored(record.itemSeq, record.item, decoder);
  if (record.kind !== 'block') return null;
  return {
    seq: record.blockSeq,
    firstSample: record.firstSample,
    ticks: record.ticks,
    format: record.format,
    bytes: record.samples,
    sampleCount: Math.floor(record.samples.length / SAMPLE_BYTES[record.format]),
  };
}

/** What is no item was never sealed by a gateway of ours; to a re-check it is a record without samples. */
function blockOfStored(seq: number, bytes: Uint8Array, decoder: CoreModule | undefined): SampleBlock | null {
  const item = decodeItem(bytes);
  const block = item.ok ? blockOfItem(seq, item.value, decoder) : null;
  return typeof block === 'string' ? null : block;
}
