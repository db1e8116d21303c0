// What the first lines of a CSV file tell: separator, header, columns, the time column and from it the rate.

import { MaiboError } from '../errors.ts';
import { CHANNELS_MAX } from './limits.ts';
import { isMissingCell, parseDecimal, trimCell } from './number-cell.ts';
import type { TextLine } from './text-lines.ts';
import { isTimeCell } from './time-cell.ts';

export type Separator = ',' | ';' | '\t' | ' ' | '';

export interface CsvColumn {
  readonly name: string;
  readonly unit: string;
}

export interface CsvShape {
  readonly separator: Separator;
  readonly hasDecimalComma: boolean;
  /** Number of the first line with values. */
  readonly firstDataLine: number;
  readonly hasHeader: boolean;
  readonly columns: readonly CsvColumn[];
}

export function readCsvShape(lines: readonly TextLine[], label: string): CsvShape {
  const content = lines.filter((line) => !isComment(line.text));
  const first = content.findIndex((line) => isDataRow(line.text));
  if (content.length === 0) throw new MaiboError('input-empty', 'the file has no lines with values', { where: label });
  const dataLine = content[first];
  if (dataLine === undefined) throw noValues(content, label);
  if (first > 2) throw notCsv(content[1]!, label); // names, units, and then values
  const separator = findSeparator(dataLine.text);
  const columnCount = splitCells(dataLine.text, separator).length;
  if (columnCount > CHANNELS_MAX) {
    const message = `${columnCount} columns; at most ${CHANNELS_MAX} are read`;
    throw new MaiboError('input-format', message, { where: `${label}, line ${dataLine.number}` });
  }
  const names = first >= 1 ? headerCells(content[0]!, separator, columnCount, label) : [];
  const units = first === 2 ? headerCells(content[1]!, separator, columnCount, label) : [];
  const columns = Array.from({ length: columnCount }, (_, index) => toColumn(names[index], units[index], index));
  const hasDecimalComma = separator === ';' && content.slice(first).some((line) => line.text.includes(','));
  return { separator, hasDecimalComma, firstDataLine: dataLine.number, hasHeader: first > 0, columns };
}

/** The cells of a line without blanks and quotes; with a decimal comma, as a point. */
export function csvCells(text: string, shape: Pick<CsvShape, 'separator' | 'hasDecimalComma'>): string[] {
  const cells = splitCells(text, shape.separator);
  return shape.hasDecimalComma ? cells.map((cell) => cell.replace(',', '.')) : cells;
}

export function isComment(text: string): boolean {
  return text.startsWith('#') || text.trim() === '';
}

/** A semicolon wins over a comma, which may then be the decimal point; blanks count only when nothing else is there. */
function findSeparator(text: string): Separator {
  for (const separator of [';', '\t', ','] as const) if (text.includes(separator)) return separator;
  return /\S\s+\S/.test(text) ? ' ' : '';
}

function splitCells(text: string, separator: Separator): string[] {
  if (separator === '') return [trimCell(text)];
  if (separator === ' ') return text.trim().split(/\s+/);
  return text.split(separator).map(trimCell);
}

/** Values, times and empty cells only. */
function isDataRow(text: string): boolean {
  const separator = findSeparator(text);
  const whole = splitCells(text, '')[0]!;
  if (isTimeCell(whole)) return true;
  const cells = splitCells(text, separator);
  const isValue = (cell: string) => parseDecimal(cell.replace(',', '.')) !== null || isTimeCell(cell);
  return cells.every((cell) => isValue(cell) || isMissingCell(cell));
}

function headerCells(line: TextLine, separator: Separator, columnCount: number, label: string): string[] {
  const cells = splitCells(line.text, separator);
  if (cells.length === columnCount) return cells;
  const message = `the header has ${cells.length} columns, the values have ${columnCount}`;
  throw new MaiboError('input-format', message, { where: `${label}, line ${line.number}` });
}

/** "Time [s]" and "acc (g)" carry their unit. */
function toColumn(header: string | undefined, unit: string | undefined, index: number): CsvColumn {
  const match = /^(.*?)\s*[[(]([^\])]{1,16})[\])]$/.exec(header ?? '');
  if (match !== null && unit === undefined) return { name: match[1]! || `column ${index + 1}`, unit: match[2]! };
  return { name: header || `column ${index + 1}`, unit: (unit ?? '').replace(/^[[(]|[\])]$/g, '') };
}

function noValues(content: readonly TextLine[], label: string): MaiboError {
  if (content.length === 1)
    return new MaiboError('input-empty', 'the file has a header but no values', { where: label });
  return notCsv(content[1]!, label);
}

function notCsv(line: TextLine, label: string): MaiboError {
  const cells = splitCells(line.text, findSeparator(line.text));
  const at = cells.findIndex((cell) => parseDecimal(cell) === null && !isMissingCell(cell) && !isTimeCell(cell));
  const cell = cells[Math.max(0, at)]!;
  const shown = cell.length > 24 ? `${cell.slice(0, 24)}...` : cell;
  return new MaiboError('input-format', `"${shown}" is not a number`, {
    where: `${label}, line ${line.number}, column ${Math.max(0, at) + 1}`,
    hint: 'expected numbers in columns, with at most a line of names and a line of units above',
  });
}
