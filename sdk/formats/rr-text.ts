// RR intervals as text: one a line, many on a line, or two columns "time,rr". Milliseconds or seconds, told by their size.

import { MaiboError } from '../errors.ts';
import { csvCells, readCsvShape } from './csv-shape.ts';
import { SNIFF_LINES } from './limits.ts';
import { notANumber, parseDecimal, showCell } from './number-cell.ts';
import type { Recording, RrInterval } from './recording.ts';
import { makeRecording, NoteList, requireRr } from './recording-parts.ts';
import { findTextFile, peekLines, readLines, type TextFile, type TextLine } from './text-lines.ts';

export interface RrShape {
  readonly layout: 'list' | 'timed';
  readonly cellsOf: (text: string) => string[];
  readonly firstDataLine: number;
  readonly rrUnitMs: number;
  /** What a number in the time column counts, and whether it stamps the beat that begins the interval. */
  readonly timeUnitS: number;
  readonly isStampOfStart: boolean;
}

/** No heart has a median RR between these: below are seconds, above are milliseconds. */
const MEDIAN_SECONDS_MAX = 10;
const MEDIAN_MS_MIN = 100;
/** A time column steps by the RR value beside it, give or take its rounding. */
const STEP_ERROR_MAX = 0.02;
const TIMED_ROWS_MIN = 3;

export async function openRrText(path: string): Promise<Recording> {
  const text = await findTextFile(path);
  const lines = await peekLines(text, SNIFF_LINES);
  const shape = readRrShape(lines, text.file.label);
  const notes = new NoteList();
  if (shape.rrUnitMs === 1000) notes.set('unit', 'The RR values are read as seconds.');
  return makeRecording({ path, format: 'rr', notes, intervals: () => readIntervals(text, shape, notes) });
}

export function readRrShape(lines: readonly TextLine[], label: string): RrShape {
  const { firstDataLine, columns, ...cellShape } = readCsvShape(lines, label);
  const cellsOf = (text: string) => csvCells(text, cellShape);
  const rows = lines.filter((line) => line.number >= firstDataLine && line.text.trim() !== '');
  const cells = rows.map((row) => cellsOf(row.text).map((cell) => parseDecimal(cell) ?? Number.NaN));
  const timed = columns.length === 2 ? findTimed(cells) : null;
  if (timed !== null) return { layout: 'timed', cellsOf, firstDataLine, ...timed };
  const isList = columns.length === 1 || rows.length === 1 || cellShape.separator === ' ';
  if (!isList) {
    const message = `${columns.length} columns; expected RR intervals alone, or time and RR where the time steps by the RR`;
    throw new MaiboError('input-format', message, { where: `${label}, line ${firstDataLine}` });
  }
  const rrUnitMs = findRrUnit(cells.flat(), label);
  return { layout: 'list', cellsOf, firstDataLine, rrUnitMs, timeUnitS: 1, isStampOfStart: false };
}

/** Whether the second column is the step of the first, in the same unit or as ms beside s. */
function findTimed(rows: readonly number[][]) {
  if (rows.length < TIMED_ROWS_MIN || rows.some((row) => row.length !== 2)) return null;
  const median = medianOf(rows.map((row) => row[1]!));
  if (!(median > 0)) return null;
  const rrUnitMs = median <= MEDIAN_SECONDS_MAX ? 1000 : 1;
  for (const timeUnitS of [rrUnitMs / 1000, 1]) {
    const steps = rows.slice(1).map((row, i) => (row[0]! - rows[i]![0]!) * timeUnitS * 1000);
    // An interval that was left out widens one step: the median forgives it.
    const errorEnd = medianOf(steps.map((step, i) => Math.abs(step - rows[i + 1]![1]! * rrUnitMs)));
    const errorStart = medianOf(steps.map((step, i) => Math.abs(step - rows[i]![1]! * rrUnitMs)));
    if (!(Math.min(errorEnd, errorStart) <= STEP_ERROR_MAX * median * rrUnitMs)) continue; // NaN is no fit
    return { rrUnitMs, timeUnitS, isStampOfStart: errorStart < errorEnd };
  }
  return null;
}

/** Milliseconds in one unit of these intervals; 1 where they do not tell. */
export function findRrUnit(values: readonly number[], label: string): number {
  const median = medianOf(values.filter((value) => value > 0));
  if (Number.isNaN(median) || median >= MEDIAN_MS_MIN) return 1; // what is no RR is named when it is read
  if (median <= MEDIAN_SECONDS_MAX) return 1000;
  const message = `the median RR of ${median} is neither seconds (up to ${MEDIAN_SECONDS_MAX}) nor milliseconds (from ${MEDIAN_MS_MIN})`;
  throw new MaiboError('input-range', message, { where: label });
}

function medianOf(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? Number.NaN;
}

async function* readIntervals(text: TextFile, shape: RrShape, notes: NoteList): AsyncGenerator<RrInterval> {
  let given = 0;
  let endMarkAt: string | null = null;
  for await (const lines of readLines(text)) {
    for (const line of lines) {
      if (line.number < shape.firstDataLine || line.text.trim() === '') continue;
      const where = `${text.file.label}, line ${line.number}`;
      for (const { rr, time } of pairsOf(shape, line.text, where)) {
        if (endMarkAt !== null) requireRr(0, endMarkAt);
        if (rr === 0 && given > 0) {
          endMarkAt = where;
          continue;
        }
        const rrMs = requireRr(rr * shape.rrUnitMs, where);
        given++;
        yield { timeS: endTime(shape, time, rrMs), rrMs };
      }
    }
  }
  // Polar's export closes its list with a zero.
  if (endMarkAt !== null) notes.set('end mark', 'The list closes with a 0, which is taken as its end mark.');
}

function pairsOf(shape: RrShape, text: string, where: string): { rr: number; time: number | null }[] {
  const cells = shape.cellsOf(text);
  const number = (cell: string) => {
    const value = parseDecimal(cell);
    if (value === null) throw notANumber(cell, where);
    return value;
  };
  if (shape.layout === 'list') return cells.map((cell) => ({ rr: number(cell), time: null }));
  if (cells.length === 2) return [{ time: number(cells[0]!), rr: number(cells[1]!) }];
  throw new MaiboError('input-format', `${cells.length} columns after ${showCell(cells[0]!)}; expected 2`, { where });
}

function endTime(shape: RrShape, time: number | null, rrMs: number): number | null {
  if (time === null) return null;
  return time * shape.timeUnitS + (shape.isStampOfStart ? rrMs / 1000 : 0);
}
