// Columns of numbers, gzipped or not. The rate comes from the option or from a time column; a bare column needs the option.
// An empty cell or "nan" is a missing sample (NaN, counted in the notes); any other text is an error with line and column.

import { MaiboError } from '../errors.ts';
import { type CsvShape, csvCells, readCsvShape } from './csv-shape.ts';
import { type CsvTime, findTimeColumn, readCsvTime, requireTime, timeBack } from './csv-time.ts';
import { SNIFF_LINES } from './limits.ts';
import { parseSample } from './number-cell.ts';
import type { Channel, Recording } from './recording.ts';
import { makeRecording, NoteList, requireGap, SampleChunk } from './recording-parts.ts';
import { guessSignalKind } from './signal-kind.ts';
import { findTextFile, peekLines, readLines, type TextFile, type TextLine } from './text-lines.ts';

export interface CsvOptions {
  readonly rateHz?: number | undefined;
  /** Only this column: its name, or its number in the file counted from 1. */
  readonly column?: string | number | undefined;
}

interface CsvFile {
  readonly text: TextFile;
  readonly shape: CsvShape;
  readonly time: CsvTime | null;
  readonly notes: NoteList;
}

export async function openCsv(path: string, options: CsvOptions = {}): Promise<Recording> {
  const text = await findTextFile(path);
  const { label } = text.file;
  const lines = await peekLines(text, SNIFF_LINES);
  const shape = readCsvShape(lines, label);
  const notes = new NoteList();
  const rows = lines.filter((line) => line.number >= shape.firstDataLine && line.text.trim() !== '');
  const timeColumn = findTimeColumn(shape, rows, notes);
  const isTimed = timeColumn !== null && options.rateHz === undefined;
  const time = isTimed ? readCsvTime(timeColumn, shape, rows, label, notes) : null;
  if (timeColumn !== null && !isTimed) notes.set('time', 'The time column is not used, because a rate was given.');
  const rateHz = options.rateHz ?? time?.rateHz;
  if (rateHz === undefined) throw noRate(shape, label);
  const places = selectColumns(shape, timeColumn, options.column, label);
  const csv: CsvFile = { text, shape, time, notes };
  return makeRecording({
    path,
    format: 'csv',
    channels: places.map((place) => toChannel(shape, place, rateHz)),
    startUtcMs: time?.startUtcMs ?? null,
    notes,
    samples: (channel) => readColumn(csv, places[channel]!, rateHz),
  });
}

function noRate(shape: CsvShape, label: string): MaiboError {
  const hint = 'give it with --rate HZ; if these are RR intervals, use --format rr';
  const message =
    shape.columns.length === 1
      ? 'one column of numbers has no rate'
      : 'no column holds the time, so the rate is unknown';
  return new MaiboError('input-format', message, { where: label, hint });
}

function selectColumns(shape: CsvShape, timeColumn: number | null, wanted: string | number | undefined, label: string) {
  const places = shape.columns.map((_, index) => index).filter((index) => index !== timeColumn);
  if (wanted === undefined) return places;
  const named = shape.columns.findIndex(({ name }) => name.toLowerCase() === String(wanted).toLowerCase());
  const place = named >= 0 ? named : Number(wanted) - 1;
  if (places.includes(place)) return [place];
  const names = places.map((index) => shape.columns[index]!.name).slice(0, 20);
  const message = `there is no column "${wanted}" with samples; the file has ${names.join(', ')}`;
  throw new MaiboError('usage', message, { where: label });
}

function toChannel(shape: CsvShape, place: number, rateHz: number): Channel {
  const { name, unit } = shape.columns[place]!;
  const kind = guessSignalKind(name, unit);
  return { name, kind, rateHz, unit, gain: 1, offset: 0, bits: null, sampleCount: null };
}

async function* readColumn(csv: CsvFile, place: number, rateHz: number): AsyncGenerator<Float32Array> {
  const chunk = new SampleChunk();
  const walk = new RowWalk(csv, rateHz);
  let missing = 0;
  for await (const lines of readLines(csv.text)) {
    for (const line of lines) {
      const row = walk.next(line);
      if (row === null) continue;
      for (let i = 0; i < row.blankBefore + row.gapBefore; i++) if (chunk.push(Number.NaN)) yield chunk.take();
      missing += row.blankBefore;
      const value = parseSample(row.cells[place]!, () => `${walk.where(line)}, column ${place + 1}`);
      if (Number.isNaN(value)) missing++;
      if (chunk.push(value)) yield chunk.take();
    }
  }
  if (!chunk.isEmpty) yield chunk.take();
  walk.note();
  const { name } = csv.shape.columns[place]!;
  if (missing > 0) csv.notes.set(`missing ${place}`, `${name}: ${missing} samples are missing (empty or nan).`);
}

/** Rows one by one, with the number of samples that the time column says are missing before each. */
class RowWalk {
  readonly #csv: CsvFile;
  readonly #rateHz: number;
  #blankLines = 0;
  #beforeS: number | null = null;
  #gapCount = 0;
  #firstGap = '';

  constructor(csv: CsvFile, rateHz: number) {
    this.#csv = csv;
    this.#rateHz = rateHz;
  }

  next(line: TextLine): { cells: string[]; blankBefore: number; gapBefore: number } | null {
    const { shape, time } = this.#csv;
    if (line.number < shape.firstDataLine) return null;
    if (line.text.trim() === '') {
      this.#blankLines++;
      return null;
    }
    const cells = csvCells(line.text, shape);
    if (cells.length !== shape.columns.length) throw this.#wrongCount(cells.length, line);
    // In a single column a blank line between two values is an empty cell; at the end of the file it is nothing.
    const blankBefore = shape.columns.length === 1 ? this.#blankLines : 0;
    this.#blankLines = 0;
    return { cells, blankBefore, gapBefore: time === null ? 0 : this.#gap(cells[time.column]!, time, line) };
  }

  where(line: TextLine): string {
    return `${this.#csv.text.file.label}, line ${line.number}`;
  }

  note(): void {
    if (this.#gapCount === 0) return;
    this.#csv.notes.set(
      'gaps',
      `The time column has ${this.#gapCount} gaps, filled with missing samples; the first is ${this.#firstGap}.`,
    );
  }

  #gap(cell: string, time: CsvTime, line: TextLine): number {
    const nowS = requireTime(cell, time.unitS, this.where(line));
    const stepS = nowS - (this.#beforeS ?? nowS);
    this.#beforeS = nowS;
    if (stepS < 0) throw timeBack(this.where(line));
    if (stepS <= time.gapS) return 0;
    if (this.#gapCount++ === 0) this.#firstGap = `${stepS.toFixed(3)} s before line ${line.number}`;
    return requireGap(Math.max(0, Math.round(stepS * this.#rateHz) - 1), this.#rateHz, this.where(line));
  }

  #wrongCount(count: number, line: TextLine): MaiboError {
    const message = `${count} columns; the lines before have ${this.#csv.shape.columns.length}`;
    return new MaiboError('input-format', message, { where: this.where(line) });
  }
}
