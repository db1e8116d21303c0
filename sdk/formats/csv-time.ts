// The time column of a CSV file: which one it is, what its numbers count, and the rate it runs at.

import { MaiboError } from '../errors.ts';
import { type CsvShape, csvCells } from './csv-shape.ts';
import { parseDecimal } from './number-cell.ts';
import { type NoteList, requireRate } from './recording-parts.ts';
import type { TextLine } from './text-lines.ts';
import { hasTimeZone, isDateTime, isTimeCell, parseTimeS } from './time-cell.ts';

export interface CsvTime {
  /** Index of the column. */
  readonly column: number;
  readonly unitS: number;
  readonly rateHz: number;
  /** A longer step between two lines is a gap. */
  readonly gapS: number;
  readonly startUtcMs: number | null;
}

const TIME_NAME =
  /^(t|time|times|timer|timestamp|time_?stamp|date_?time|elapsed|elapsed time|seconds|zeit|sec|ms)([\s_].*)?$/i;
const UNITS_S: Readonly<Record<string, number>> = {
  ...{ s: 1, sec: 1, secs: 1, second: 1, seconds: 1 },
  ...{ ms: 1e-3, msec: 1e-3, millis: 1e-3, milliseconds: 1e-3, us: 1e-6, µs: 1e-6, ns: 1e-9 },
};
/** Without a unit: steps below are seconds, steps above are milliseconds, in between nobody can tell. */
const STEP_SECONDS_MAX = 0.5;
const STEP_MS_MIN = 2;
const STEP_MS_MAX = 5_000;
/** Bluetooth hands over samples in bursts: stamps stand still and then jump by a tenth of a second or more. */
const BURST_S_MAX = 0.5;
const GAP_STEPS = 3;
/** Without a name to go by, so many rising values are a clock. */
const UNNAMED_ROWS_MIN = 10;
const WHOLE_RATE_ERROR_MIN = 5e-4;
const WHOLE_RATE_ERROR_MAX = 5e-3;
const UNIX_S_MIN = 946_684_800; // the year 2000
const UNIX_S_MAX = 4_102_444_800; // the year 2100

export function findTimeColumn(shape: CsvShape, rows: readonly TextLine[], notes: NoteList): number | null {
  if (shape.columns.length < 2) return null;
  const named = shape.columns.findIndex(({ name }) => TIME_NAME.test(name));
  if (named >= 0) return named;
  if (shape.hasHeader) return null;
  const firstCells = rows.map((row) => csvCells(row.text, shape)[0]!);
  if (isTimeCell(firstCells[0] ?? '')) return 0;
  const values = firstCells.map(parseDecimal);
  const isRising = values.every((value, i) => value !== null && (i === 0 || value > values[i - 1]!));
  if (!isRising || values.length < UNNAMED_ROWS_MIN) return null;
  notes.set('time column', 'The first column rises steadily and is taken as time.');
  return 0;
}

export function readCsvTime(
  column: number,
  shape: CsvShape,
  rows: readonly TextLine[],
  label: string,
  notes: NoteList,
): CsvTime {
  const cells = rows.map((row) => csvCells(row.text, shape)[column] ?? '');
  const raw = rows.map((row, i) => requireTime(cells[i]!, 1, `${label}, line ${row.number}`));
  const where = `${label}, column ${shape.columns[column]!.name}`;
  if (raw.length < 2) throw unclear('one line is not enough to tell the rate', where);
  const unitS = isTimeCell(cells[0]!) ? 1 : findUnit(shape, column, raw, where, notes);
  const steps = raw.slice(1).map((value, i) => (value - raw[i]!) * unitS);
  const back = steps.findIndex((step) => step < 0);
  if (back >= 0) throw timeBack(`${label}, line ${rows[back + 1]!.number}`);
  const median = [...steps].sort((a, b) => a - b)[(steps.length - 1) >> 1]!;
  const gapS = Math.max(BURST_S_MAX, GAP_STEPS * median);
  const even = steps.filter((step) => step <= gapS);
  const meanS = even.reduce((sum, step) => sum + step, 0) / even.length;
  if (!(meanS > 0)) throw unclear('the time column stands still', where);
  const worstS = even.reduce((max, step) => Math.max(max, Math.abs(step - meanS)), 0);
  if (worstS > meanS / 2) noteUneven(worstS, notes);
  const startUtcMs = findStart(cells[0]!, raw[0]! * unitS, notes);
  return {
    column,
    unitS,
    rateHz: requireRate(roundRate(1 / meanS, worstS / (meanS * even.length)), where),
    gapS,
    startUtcMs,
  };
}

export function requireTime(cell: string, unitS: number, where: string): number {
  const seconds = parseTimeS(cell, unitS);
  if (seconds !== null && Number.isFinite(seconds)) return seconds;
  throw new MaiboError('input-format', `"${cell.slice(0, 24)}" is not a time`, { where });
}

export function timeBack(where: string): MaiboError {
  return new MaiboError('input-format', 'the time column goes backwards', { where });
}

function findUnit(shape: CsvShape, column: number, raw: readonly number[], where: string, notes: NoteList): number {
  const { name, unit } = shape.columns[column]!;
  const said =
    UNITS_S[unit.toLowerCase()] ?? UNITS_S[/_([a-zµ]+)$/i.exec(name)?.[1]?.toLowerCase() ?? ''] ?? UNITS_S[name];
  if (said !== undefined) return said;
  const step = typicalStep(raw);
  if (step > 0 && step < STEP_SECONDS_MAX) return 1;
  if (step < STEP_MS_MIN || step > STEP_MS_MAX)
    throw unclear(`a step of ${step} may be seconds or milliseconds`, where);
  notes.set(
    'time unit',
    `The time column "${name}" has no unit; its steps of ${step.toPrecision(3)} are read as milliseconds.`,
  );
  return 1e-3;
}

/** The median, which a pause does not move; the mean of stamps in bursts, most of which stand still. */
function typicalStep(raw: readonly number[]): number {
  const steps = raw.slice(1).map((value, i) => value - raw[i]!);
  const median = steps.toSorted((a, b) => a - b)[(steps.length - 1) >> 1]!;
  return median > 0 ? median : (raw[raw.length - 1]! - raw[0]!) / (raw.length - 1);
}

function unclear(message: string, where: string): MaiboError {
  return new MaiboError('input-format', `${message}; the rate is not clear`, { where, hint: 'give it with --rate HZ' });
}

function noteUneven(worstS: number, notes: NoteList): void {
  const worstMs = (worstS * 1000).toFixed(1);
  notes.set('uneven', `The time stamps are uneven by up to ${worstMs} ms; the samples are given as evenly spaced.`);
}

/** Stamps rounded to a millisecond make 359.98 Hz of 360: a whole number within the stamps' own error is meant. */
function roundRate(rateHz: number, stampError: number): number {
  const whole = Math.round(rateHz);
  const tolerance = Math.min(Math.max(stampError, WHOLE_RATE_ERROR_MIN), WHOLE_RATE_ERROR_MAX);
  return Math.abs(rateHz - whole) <= rateHz * tolerance ? whole : Number(rateHz.toPrecision(6));
}

function findStart(cell: string, seconds: number, notes: NoteList): number | null {
  const isUnix = !isTimeCell(cell) && seconds >= UNIX_S_MIN && seconds <= UNIX_S_MAX;
  if (!isUnix && !isDateTime(cell)) return null;
  if (!isUnix && !hasTimeZone(cell)) notes.set('clock', 'The time stamps have no time zone; they are taken as UTC.');
  return Math.round(seconds * 1000);
}
