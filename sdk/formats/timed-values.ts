// Two columns, time and value, at uneven times: a heart rate as a watch writes it.
import { MaiboError } from '../errors.ts';
import { csvCells, readCsvShape } from './csv-shape.ts';
import { requireTime, timeBack } from './csv-time.ts';
import { SNIFF_LINES } from './limits.ts';
import { parseSample } from './number-cell.ts';
import { findTextFile, peekLines, readLines } from './text-lines.ts';

export interface TimedValue {
  readonly timeS: number;
  readonly value: number;
}

/** A fortnight of one a second. */
const VALUES_MAX = 1_209_600;

/**
 * In the order of time; what is missing is left out. `timeUnitS`: what a number in the first column counts. Errors: `input-format` for what
 * is no number, other columns, or times that go back, with the line.
 */
export async function readTimedValues(path: string, timeUnitS: number): Promise<TimedValue[]> {
  const text = await findTextFile(path);
  const { label } = text.file;
  const shape = readCsvShape(await peekLines(text, SNIFF_LINES), label);
  const values: TimedValue[] = [];
  let beforeS = Number.NEGATIVE_INFINITY;
  for await (const lines of readLines(text)) {
    for (const line of lines) {
      if (line.number < shape.firstDataLine || line.text.trim() === '') continue;
      const where = `${label}, line ${line.number}`;
      const cells = csvCells(line.text, shape);
      if (cells.length !== 2) {
        throw new MaiboError('input-format', `${cells.length} columns; expected time and value`, { where });
      }
      const timeS = requireTime(cells[0]!, timeUnitS, where);
      if (timeS < beforeS) throw timeBack(where);
      beforeS = timeS;
      const value = parseSample(cells[1]!, where);
      if (Number.isNaN(value)) continue;
      if (values.length === VALUES_MAX) {
        throw new MaiboError('input-format', `more than ${VALUES_MAX} values`, { where: label });
      }
      values.push({ timeS, value });
    }
  }
  return values;
}
