// Feeds stored records to a processor: the same door for a restart and for a re-check.
import type { CoreModule } from '@maibo/cores';
import { decodeItem, type EvidenceRecord } from '@maibo/protocols';
import { blockFromItem, SAMPLE_BYTES, type SampleBlock } from '../stream/sample-block.ts';
import type { Result } from './result.ts';
import type { StreamProcessor } from './stream-processor.ts';

/** Results that this input record settles; none for records that are not input. */
export function replayRecord(
  processor: StreamProcessor,
  record: EvidenceRecord,
  block: SampleBlock | null = blockOf(record, processor.decoder),
): Result[] {
  if (block !== null) return processor.block(block);
  if (record.kind === 'end') return processor.end();
  if (record.kind === 'clock') processor.clock(record);
  return [];
}

/** The samples that a record holds, decoded by this module where they are coded; null for one that holds none. */
export function blockOf(record: EvidenceRecord, decoder?: CoreModule): SampleBlock | null {
  if (record.kind === 'item') return blockOfItem(record.itemSeq, record.item, decoder);
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
function blockOfItem(seq: number, bytes: Uint8Array, decoder: CoreModule | undefined): SampleBlock | null {
  const item = decodeItem(bytes);
  if (!item.ok || item.value.type !== 'sample-item') return null;
  const block = blockFromItem(seq, item.value, decoder);
  return typeof block === 'string' ? null : block;
}
