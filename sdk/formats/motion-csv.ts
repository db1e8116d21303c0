// Acceleration of three axes from a CSV file with a time column, in g and evenly spaced, and the RR intervals or heart rates that stand
// beside it. A row may hold any of them: a beat in the row of a sample, or in a row of its own with the axes left empty.
import { MaiboError } from '../errors.ts';
import { type CsvShape, csvCells, readCsvShape } from './csv-shape.ts';
import { type CsvTime, findTimeColumn, readCsvTime, requireTime, timeBack } from './csv-time.ts';
import { SNIFF_LINES } from './limits.ts';
import { accelerationUnitG, findMotionColumns, type MotionColumns } from './motion-columns.ts';
import { FrameGrid } from './motion-grid.ts';
import { isMissingCell, parseDecimal, parseSample } from './number-cell.ts';
import { NoteList, requireRr } from './recording-parts.ts';
import { findRrUnit } from './rr-text.ts';
import { findTextFile, peekLines, readLines, type TextFile, type TextLine } from './text-lines.ts';
import type { TimedValue } from './timed-values.ts';

/** Times are seconds from the first sample of acceleration; less than 0 for what came before it. */
export interface MotionBlock {
  /** x, y and z of one moment after the other, g; NaN where a sample is missing. */
  readonly frames: Float32Array;
  /** RR intervals in ms, at their ends. */
  readonly intervals: readonly TimedValue[];
  /** Beats a minute. */
  readonly heartRates: readonly TimedValue[];
}

export interface MotionCsv {
  readonly label: string;
  readonly rateHz: number;
  /** What the time column says, in s, at the first sample. */
  readonly startS: number;
  /** What a number in the time column counts. */
  readonly timeUnitS: number;
  /** Null where the time column counts from nowhere. */
  readonly startUtcMs: number | null;
  readonly hasIntervals: boolean;
  blocks(): AsyncGenerator<MotionBlock>;
}

interface Layout {
  readonly text: TextFile;
  readonly shape: CsvShape;
  readonly columns: MotionColumns;
  readonly time: CsvTime;
  readonly startS: number;
  readonly unitG: number;
  readonly rrUnitMs: number;
}

/** An RR interval stands in one row; where it is repeated until the next beat, intervals last longer than the recording. */
const REPEATED_SHARE = 1.5;
const REPEATED_S_MIN = 30;

/**
 * Null for a file without three axes. Errors: `input-format` for a file of axes whose time or unit is not clear or with a cell that is no
 * number, `input-range` for what cannot be (intervals, a gap of more than a week); both with the line.
 */
export async function openMotionCsv(path: string): Promise<MotionCsv | null> {
  const text = await findTextFile(path);
  const { label } = text.file;
  const lines = await peekLines(text, SNIFF_LINES);
  const shape = readCsvShape(lines, label);
  const columns = findMotionColumns(shape);
  if (columns === null) return null;
  const rows = lines.filter((line) => line.number >= shape.firstDataLine && line.text.trim() !== '');
  const layout = readLayout(text, shape, columns, rows);
  return {
    label,
    rateHz: layout.time.rateHz,
    startS: layout.startS,
    timeUnitS: layout.time.unitS,
    startUtcMs: layout.time.startUtcMs,
    hasIntervals: columns.interval !== null,
    blocks: () => readBlocks(layout),
  };
}

function readLayout(text: TextFile, shape: CsvShape, columns: MotionColumns, rows: readonly TextLine[]): Layout {
  const { label } = text.file;
  const notes = new NoteList();
  const timeColumn = findTimeColumn(shape, rows, notes);
  if (timeColumn === null || columns.axes.includes(timeColumn)) {
    throw new MaiboError('input-format', 'no column holds the time', {
      where: label,
      hint: 'acceleration needs a column "time", in seconds or milliseconds, or with a date',
    });
  }
  const cellsOf = (row: TextLine) => csvCells(row.text, shape);
  const sampled = rows.filter((row) => columns.axes.some((axis) => !isMissingCell(cellsOf(row)[axis] ?? '')));
  const time = readCsvTime(timeColumn, shape, sampled, label, notes);
  const first = sampled[0]!;
  const numberAt = (row: TextLine, column: number) => parseDecimal(cellsOf(row)[column] ?? '') ?? Number.NaN;
  const sizes = sampled.map((row) => Math.hypot(...columns.axes.map((axis) => numberAt(row, axis))));
  const { interval } = columns;
  return {
    ...{ text, shape, columns, time },
    startS: requireTime(cellsOf(first)[timeColumn]!, time.unitS, `${label}, line ${first.number}`),
    unitG: accelerationUnitG(shape.columns[columns.axes[0]]!, sizes, label),
    rrUnitMs:
      interval === null
        ? 1
        : findRrUnit(
            rows.map((row) => numberAt(row, interval)),
            label,
          ),
  };
}

async function* readBlocks(layout: Layout): AsyncGenerator<MotionBlock> {
  const rows = new RowReader(layout);
  for await (const lines of readLines(layout.text)) {
    for (const line of lines) rows.read(line);
    yield rows.take();
  }
}

class RowReader {
  readonly #layout: Layout;
  readonly #grid: FrameGrid;
  #intervals: TimedValue[] = [];
  #heartRates: TimedValue[] = [];
  #beforeS = Number.NEGATIVE_INFINITY;
  #intervalSumS = 0;

  constructor(layout: Layout) {
    this.#layout = layout;
    this.#grid = new FrameGrid(layout.time.rateHz, layout.time.gapS);
  }

  read(line: TextLine): void {
    const { shape, columns, time, startS, unitG } = this.#layout;
    if (line.number < shape.firstDataLine || line.text.trim() === '') return;
    const cells = csvCells(line.text, shape);
    const where = () => `${this.#layout.text.file.label}, line ${line.number}`;
    if (cells.length !== shape.columns.length) {
      const message = `${cells.length} columns; the lines before have ${shape.columns.length}`;
      throw new MaiboError('input-format', message, { where: where() });
    }
    const stampS = requireTime(cells[time.column]!, time.unitS, where());
    if (stampS < this.#beforeS) throw timeBack(where());
    this.#beforeS = stampS;
    const timeS = stampS - startS;
    const hasBeat = this.#readBeat(cells, timeS, where);
    const [x, y, z] = columns.axes.map((axis) => parseSample(cells[axis]!, where) * unitG) as [number, number, number];
    if (hasBeat && Number.isNaN(x) && Number.isNaN(y) && Number.isNaN(z)) return;
    this.#grid.add(timeS, x, y, z, where);
  }

  take(): MotionBlock {
    const block = { frames: this.#grid.take(), intervals: this.#intervals, heartRates: this.#heartRates };
    this.#intervals = [];
    this.#heartRates = [];
    return block;
  }

  /** Whether the row holds an interval or a heart rate. */
  #readBeat(cells: readonly string[], timeS: number, where: () => string): boolean {
    const { columns, rrUnitMs } = this.#layout;
    const numberIn = (column: number | null) => (column === null ? Number.NaN : parseSample(cells[column]!, where));
    const rr = numberIn(columns.interval);
    const rate = numberIn(columns.heartRate);
    if (!Number.isNaN(rate)) this.#heartRates.push({ timeS, value: rate });
    if (Number.isNaN(rr)) return !Number.isNaN(rate);
    const rrMs = requireRr(rr * rrUnitMs, where());
    this.#intervals.push({ timeS, value: rrMs });
    this.#intervalSumS += rrMs / 1000;
    if (this.#intervalSumS > REPEATED_SHARE * timeS + REPEATED_S_MIN) throw repeated(where());
    return true;
  }
}

function repeated(where: string): MaiboError {
  return new MaiboError('input-range', 'the RR intervals so far last longer than the recording so far', {
    where,
    hint: 'write an interval in one row, that of the beat that ends it, and leave the cell empty in the others',
  });
}
