// What every reader gives: a recording with channels of samples, or a series of RR intervals.
// Readers stream: a file of 2 GB costs no more memory than a small one.

export type RecordingFormat = 'wfdb' | 'edf' | 'csv' | 'e4' | 'hrm' | 'rr' | 'fit';
export type SignalKind = 'ecg' | 'ppg' | 'acc' | 'rr' | 'other';

export interface Channel {
  readonly name: string;
  /** What the channel's name and unit suggest; 'other' when they suggest nothing. */
  readonly kind: SignalKind;
  /** Samples per second, > 0. */
  readonly rateHz: number;
  /** physical = (value - offset) / gain, in `unit`. Text formats have gain 1 and offset 0. */
  readonly unit: string;
  readonly gain: number;
  readonly offset: number;
  /** Bits of the converter, or null for text formats. */
  readonly bits: number | null;
  /** Number of samples, or null when only reading to the end can tell. */
  readonly sampleCount: number | null;
  /** When its first sample was taken, seconds after the recording's start; left out where all channels start together. */
  readonly startS?: number;
}

export interface RrInterval {
  /** Time of the beat that ends the interval, seconds from the start, or null when the file carries no times. */
  readonly timeS: number | null;
  readonly rrMs: number;
}

export interface Annotation {
  /** Sample number at the recording's rate. */
  readonly sample: number;
  /** Mnemonic as the format writes it: "N", "V", "+", "[", ... */
  readonly code: string;
  readonly isBeat: boolean;
  readonly text: string;
}

/**
 * An open recording. `samples` may be called more than once; each call reads from the start.
 * Values are the file's own numbers (converter counts for binary formats), NaN where the file marks a sample as missing.
 */
export interface Recording {
  readonly path: string;
  readonly format: RecordingFormat;
  /** Empty for a recording that holds only RR intervals. */
  readonly channels: readonly Channel[];
  readonly hasIntervals: boolean;
  /** Start of the recording as UTC milliseconds, or null when the file does not say. */
  readonly startUtcMs: number | null;
  /**
   * Oddities worth telling the user ("the header's checksum does not match"), plain sentences. What only reading can tell
   * (checksums, missing samples, gaps) joins the list when an iterator comes to its end.
   */
  readonly notes: readonly string[];
  samples(channel: number): AsyncIterable<Float32Array>;
  intervals(): AsyncIterable<RrInterval>;
  /** Annotations that lie beside the recording, empty when there are none. */
  annotations(): Promise<readonly Annotation[]>;
}
