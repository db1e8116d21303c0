// The one door to all file readers.
//
//   const recording = await openRecording('mitdb/100');
//   for await (const counts of recording.samples(0)) feed(counts);

import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { MaiboError } from '../errors.ts';
import { openCsv } from './csv.ts';
import { detectFormat } from './detect-format.ts';
import { openE4File, openE4Folder } from './e4.ts';
import { openEdf } from './edf.ts';
import { openHrm } from './hrm.ts';
import type { Recording, RecordingFormat } from './recording.ts';
import { requireRate } from './recording-parts.ts';
import { openRrText } from './rr-text.ts';
import { openWfdb } from './wfdb.ts';

export interface OpenOptions {
  /** 'auto' (the default) looks at the content and then at the name. */
  readonly format?: RecordingFormat | 'auto' | undefined;
  /** Samples per second of a CSV file without a time column, 0 < rateHz <= 100000. */
  readonly rateHz?: number | undefined;
  /** CSV: only this column, by its name or by its number counted from 1. */
  readonly column?: string | number | undefined;
  /** WFDB: extension of the annotation file, such as 'atr'. */
  readonly annotator?: string | undefined;
}

const FORMATS: readonly (RecordingFormat | 'auto')[] = ['auto', 'wfdb', 'edf', 'csv', 'e4', 'hrm', 'rr', 'fit'];
/** A rate in a header may be rounded; more than this apart they contradict each other. */
const RATE_TOLERANCE = 1e-3;

/**
 * Opens a recording for reading; nothing but its header is read yet.
 * @throws MaiboError input-missing, input-format, input-range or input-empty with file and place; usage for options that
 *   contradict the file. Damage further inside is thrown by the iterators of the recording.
 */
export async function openRecording(path: string, options: OpenOptions = {}): Promise<Recording> {
  const wanted = options.format ?? 'auto';
  if (!FORMATS.includes(wanted))
    throw new MaiboError('usage', `"${wanted}" is no format; there are ${FORMATS.join(', ')}`);
  if (options.rateHz !== undefined) requireRate(options.rateHz, 'the rate option');
  const format = wanted === 'auto' ? await detectFormat(path, options.rateHz !== undefined) : wanted;
  requireFitting(format, options, path);
  const recording = await openAs(format, path, options);
  requireSameRate(recording, options.rateHz);
  return recording;
}

async function openAs(format: RecordingFormat, path: string, options: OpenOptions): Promise<Recording> {
  switch (format) {
    case 'wfdb':
      return openWfdb(path, options);
    case 'edf':
      return openEdf(path);
    case 'csv':
      return openCsv(path, options);
    case 'e4':
      return (await isFolder(path)) ? openE4Folder(path) : openE4File(path);
    case 'hrm':
      return openHrm(path);
    case 'rr':
      return openRrText(path);
    case 'fit':
      throw new MaiboError('input-format', 'FIT is not read yet', {
        where: basename(path),
        hint: 'export the recording as CSV',
      });
  }
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}

function requireFitting(format: RecordingFormat, options: OpenOptions, path: string): void {
  const where = basename(path);
  if (options.column !== undefined && format !== 'csv') {
    throw new MaiboError('usage', `a column can only be chosen in CSV files; this is ${format}`, { where });
  }
  if (options.annotator !== undefined && format !== 'wfdb') {
    throw new MaiboError('usage', `an annotator can only be chosen for WFDB records; this is ${format}`, { where });
  }
}

/** A file that knows its rate is believed; being told another one means that somebody is mistaken. */
function requireSameRate(recording: Recording, rateHz: number | undefined): void {
  const other = recording.channels.find((channel) => {
    return rateHz !== undefined && Math.abs(channel.rateHz - rateHz) > RATE_TOLERANCE * rateHz;
  });
  if (other === undefined || recording.format === 'csv') return;
  throw new MaiboError('usage', `the rate ${rateHz} Hz was given, but ${other.name} says ${other.rateHz} Hz`, {
    where: basename(recording.path),
  });
}
