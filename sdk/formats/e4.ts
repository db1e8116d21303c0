// Empatica E4: a folder of CSV files, or one of them, gzipped or not. Line 1 is the start (Unix seconds), line 2 the rate,
// then the samples; IBI.csv has no rate and holds "seconds from the start, interval in seconds".

import { readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { MaiboError } from '../errors.ts';
import { findInputFile, inputError } from './input-file.ts';
import { notANumber, parseDecimal, parseSample, showCell } from './number-cell.ts';
import type { Channel, Recording, RrInterval, SignalKind } from './recording.ts';
import { makeRecording, NoteList, requireRate, requireRr, SampleChunk } from './recording-parts.ts';
import { findTextFile, peekLines, readLines, type TextFile, type TextLine } from './text-lines.ts';

type E4Name = 'BVP' | 'ACC' | 'EDA' | 'TEMP' | 'HR' | 'IBI';

interface E4File {
  readonly name: E4Name;
  readonly text: TextFile;
  readonly startS: number;
  /** Null for IBI. */
  readonly rateHz: number | null;
  readonly hasValues: boolean;
}

interface E4Sensor {
  readonly kind: SignalKind;
  readonly unit: string;
  readonly gain: number;
  readonly bits: number | null;
  readonly axes: readonly string[];
}

// Units after the info.txt that Empatica puts beside the files; acceleration is in 1/64 g, 8 bits for +-2 g.
const SENSORS: Readonly<Record<Exclude<E4Name, 'IBI'>, E4Sensor>> = {
  BVP: { kind: 'ppg', unit: '', gain: 1, bits: null, axes: ['BVP'] },
  ACC: { kind: 'acc', unit: 'g', gain: 64, bits: 8, axes: ['ACC x', 'ACC y', 'ACC z'] },
  EDA: { kind: 'other', unit: 'uS', gain: 1, bits: null, axes: ['EDA'] },
  TEMP: { kind: 'other', unit: 'degC', gain: 1, bits: null, axes: ['TEMP'] },
  HR: { kind: 'other', unit: 'bpm', gain: 1, bits: null, axes: ['HR'] },
};
const E4_NAMES: readonly E4Name[] = ['BVP', 'ACC', 'EDA', 'TEMP', 'HR', 'IBI'];
const FILE_NAME = /(?:^|[_-])(BVP|ACC|EDA|TEMP|HR|IBI)\.csv(?:\.gz)?$/i;
const FIRST_DATA_LINE = 3;

export function e4NameOf(fileName: string): E4Name | null {
  const name = FILE_NAME.exec(fileName)?.[1]?.toUpperCase();
  return E4_NAMES.find((known) => known === name) ?? null;
}

export async function openE4File(path: string): Promise<Recording> {
  await findInputFile(path);
  const name = e4NameOf(basename(path));
  if (name === null) {
    const message = `the file name does not end in one of ${E4_NAMES.join('.csv, ')}.csv`;
    throw new MaiboError('input-format', message, { where: basename(path) });
  }
  const file = await readE4File(path, name);
  if (!file.hasValues) throw new MaiboError('input-empty', 'the file has no values', { where: file.text.file.label });
  return makeE4Recording(path, [file], new NoteList());
}

export async function openE4Folder(path: string): Promise<Recording> {
  const label = basename(path);
  const entries = await readdir(path).catch((thrown) => {
    throw inputError(thrown, label);
  });
  const notes = new NoteList();
  const files: E4File[] = [];
  for (const name of E4_NAMES) {
    const entry = entries.filter((candidate) => e4NameOf(candidate) === name).sort()[0];
    if (entry === undefined) continue;
    const file = await readE4File(join(path, entry), name);
    if (file.hasValues) files.push(file);
    else notes.set(`empty ${name}`, `${entry} has no values.`);
  }
  if (files.length > 0) return makeE4Recording(path, files, notes);
  throw new MaiboError('input-format', `the folder holds no Empatica file (${E4_NAMES.join(', ')}.csv)`, {
    where: label,
    hint: 'expected a file, or a folder with the CSV files of an Empatica E4',
  });
}

export async function listE4Files(folder: string): Promise<string[]> {
  return (await readdir(folder).catch(() => [])).filter((entry) => e4NameOf(entry) !== null);
}

async function readE4File(path: string, name: E4Name): Promise<E4File> {
  const text = await findTextFile(path);
  const { label } = text.file;
  const [first, second, third] = await peekLines(text, FIRST_DATA_LINE);
  const startS = firstNumber(first, label, 1);
  if (startS <= 0) throw new MaiboError('input-range', `${startS} is no start time`, { where: `${label}, line 1` });
  if (name === 'IBI') return { name, text, startS, rateHz: null, hasValues: (second?.text.trim() ?? '') !== '' };
  const rateHz = requireRate(firstNumber(second, label, 2), `${label}, line 2`);
  return { name, text, startS, rateHz, hasValues: (third?.text.trim() ?? '') !== '' };
}

function firstNumber(line: TextLine | undefined, label: string, number: number): number {
  const cell = (line?.text ?? '').split(',', 1)[0]!.trim();
  const value = parseDecimal(cell);
  if (value !== null && Number.isFinite(value)) return value;
  const what = number === 1 ? 'the start time' : 'the rate';
  throw new MaiboError('input-format', `${showCell(cell)} is not ${what}`, { where: `${label}, line ${number}` });
}

function makeE4Recording(path: string, files: readonly E4File[], notes: NoteList): Recording {
  const startS = Math.min(...files.map((file) => file.startS));
  for (const file of files) {
    const lateS = file.startS - startS;
    if (lateS > 0) notes.set(`late ${file.name}`, `${file.name} begins ${lateS} s after the recording's start.`);
  }
  const places = files.flatMap((file) => placesOf(file, file.startS - startS));
  const ibi = files.find((file) => file.name === 'IBI');
  return makeRecording({
    path,
    format: 'e4',
    channels: places.map((place) => place.channel),
    startUtcMs: Math.round(startS * 1000),
    notes,
    samples: (channel) => readAxis(places[channel]!),
    ...(ibi === undefined ? {} : { intervals: () => readIntervals(ibi, ibi.startS - startS) }),
  });
}

interface E4Place {
  readonly file: E4File;
  readonly axis: number;
  readonly channel: Channel;
}

function placesOf(file: E4File, startS: number): E4Place[] {
  if (file.name === 'IBI' || file.rateHz === null) return [];
  const { axes, ...sensor } = SENSORS[file.name];
  const { rateHz } = file;
  const same = { rateHz, offset: 0, sampleCount: null, startS, ...sensor };
  return axes.map((name, axis) => ({ file, axis, channel: { name, ...same } }));
}

async function* readAxis({ file, axis }: E4Place): AsyncGenerator<Float32Array> {
  const columnCount = file.name === 'ACC' ? 3 : 1;
  const chunk = new SampleChunk();
  for await (const lines of readLines(file.text)) {
    for (const line of lines) {
      if (!isDataLine(line, FIRST_DATA_LINE)) continue;
      const cell = cellsOf(file, line, columnCount)[axis]!.trim();
      if (chunk.push(parseSample(cell, () => whereOf(file, line)))) yield chunk.take();
    }
  }
  if (!chunk.isEmpty) yield chunk.take();
}

/** IBI.csv stamps the beat that ends the interval. Where beats were not trusted it leaves them out: times show the hole. */
async function* readIntervals(file: E4File, lateS: number): AsyncGenerator<RrInterval> {
  for await (const lines of readLines(file.text)) {
    for (const line of lines) {
      if (!isDataLine(line, 2)) continue;
      const where = whereOf(file, line);
      const [timeS, rrS] = cellsOf(file, line, 2).map((cell) => {
        const value = parseDecimal(cell.trim());
        if (value === null) throw notANumber(cell, where);
        return value;
      });
      yield { timeS: timeS! + lateS, rrMs: requireRr(rrS! * 1000, where) };
    }
  }
}

function isDataLine(line: TextLine, firstDataLine: number): boolean {
  return line.number >= firstDataLine && line.text.trim() !== '';
}

function cellsOf(file: E4File, line: TextLine, columnCount: number): string[] {
  const cells = line.text.split(',');
  if (cells.length === columnCount) return cells;
  const message = `${cells.length} columns; expected ${columnCount}`;
  throw new MaiboError('input-format', message, { where: whereOf(file, line) });
}

function whereOf(file: E4File, line: TextLine): string {
  return `${file.text.file.label}, line ${line.number}`;
}
