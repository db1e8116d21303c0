// Intervals as PhysioNet's ann2rr lists them (`.rr` files of slpdb): start, type of the beat that begins the interval, RR in seconds, type
// of the one that ends it, end. The first line begins with [0]: before the first beat there is no interval.
import { MaiboError } from '../errors.ts';
import { notANumber, parseDecimal } from './number-cell.ts';
import { findTextFile, readLines, type TextLine } from './text-lines.ts';
import { parseTimeS } from './time-cell.ts';

export interface ListedInterval {
  /** End of the interval, s from the start of the recording. */
  readonly endS: number;
  readonly rrMs: number;
  /** From one normal beat to the next. */
  readonly isNormal: boolean;
}

const COLUMNS = 5;
/** Two weeks at 200 beats a minute. */
const INTERVALS_MAX = 4_000_000;
const MISSING_BEAT = '[0]';

/** Whether a line looks like one of these files. */
export function isBeatListing(line: string): boolean {
  const cells = line.trim().split(/\s+/);
  return (
    cells.length === COLUMNS && parseTimeS(cells[0]!, 1) !== null && cells[0]!.includes(':') && cells[4]!.includes(':')
  );
}

/** Errors: `input-format` for a line of another shape, with its number. */
export async function readBeatListing(path: string): Promise<ListedInterval[]> {
  const text = await findTextFile(path);
  const intervals: ListedInterval[] = [];
  for await (const lines of readLines(text)) {
    for (const line of lines) {
      if (line.text.trim() === '') continue;
      const interval = readLine(line, text.file.label);
      if (interval !== null) intervals.push(interval);
      if (intervals.length > INTERVALS_MAX) {
        throw new MaiboError('input-format', `more than ${INTERVALS_MAX} intervals`, { where: text.file.label });
      }
    }
  }
  return intervals;
}

function readLine({ number, text }: TextLine, label: string): ListedInterval | null {
  const where = `${label}, line ${number}`;
  const cells = text.trim().split(/\s+/);
  if (cells.length !== COLUMNS) {
    throw new MaiboError('input-format', `${cells.length} columns; expected start, beat, RR, beat and end`, { where });
  }
  const [, from, rr, to, end] = cells as [string, string, string, string, string];
  if (from === MISSING_BEAT) return null;
  const rrS = parseDecimal(rr);
  const endS = parseTimeS(end, 1);
  if (rrS === null) throw notANumber(rr, where);
  if (endS === null) throw notANumber(end, where);
  if (!(rrS > 0)) throw new MaiboError('input-format', `an RR interval of ${rrS} s is not possible`, { where });
  return { endS, rrMs: rrS * 1000, isNormal: from === 'N' && to === 'N' };
}
