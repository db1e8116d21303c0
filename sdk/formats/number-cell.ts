// One cell of a text file as a number. Number() alone would take '', '0x10' and 'Infinity'.

import { MaiboError } from '../errors.ts';

const DECIMAL = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;
const FLOAT32_MAX = 3.4028234663852886e38;
const SHOWN_CHARS_MAX = 24;

/** The number, or null when the text is not a plain decimal number. */
export function parseDecimal(text: string): number | null {
  return DECIMAL.test(text) ? Number(text) : null;
}

/** Without blanks and one pair of quotes around. */
export function trimCell(text: string): string {
  const cell = text.trim();
  const first = cell[0];
  const isQuoted = (first === '"' || first === "'") && cell.length >= 2 && cell.endsWith(first);
  return isQuoted ? cell.slice(1, -1).trim() : cell;
}

export function isMissingCell(cell: string): boolean {
  return cell === '' || cell.toLowerCase() === 'nan';
}

/** A sample: NaN for an empty cell or the word nan, an error for any other text. */
export function parseSample(cell: string, where: string | (() => string)): number {
  const value = parseDecimal(cell);
  if (value === null) {
    if (isMissingCell(cell)) return Number.NaN;
    throw notANumber(cell, place(where));
  }
  if (Math.abs(value) <= FLOAT32_MAX) return value;
  throw new MaiboError('input-range', `${showCell(cell)} is too large for a sample`, { where: place(where) });
}

export function notANumber(cell: string, where: string): MaiboError {
  return new MaiboError('input-format', `${showCell(cell)} is not a number`, { where });
}

/** A cell for a message: short, quoted. */
export function showCell(cell: string): string {
  return cell.length > SHOWN_CHARS_MAX ? `"${cell.slice(0, SHOWN_CHARS_MAX)}..."` : `"${cell}"`;
}

function place(where: string | (() => string)): string {
  return typeof where === 'string' ? where : where();
}
