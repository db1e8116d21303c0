// Feeds stored records to a processor: the same door for a restart and for a re-check.
import type { BlockRecord, EvidenceRecord } from '@maibo/protocols';
import { SAMPLE_BYTES, type SampleBlock } from '../stream/sample-block.ts';
import type { Result } from './result.ts';
import type { StreamProcessor } from './stream-processor.ts';

/** Results that this input record settles; none for records that are not input. */
export function replayRecord(processor: StreamProcessor, record: EvidenceRecord): Result[] {
  if (record.kind === 'block') return processor.block(blockOf(record));
  if (record.kind === 'end') return processor.end();
  if (record.kind === 'clock') processor.clock(record);
  return [];
}

export function blockOf(record: BlockRecord): SampleBlock {
  return {
    seq: record.blockSeq,
    firstSample: record.firstSample,
    ticks: record.ticks,
    format: record.format,
    bytes: record.samples,
    sampleCount: Math.floor(record.samples.length / SAMPLE_BYTES[record.format]),
  };
}
