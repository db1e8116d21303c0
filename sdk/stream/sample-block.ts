// A block of samples of a device's log, and the ways in which its bytes become numbers.
import type { CoreModule } from '@maibo/cores';
import type { PlainFormat, SampleItem, StreamInfo } from '@maibo/protocols';
import { decodeWave, installedDecoder } from './wave-samples.ts';

/** How the samples of a block lie in memory; what was coded for the way (format 3 of an item) is int16 again. */
export type SampleFormat = PlainFormat;

/** Bytes per sample, by format number. */
export const SAMPLE_BYTES: Readonly<Record<SampleFormat, number>> = { 1: 2, 2: 4 };
const MISSING_INT16 = -0x8000;
const MISSING_INT32 = -0x8000_0000;

export interface SampleBlock {
  /** Number of the block in its log, from 0. */
  readonly seq: number;
  /** Position of the first sample, counted from the start of the log. */
  readonly firstSample: number;
  /** Device tick of the first sample. */
  readonly ticks: number;
  readonly format: SampleFormat;
  /** Little-endian samples, own memory. */
  readonly bytes: Uint8Array;
  readonly sampleCount: number;
  /** The module that decoded the samples; absent when they came as they are. */
  readonly decoder?: CoreModule;
}

/** A block from an item of a log, or a sentence that says why it is none. `decoder` is the module that runs where samples are coded. */
export function blockFromItem(
  seq: number,
  item: SampleItem,
  decoder: CoreModule = installedDecoder(),
): SampleBlock | string {
  const { firstSample, ticks, format, samples } = item;
  if (samples.length === 0) return 'a block without samples';
  if (format === 3) {
    const bytes = decodeWave(samples, decoder);
    if (bytes === null) return `${samples.length} bytes are not one wave block of one channel`;
    return { seq, firstSample, ticks, format: 1, bytes, sampleCount: bytes.length / SAMPLE_BYTES[1], decoder };
  }
  const size = SAMPLE_BYTES[format];
  if (samples.length % size !== 0) return `${samples.length} bytes are no whole number of samples`;
  return { seq, firstSample, ticks, format, bytes: samples, sampleCount: samples.length / size };
}

/** Counts as the cores take them: f32, NaN where a sample is missing. */
export function samplesAsFloat32(format: SampleFormat, bytes: Uint8Array): Float32Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const samples = new Float32Array(bytes.length / SAMPLE_BYTES[format]);
  for (let index = 0; index < samples.length; index++) samples[index] = readCount(view, format, index);
  return samples;
}

/** Counts in full precision, null where missing. */
export function samplesAsNumbers(format: SampleFormat, bytes: Uint8Array): (number | null)[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  return Array.from({ length: bytes.length / SAMPLE_BYTES[format] }, (_, index) => {
    const count = readCount(view, format, index);
    return Number.isNaN(count) ? null : count;
  });
}

function readCount(view: DataView, format: SampleFormat, index: number): number {
  const count = format === 1 ? view.getInt16(index * 2, true) : view.getInt32(index * 4, true);
  return count === (format === 1 ? MISSING_INT16 : MISSING_INT32) ? Number.NaN : count;
}

/** Physical value of a count, in the stream's unit. */
export function physicalValue(count: number, stream: Pick<StreamInfo, 'gain' | 'offset'>): number {
  return (count - stream.offset) / stream.gain;
}

/** The other way round, for devices: rounded to counts, missing stays missing, out of range is clamped to the ends. */
export function encodeSamples(format: SampleFormat, values: ArrayLike<number>): Uint8Array {
  const bytes = new Uint8Array(values.length * SAMPLE_BYTES[format]);
  const view = new DataView(bytes.buffer);
  const limit = format === 1 ? 0x7fff : 0x7fff_ffff;
  for (let index = 0; index < values.length; index++) {
    const value = values[index] as number;
    const count = Number.isFinite(value) ? Math.max(-limit, Math.min(limit, Math.round(value))) : -limit - 1;
    if (format === 1) view.setInt16(index * 2, count, true);
    else view.setInt32(index * 4, count, true);
  }
  return bytes;
}
