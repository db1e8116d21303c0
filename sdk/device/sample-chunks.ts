// Samples of a log as programs want them: typed arrays in physical units, with what is missing said.
import type { HostEvent, LogInfo } from '@maibo/protocols';
import { blockFromItem, physicalValue, type SampleBlock, samplesAsFloat32 } from '../stream/sample-block.ts';
import type { LogItem } from './log-item.ts';

export interface SampleChunk {
  /** In the stream's unit, NaN where a sample is missing. Its own memory: keep it as long as you like. */
  readonly samples: Float32Array;
  /** Number of the item in its log, for `ack`; null for a preview. */
  readonly seq: number | null;
  /** Null for what has no rate: intervals between beats. */
  readonly rateHz: number | null;
  readonly unit: string;
  /** Position of the first sample, counted from the start of the log. */
  readonly firstSample: number;
  /** The device's counter at the first sample. */
  readonly ticks: number;
  /** Samples lost just before; null where reading began in the middle of a log. */
  readonly missingBefore: number | null;
}

type Live = Extract<HostEvent, { event: 'live' }>['live'];

/** Makes chunks of one stream, in order. */
export class Chunker {
  readonly #log: LogInfo;
  #nextSample: number | null;

  /** `fromSample`: where the first chunk would lie if nothing were missing; null: not known. */
  constructor(log: LogInfo, fromSample: number | null) {
    this.#log = log;
    this.#nextSample = fromSample;
  }

  /** Null for an item without samples. */
  ofItem(item: Extract<LogItem, { kind: 'item' }>): SampleChunk | null {
    return item.block === null ? null : this.#chunk(item.block, item.seq);
  }

  /** Null for a preview that does not hold samples as it should: it is only a preview. */
  ofLive({ format, samples, firstSample, ticks }: Live): SampleChunk | null {
    const block = blockFromItem(0, { type: 'sample-item', boot: 0, ticks, firstSample, format, samples });
    return typeof block === 'string' ? null : this.#chunk(block, null);
  }

  #chunk({ firstSample, ticks, format, bytes }: SampleBlock, seq: number | null): SampleChunk {
    const { stream } = this.#log;
    const samples = samplesAsFloat32(format, bytes);
    for (let index = 0; index < samples.length; index++) samples[index] = physicalValue(samples[index]!, stream);
    const missingBefore = this.#nextSample === null ? null : Math.max(0, firstSample - this.#nextSample);
    this.#nextSample = firstSample + samples.length;
    return { samples, seq, rateHz: stream.rateHz, unit: stream.unit, firstSample, ticks, missingBefore };
  }
}
