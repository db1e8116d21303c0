// What all readers share: the frame of a Recording, its notes, and the checks on rates and intervals.

import { MaiboError } from '../errors.ts';
import {
  ANNOTATIONS_MAX,
  GAP_S_MAX,
  GAP_SAMPLES_MAX,
  RATE_HZ_MAX,
  RR_MS_MAX,
  RR_MS_MIN,
  TEXT_CHUNK_SAMPLES,
} from './limits.ts';
import type { Annotation, Channel, Recording, RecordingFormat, RrInterval } from './recording.ts';

export interface RecordingParts {
  readonly path: string;
  readonly format: RecordingFormat;
  readonly channels?: readonly Channel[];
  readonly startUtcMs?: number | null;
  readonly notes: NoteList;
  readonly samples?: (channel: number) => AsyncIterable<Float32Array>;
  readonly intervals?: () => AsyncIterable<RrInterval>;
  readonly annotations?: () => Promise<readonly Annotation[]>;
}

/** Fills in what a format does not have. Asking for it is a mistake of the caller, so it throws at once. */
export function makeRecording(parts: RecordingParts): Recording {
  const channels = parts.channels ?? [];
  return {
    path: parts.path,
    format: parts.format,
    channels,
    hasIntervals: parts.intervals !== undefined,
    startUtcMs: parts.startUtcMs ?? null,
    notes: parts.notes.texts,
    samples(channel) {
      if (parts.samples === undefined || channels[channel] === undefined) {
        throw new MaiboError('usage', `there is no channel ${channel}; the recording has ${channels.length}`);
      }
      return parts.samples(channel);
    },
    intervals() {
      if (parts.intervals === undefined) throw new MaiboError('usage', 'the recording holds no RR intervals');
      return parts.intervals();
    },
    annotations: parts.annotations ?? (async () => []),
  };
}

/** Notes by key, so that reading a recording twice does not tell the same thing twice. */
export class NoteList {
  readonly texts: string[] = [];
  readonly #places = new Map<string, number>();

  set(key: string, text: string): void {
    const place = this.#places.get(key) ?? this.texts.length;
    this.#places.set(key, place);
    this.texts[place] = text;
  }
}

export const CLOCK_NOTE = 'The start time in the file has no time zone; it is given as if it were UTC.';

export function requireRate(rateHz: number, where: string): number {
  if (Number.isFinite(rateHz) && rateHz > 0 && rateHz <= RATE_HZ_MAX) return rateHz;
  const message = `a sampling rate of ${rateHz} Hz is not possible; expected more than 0 and at most ${RATE_HZ_MAX}`;
  throw new MaiboError('input-range', message, { where });
}

export function requireRr(rrMs: number, where: string): number {
  if (rrMs >= RR_MS_MIN && rrMs <= RR_MS_MAX) return rrMs;
  const message = `an RR interval of ${rrMs} ms is not possible; expected ${RR_MS_MIN} to ${RR_MS_MAX} ms`;
  throw new MaiboError('input-range', message, { where });
}

/** Missing samples between two stamps, when there are not too many to fill in. */
export function requireGap(sampleCount: number, rateHz: number, where: string): number {
  const gapS = sampleCount / rateHz;
  if (gapS <= GAP_S_MAX && sampleCount <= GAP_SAMPLES_MAX) return sampleCount;
  const message = `a gap of ${gapS} s (${sampleCount} samples); at most ${GAP_S_MAX} s and ${GAP_SAMPLES_MAX} samples are filled`;
  throw new MaiboError('input-range', message, { where });
}

export async function collectAnnotations(source: AsyncIterable<Annotation>, label: string): Promise<Annotation[]> {
  const all: Annotation[] = [];
  for await (const annotation of source) {
    if (all.length === ANNOTATIONS_MAX) {
      throw new MaiboError('input-format', `more than ${ANNOTATIONS_MAX} annotations`, { where: label });
    }
    all.push(annotation);
  }
  return all;
}

/** Collects single samples of a text file into chunks with their own memory. */
export class SampleChunk {
  #values = new Float32Array(TEXT_CHUNK_SAMPLES);
  #count = 0;

  /** True when the chunk is full and has to be taken. */
  push(value: number): boolean {
    this.#values[this.#count++] = value;
    return this.#count === this.#values.length;
  }

  take(): Float32Array {
    const taken = this.#count === this.#values.length ? this.#values : this.#values.slice(0, this.#count);
    this.#values = new Float32Array(TEXT_CHUNK_SAMPLES);
    this.#count = 0;
    return taken;
  }

  get isEmpty(): boolean {
    return this.#count === 0;
  }
}
