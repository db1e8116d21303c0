// Which format a path is, told by what lies there: the first bytes first, then the first lines, then the name.

import { stat } from 'node:fs/promises';
import { basename, extname } from 'node:path';
import { MaiboError } from '../errors.ts';
import { readCsvShape } from './csv-shape.ts';
import { e4NameOf, listE4Files } from './e4.ts';
import { findInputFile, inputError, inputFileExists, isGzip, readHead } from './input-file.ts';
import { SNIFF_LINES } from './limits.ts';
import { parseDecimal } from './number-cell.ts';
import type { RecordingFormat } from './recording.ts';
import { readRrShape } from './rr-text.ts';
import { guessSignalKind } from './signal-kind.ts';
import { findTextFile, peekLines, type TextLine } from './text-lines.ts';

const HEAD_BYTES = 256;
const TEXT_EXTENSIONS = ['.csv', '.txt', '.tsv', '.hrm', '.rr', '.rri', '.ibi', '.gz', '.edf', '.fit'];
const RR_EXTENSIONS = ['.txt', '.rr', '.rri', '.ibi'];
/** All of the first lines in this range, in a text file without a rate: RR intervals. */
const RR_LIKELY_MS = [200, 3000] as const;
const UNIX_S_MIN = 946_684_800; // the year 2000
const E4_RATE_HZ_MAX = 1_000;

export async function detectFormat(path: string, hasRate: boolean): Promise<RecordingFormat> {
  const label = basename(path);
  if (path.includes('\0')) throw new MaiboError('input-missing', 'a file name cannot hold a zero byte');
  const found = await stat(path).catch(() => null);
  if (found === null) return detectMissing(path, label);
  if (found.isDirectory()) return detectFolder(path, label);
  if (await isWfdbPart(path)) return 'wfdb';
  const file = await findInputFile(path);
  if (file.sizeBytes === 0) throw new MaiboError('input-empty', 'the file is empty', { where: label });
  const head = await readHead(file, HEAD_BYTES);
  const magic = detectMagic(head);
  if (magic !== null) return magic;
  if (!isGzip(head) && head.some((byte) => byte < 0x20 && ![0x09, 0x0a, 0x0d].includes(byte))) {
    throw new MaiboError(
      'input-format',
      'the format is not known: binary, but neither EDF nor FIT, and no .hea beside it',
      {
        where: label,
        hint: 'name the format with --format wfdb, edf, csv, e4, hrm or rr',
      },
    );
  }
  return detectText(await peekLines(await findTextFile(path), SNIFF_LINES), label, hasRate);
}

/** "dir/100" is the record whose header is dir/100.hea. */
async function detectMissing(path: string, label: string): Promise<RecordingFormat> {
  if (await inputFileExists(`${path}.hea`)) return 'wfdb';
  await stat(path).catch((thrown) => {
    throw inputError(thrown, label);
  });
  throw new MaiboError('input-missing', 'no such file', { where: label });
}

async function detectFolder(path: string, label: string): Promise<RecordingFormat> {
  if ((await listE4Files(path)).length > 0) return 'e4';
  throw new MaiboError('input-format', 'this is a folder without files of an Empatica E4 (BVP.csv, ACC.csv, ...)', {
    where: label,
    hint: 'give one file, or for WFDB the record name',
  });
}

async function isWfdbPart(path: string): Promise<boolean> {
  const extension = extname(path).toLowerCase();
  if (extension === '.hea' || extension === '.dat') return true;
  if (extension === '' || TEXT_EXTENSIONS.includes(extension)) return false;
  return inputFileExists(`${path.slice(0, -extension.length)}.hea`);
}

function detectMagic(head: Uint8Array): RecordingFormat | null {
  const text = new TextDecoder('latin1').decode(head);
  if (text.slice(8, 12) === '.FIT') return 'fit';
  if (text.startsWith('0       ') && text.length === HEAD_BYTES) return 'edf';
  if (text.startsWith('\xffBIOSEMI')) return 'edf'; // its reader says what is wrong with it
  return /^(?:\xef\xbb\xbf)?\s*\[params\]/i.test(text) ? 'hrm' : null;
}

export function detectText(lines: readonly TextLine[], label: string, hasRate: boolean): RecordingFormat {
  if (isE4Text(lines, label)) return 'e4';
  const shape = readCsvShape(lines, label);
  if (hasRate) return 'csv';
  const isNamedRr = shape.columns.length <= 2 && shape.columns.some(({ name }) => guessSignalKind(name) === 'rr');
  if (isNamedRr) return 'rr';
  if (shape.columns.length === 2 && !shape.hasHeader) return isTimedRr(lines, label) ? 'rr' : 'csv';
  const rows = lines.filter((line) => line.number >= shape.firstDataLine && line.text.trim() !== '');
  const isLine = rows.length === 1 && shape.columns.length > 2;
  if (shape.columns.length > 1 && !isLine) return 'csv';
  const extension = extname(label.replace(/\.gz$/i, '')).toLowerCase();
  return RR_EXTENSIONS.includes(extension) && (isLine || areLikelyRr(rows)) ? 'rr' : 'csv';
}

/** A known name, a Unix time and (but for IBI) a rate. */
function isE4Text(lines: readonly TextLine[], label: string): boolean {
  const name = e4NameOf(label);
  const numberOf = (line: TextLine | undefined) => parseDecimal((line?.text ?? '').split(',', 1)[0]!.trim()) ?? 0;
  const rateHz = numberOf(lines[1]);
  if (name === null || numberOf(lines[0]) < UNIX_S_MIN) return false;
  return name === 'IBI' || (rateHz > 0 && rateHz <= E4_RATE_HZ_MAX) || lines.length < 2;
}

function isTimedRr(lines: readonly TextLine[], label: string): boolean {
  try {
    return readRrShape(lines, label).layout === 'timed';
  } catch (thrown) {
    if (thrown instanceof MaiboError) return false;
    throw thrown;
  }
}

function areLikelyRr(rows: readonly TextLine[]): boolean {
  const [low, high] = RR_LIKELY_MS;
  const values = rows.map((row) => parseDecimal(row.text.trim()) ?? 0);
  // A lone closing 0 is Polar's end mark; anything else odd is for the reader to name.
  const likely = values.filter(
    (value) => (value >= low && value <= high) || (value >= low / 1000 && value <= high / 1000),
  );
  return likely.length > 0 && likely.length >= values.length * 0.8;
}
