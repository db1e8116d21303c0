// WFDB annotation files (.atr and others) in the MIT format, after PhysioNet's annot(5): little-endian 16-bit words.
//
//   word  = code << 10 | ticks since the annotation before
//   59 SKIP  the next 4 bytes are ticks, high word first        60 NUM  61 SUB  62 CHN  belong to the annotation before
//   63 AUX   `ticks` bytes of text follow, padded to even        0 with 0 ticks ends the file

import { MaiboError } from '../errors.ts';
import { findInputFile, type InputFile, readChunks } from './input-file.ts';
import { CHUNK_BYTES, RR_MS_MAX, RR_MS_MIN } from './limits.ts';
import type { Annotation, RrInterval } from './recording.ts';
import type { NoteList } from './recording-parts.ts';

const SKIP = 59;
const AUX = 63;
const NOTE = 22;
/** Mnemonics by code as in PhysioNet's ecgcodes.h; the numbers in between are unused. */
const MNEMONICS = [
  ...[' ', 'N', 'L', 'R', 'a', 'V', 'F', 'J', 'A', 'S', 'E', 'j', '/', 'Q', '~', '[15]', '|', '[17]', 's', 'T', '*'],
  ...['D', '"', '=', 'p', 'B', '^', 't', '+', 'u', '?', '!', '[', ']', 'e', 'n', '@', 'x', 'f', '(', ')', 'r'],
];
const BEAT_CODES = new Set([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 25, 30, 34, 35, 38, 41]);
const TIME_RESOLUTION = /^## time resolution:\s*([\d.]+)/;

/** All annotations of a file in its order, `sample` at `rateHz`. */
export async function* readWfdbAnnotations(path: string, rateHz: number, notes: NoteList): AsyncGenerator<Annotation> {
  const file = await findInputFile(path);
  if (file.sizeBytes === 0) throw new MaiboError('input-empty', 'the annotation file is empty', { where: file.label });
  const words = new WordReader(file);
  try {
    yield* decodeAnnotations(words, rateHz, () => {
      notes.set(`end ${file.label}`, `${file.label} ends without its end mark; it may be truncated.`);
    });
  } finally {
    await words.close();
  }
}

async function* decodeAnnotations(
  words: WordReader,
  rateHz: number,
  noteNoEnd: () => void,
): AsyncGenerator<Annotation> {
  let ticks = 0;
  let samplesPerTick = 1;
  let pending: { code: number; ticks: number; text: string } | null = null;
  for (let word = await words.next(); word !== 0; word = await words.next()) {
    if (word === null) {
      noteNoEnd();
      break;
    }
    const code = word >> 10;
    const low = word & 0x3ff;
    if (code === SKIP) ticks += await words.nextLong();
    else if (code === AUX) pending = withText(pending, await words.nextText(low), words);
    else if (code < SKIP) {
      const ticksHz: number | null = pending === null ? null : timeResolution(pending.code, pending.text);
      if (ticksHz !== null) samplesPerTick = rateHz / ticksHz;
      else if (pending !== null) yield toAnnotation(pending, samplesPerTick);
      ticks += low;
      if (ticks < 0) throw words.bad('the annotation lies before the start of the record');
      pending = { code, ticks, text: '' };
    }
  }
  if (pending !== null) yield toAnnotation(pending, samplesPerTick);
}

/** From beat to beat. What is no interval of a heart (a pause of the recorder, two beats at once) is left out and noted. */
export async function* intervalsBetweenBeats(
  annotations: AsyncIterable<Annotation> | Iterable<Annotation>,
  rateHz: number,
  notes: NoteList,
): AsyncGenerator<RrInterval> {
  let before: number | null = null;
  let leftOut = 0;
  for await (const { sample, isBeat } of annotations) {
    if (!isBeat) continue;
    const rrMs: number | null = before === null ? null : ((sample - before) * 1000) / rateHz;
    before = sample;
    if (rrMs === null) continue;
    if (rrMs >= RR_MS_MIN && rrMs <= RR_MS_MAX) yield { timeS: sample / rateHz, rrMs };
    else leftOut++;
  }
  if (leftOut === 0) return;
  notes.set(
    'left out',
    `Between beats, ${leftOut} times were outside ${RR_MS_MIN} to ${RR_MS_MAX} ms and were left out.`,
  );
}

function toAnnotation(raw: { code: number; ticks: number; text: string }, samplesPerTick: number): Annotation {
  const code = MNEMONICS[raw.code] ?? `[${raw.code}]`;
  const sample = Math.round(raw.ticks * samplesPerTick);
  return { sample, code, isBeat: BEAT_CODES.has(raw.code), text: raw.text };
}

/** Some writers count in ticks of their own and say so in a note before the first annotation. */
function timeResolution(code: number, text: string): number | null {
  const match = code === NOTE ? TIME_RESOLUTION.exec(text) : null;
  const rate = Number(match?.[1] ?? 0);
  return rate > 0 && Number.isFinite(rate) ? rate : null;
}

function withText<T extends { text: string }>(pending: T | null, text: string, words: WordReader): T {
  if (pending === null) throw words.bad('text before the first annotation; expected an annotation file');
  return { ...pending, text };
}

class WordReader {
  readonly #file: InputFile;
  readonly #chunks: AsyncGenerator<Uint8Array>;
  #chunk: Uint8Array = new Uint8Array(0);
  #at = 0;
  #chunkStart = 0;

  constructor(file: InputFile) {
    this.#file = file;
    this.#chunks = readChunks(file, { chunkBytes: CHUNK_BYTES });
  }

  /** Null at the end of the file. Chunks are even, so a word never spans two. */
  async next(): Promise<number | null> {
    if (this.#at >= this.#chunk.length && !(await this.#advance())) return null;
    if (this.#at + 1 >= this.#chunk.length) throw this.bad('the file ends in the middle of an annotation');
    const word = this.#chunk[this.#at]! | (this.#chunk[this.#at + 1]! << 8);
    this.#at += 2;
    return word;
  }

  async nextLong(): Promise<number> {
    const high = await this.#need();
    return ((high << 16) | (await this.#need())) >> 0;
  }

  /** Trailing zero bytes are the writer's. */
  async nextText(size: number): Promise<string> {
    const bytes = new Uint8Array(size + (size & 1));
    for (let i = 0; i < bytes.length; i += 2) {
      const word = await this.#need();
      bytes[i] = word & 0xff;
      bytes[i + 1] = word >> 8;
    }
    return new TextDecoder('latin1').decode(bytes.subarray(0, size)).replace(/\0+$/, '');
  }

  async close(): Promise<void> {
    await this.#chunks.return(undefined);
  }

  bad(message: string): MaiboError {
    return new MaiboError('input-format', message, {
      where: `${this.#file.label}, byte ${this.#chunkStart + this.#at}`,
    });
  }

  async #need(): Promise<number> {
    const word = await this.next();
    if (word === null) throw this.bad('the file ends in the middle of an annotation');
    return word;
  }

  async #advance(): Promise<boolean> {
    const step = await this.#chunks.next();
    if (step.done === true) return false;
    this.#chunkStart += this.#chunk.length;
    this.#chunk = step.value;
    this.#at = 0;
    return true;
  }
}
