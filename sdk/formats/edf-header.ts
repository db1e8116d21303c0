// The header of an EDF or EDF+ file (Kemp 1992, Kemp & Olivan 2003): fixed-width ASCII, 256 bytes for the file and 256 for
// each signal, the latter field by field (all labels, then all transducers, ...).

import { MaiboError } from '../errors.ts';
import { CHANNELS_MAX, EDF_RECORD_BYTES_MAX } from './limits.ts';
import { parseDecimal, showCell } from './number-cell.ts';
import { requireRate } from './recording-parts.ts';

export interface EdfSignal {
  readonly label: string;
  readonly unit: string;
  readonly physicalMin: number;
  readonly physicalMax: number;
  readonly digitalMin: number;
  readonly digitalMax: number;
  readonly samplesPerRecord: number;
  readonly isAnnotations: boolean;
  /** Where the signal begins in a data record. */
  readonly byteInRecord: number;
}

export interface EdfHeader {
  readonly headerBytes: number;
  /** Null when the writer did not come back to fill it in (-1). */
  readonly recordCount: number | null;
  readonly recordBytes: number;
  readonly recordS: number;
  readonly isDiscontinuous: boolean;
  readonly startUtcMs: number | null;
  readonly signals: readonly EdfSignal[];
}

export const EDF_FIXED_BYTES = 256;
const SIGNAL_BYTES = 256;
const ANNOTATIONS_LABEL = 'EDF Annotations';
const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
/** Two-digit years: the clipping date of EDF+ is 1985. */
const CLIP_YEAR = 85;

/** Bytes of the whole header, from its first 256. */
export function edfHeaderBytes(fixed: Uint8Array, label: string): number {
  if (fixed.length < EDF_FIXED_BYTES) {
    const message = `the file ends at byte ${fixed.length}; an EDF header has at least ${EDF_FIXED_BYTES} bytes`;
    throw new MaiboError('input-format', message, { where: label });
  }
  if (fixed[0] === 0xff) throw bad(label, 0, 'this is BDF (24 bit), which is not read; EDF is');
  const version = textAt(fixed, 0, 8);
  if (version !== '0') throw bad(label, 0, `${showCell(version)} is no EDF version; expected 0`);
  const signalCount = integerAt(fixed, 252, 4, label, 'number of signals');
  if (signalCount < 1 || signalCount > CHANNELS_MAX) {
    throw bad(label, 252, `${signalCount} signals; 1 to ${CHANNELS_MAX} are read`);
  }
  const headerBytes = EDF_FIXED_BYTES + signalCount * SIGNAL_BYTES;
  const said = integerAt(fixed, 184, 8, label, 'header size');
  if (said === headerBytes) return headerBytes;
  throw bad(label, 184, `a header of ${said} bytes; ${signalCount} signals need ${headerBytes}`);
}

export function parseEdfHeader(bytes: Uint8Array, label: string): EdfHeader {
  const headerBytes = edfHeaderBytes(bytes, label);
  if (bytes.length < headerBytes)
    throw bad(label, bytes.length, `the file ends inside its header of ${headerBytes} bytes`);
  const recordCount = integerAt(bytes, 236, 8, label, 'number of data records');
  const recordS = numberAt(bytes, 244, 8, label, 'duration of a data record');
  if (recordCount < -1) throw bad(label, 236, `${recordCount} data records`);
  if (recordS < 0) throw bad(label, 244, `a data record of ${recordS} s`);
  const signals = parseSignals(bytes, (headerBytes - EDF_FIXED_BYTES) / SIGNAL_BYTES, label);
  const recordBytes = signals.reduce((sum, signal) => sum + 2 * signal.samplesPerRecord, 0);
  if (recordBytes < 2 || recordBytes > EDF_RECORD_BYTES_MAX) {
    throw bad(label, 244, `a data record of ${recordBytes} bytes; 2 to ${EDF_RECORD_BYTES_MAX} are read`);
  }
  for (const { isAnnotations, samplesPerRecord, label: name } of signals) {
    if (!isAnnotations) requireRate(samplesPerRecord / recordS, `${label}, signal ${name}`);
  }
  return {
    headerBytes,
    recordCount: recordCount === -1 ? null : recordCount,
    recordBytes,
    recordS,
    isDiscontinuous: textAt(bytes, 192, 5) === 'EDF+D',
    startUtcMs: parseStart(bytes),
    signals,
  };
}

function parseSignals(bytes: Uint8Array, count: number, label: string): EdfSignal[] {
  // Offsets of the per-signal fields, in bytes per signal before them.
  const place = (before: number, width: number, index: number) => EDF_FIXED_BYTES + before * count + width * index;
  let byteInRecord = 0;
  return Array.from({ length: count }, (_, index) => {
    const name = textAt(bytes, place(0, 16, index), 16);
    const number = (before: number, what: string) => {
      return numberAt(bytes, place(before, 8, index), 8, label, `${what} of signal ${index + 1}`);
    };
    const samplesPerRecord = number(216, 'number of samples');
    if (!Number.isInteger(samplesPerRecord) || samplesPerRecord < 1) {
      throw bad(label, place(216, 8, index), `${samplesPerRecord} samples in a data record`);
    }
    const signal: EdfSignal = {
      label: name,
      unit: textAt(bytes, place(96, 8, index), 8),
      physicalMin: number(104, 'physical minimum'),
      physicalMax: number(112, 'physical maximum'),
      digitalMin: number(120, 'digital minimum'),
      digitalMax: number(128, 'digital maximum'),
      samplesPerRecord,
      isAnnotations: name === ANNOTATIONS_LABEL,
      byteInRecord,
    };
    byteInRecord += samplesPerRecord * 2;
    return signal;
  });
}

/** "27.08.18" and "11.25.11"; EDF+ repeats the date with four digits of the year, which then counts. */
function parseStart(bytes: Uint8Array): number | null {
  const day = /^(\d\d)\.(\d\d)\.(\d\d)$/.exec(textAt(bytes, 168, 8));
  const clock = /^(\d\d)[.:](\d\d)[.:](\d\d)$/.exec(textAt(bytes, 176, 8));
  if (clock === null) return null;
  const long = /^Startdate (\d\d)-([A-Z]{3})-(\d{4})/.exec(textAt(bytes, 88, 80));
  const month = long === null ? -1 : MONTHS.indexOf(long[2]!);
  const [hour, minute, second] = [Number(clock[1]), Number(clock[2]), Number(clock[3])];
  if (long !== null && month >= 0) return Date.UTC(Number(long[3]), month, Number(long[1]), hour, minute, second);
  if (day === null) return null;
  const year = Number(day[3]);
  return Date.UTC(year + (year >= CLIP_YEAR ? 1900 : 2000), Number(day[2]) - 1, Number(day[1]), hour, minute, second);
}

/** Units such as µV are not ASCII in the wild: Latin-1 keeps them. */
function textAt(bytes: Uint8Array, from: number, size: number): string {
  return new TextDecoder('latin1')
    .decode(bytes.subarray(from, from + size))
    .replace(/\0/g, ' ')
    .trim();
}

function numberAt(bytes: Uint8Array, from: number, size: number, label: string, what: string): number {
  const text = textAt(bytes, from, size);
  const value = parseDecimal(text);
  if (value !== null && Number.isFinite(value)) return value;
  throw bad(label, from, `${showCell(text)} is no ${what}`);
}

function integerAt(bytes: Uint8Array, from: number, size: number, label: string, what: string): number {
  const value = numberAt(bytes, from, size, label, what);
  if (Number.isInteger(value)) return value;
  throw bad(label, from, `${value} is no ${what}; expected a whole number`);
}

function bad(label: string, byte: number, message: string): MaiboError {
  return new MaiboError('input-format', message, { where: `${label}, byte ${byte}` });
}
