// The WFDB header file (.hea), after PhysioNet's header(5): a record line, one line per signal, comments.
//
//   100 2 360 650000                                    name  signals  rate  samples  [time  date]
//   100.dat 212 200 11 1024 995 -22131 0 MLII           file  format  gain  bits  zero  first  checksum  block  name

import { MaiboError } from '../errors.ts';
import { CHANNELS_MAX, HEADER_LINES_MAX, WFDB_FRAME_SAMPLES_MAX } from './limits.ts';
import { parseDecimal, showCell } from './number-cell.ts';
import { requireRate } from './recording-parts.ts';
import type { TextLine } from './text-lines.ts';

export type WfdbPacking = 16 | 80 | 212;

export interface WfdbSignalLine {
  readonly fileName: string;
  readonly packing: WfdbPacking;
  readonly samplesPerFrame: number;
  /** Frames of this signal that precede sample 0. */
  readonly skewFrames: number;
  readonly byteOffset: number;
  readonly gain: number;
  readonly baseline: number;
  readonly unit: string;
  readonly bits: number;
  /** 16-bit sum of all samples, or null when the line ends before it. */
  readonly checksum: number | null;
  readonly name: string;
  readonly where: string;
}

export interface WfdbHeader {
  readonly label: string;
  readonly frameRateHz: number;
  /** Null when the record line does not say. */
  readonly frameCount: number | null;
  readonly startUtcMs: number | null;
  readonly signals: readonly WfdbSignalLine[];
}

const DEFAULT_RATE_HZ = 250; // header(5)
const DEFAULT_GAIN = 200; // header(5): also meant by a gain of 0, "uncalibrated"
const DEFAULT_BITS = 12; // header(5), amplitude formats
const FORMAT_FIELD = /^(\d{1,4})(?:x(\d{1,6}))?(?::(\d{1,9}))?(?:\+(\d{1,15}))?$/;
const GAIN_FIELD = /^([+-]?[\d.]+(?:[eE][+-]?\d+)?)(?:\((-?\d+)\))?(?:\/(\S+))?$/;
const COUNT_FIELD = /^\d{1,15}$/;

export function parseWfdbHeader(lines: readonly TextLine[], label: string): WfdbHeader {
  if (lines.length > HEADER_LINES_MAX) throw bad(label, `the header has more than ${HEADER_LINES_MAX} lines`);
  const content = lines.filter((line) => line.text.trim() !== '' && !line.text.startsWith('#'));
  const [recordLine, ...signalLines] = content;
  if (recordLine === undefined) throw new MaiboError('input-empty', 'the header has no record line', { where: label });
  const record = parseRecordLine(recordLine, label);
  if (signalLines.length !== record.signalCount) {
    const last = content[content.length - 1]!;
    const message = `the record line says ${record.signalCount} signals, but ${signalLines.length} signal lines follow`;
    throw bad(`${label}, line ${last.number}`, message);
  }
  const signals = signalLines.map((line, index) => parseSignalLine(line, index, label));
  for (const signal of signals) requireRate(record.frameRateHz * signal.samplesPerFrame, signal.where);
  const { frameRateHz, frameCount, startUtcMs } = record;
  return { label, frameRateHz, frameCount, startUtcMs, signals };
}

function parseRecordLine(line: TextLine, label: string) {
  const where = `${label}, line ${line.number}`;
  const [name = '', signals = '', rate, samples, time, date] = line.text.trim().split(/\s+/);
  if (/^[\w.-]+\/\d+$/.test(name)) {
    throw new MaiboError('input-format', 'multi-segment records are not read', { where, hint: 'open one segment' });
  }
  if (!/^[\w.-]+$/.test(name)) throw bad(where, `${showCell(name)} is no record name; expected a WFDB record line`);
  const signalCount = parseCount(signals, where, 'the number of signals');
  if (signalCount > CHANNELS_MAX) throw bad(where, `${signalCount} signals; at most ${CHANNELS_MAX} are read`);
  return {
    signalCount,
    frameRateHz: parseRate(rate, where),
    frameCount: samples === undefined ? null : parseCount(samples, where, 'the number of samples') || null,
    startUtcMs: parseStart(time, date),
  };
}

/** "360", or "250/0.0333(94)": what follows the slash is a second clock that no reader here needs. */
function parseRate(field: string | undefined, where: string): number {
  if (field === undefined) return DEFAULT_RATE_HZ;
  const rateHz = parseDecimal(field.split(/[/(]/)[0]!);
  if (rateHz === null) throw bad(where, `${showCell(field)} is no sampling rate`);
  return requireRate(rateHz, where);
}

function parseSignalLine(line: TextLine, index: number, label: string): WfdbSignalLine {
  const where = `${label}, line ${line.number}`;
  const fields = line.text.trim().split(/\s+/);
  const [fileName = '', format = '', gainField, bits, zeroField, , checksum] = fields;
  requirePlainName(fileName, where);
  const zero = parseInteger(zeroField, where, 'the ADC zero') ?? 0;
  return {
    fileName,
    ...parseFormat(format, where),
    ...parseGain(gainField, zero, where),
    bits: parseInteger(bits, where, 'the ADC resolution') || DEFAULT_BITS,
    checksum: parseInteger(checksum, where, 'the checksum'),
    name: fields.slice(8).join(' ') || `signal ${index + 1}`,
    where,
  };
}

/** A header is foreign input: it may not send us to a file in another folder. */
function requirePlainName(fileName: string, where: string): void {
  if (/^[^/\\:]+$/.test(fileName) && !/^[.~-]*$/.test(fileName)) return;
  throw new MaiboError('input-format', `the signal file ${showCell(fileName)} is not a plain file name`, {
    where,
    hint: 'the signal file has to lie in the folder of its header',
  });
}

function parseFormat(field: string, where: string) {
  const match = FORMAT_FIELD.exec(field);
  if (match === null) throw bad(where, `${showCell(field)} is no signal format; expected a number such as 212`);
  const packing = Number(match[1]);
  if (packing !== 16 && packing !== 80 && packing !== 212) {
    throw bad(where, `signal format ${packing} is not read; 16, 80 and 212 are`);
  }
  const samplesPerFrame = Number(match[2] ?? 1);
  if (samplesPerFrame < 1 || samplesPerFrame > WFDB_FRAME_SAMPLES_MAX) {
    throw bad(where, `${samplesPerFrame} samples per frame; expected 1 to ${WFDB_FRAME_SAMPLES_MAX}`);
  }
  const typed: WfdbPacking = packing;
  return { packing: typed, samplesPerFrame, skewFrames: Number(match[3] ?? 0), byteOffset: Number(match[4] ?? 0) };
}

function parseGain(field: string | undefined, zero: number, where: string) {
  const match = field === undefined ? [] : GAIN_FIELD.exec(field);
  const gain = match === null ? null : parseDecimal(match[1] ?? '0');
  if (match === null || gain === null || !Number.isFinite(gain)) {
    throw bad(where, `${showCell(field ?? '')} is no gain; expected for example 200(1024)/mV`);
  }
  const baseline = match[2] === undefined ? zero : Number(match[2]);
  return { gain: gain === 0 ? DEFAULT_GAIN : gain, baseline, unit: match[3] ?? 'mV' };
}

function parseCount(field: string, where: string, what: string): number {
  if (COUNT_FIELD.test(field)) return Number(field);
  throw bad(where, `${showCell(field)} is not ${what}; expected a whole number`);
}

function parseInteger(field: string | undefined, where: string, what: string): number | null {
  if (field === undefined) return null;
  if (/^[+-]?\d{1,15}$/.test(field)) return Number(field);
  throw bad(where, `${showCell(field)} is not ${what}; expected a whole number`);
}

/** "23:07:00" and "19/1/1989" (day first). A time without a date says nothing about when it was. */
function parseStart(time: string | undefined, date: string | undefined): number | null {
  const clock = /^(?:(\d{1,2}):)?(\d{1,2}):(\d{1,2}(?:\.\d+)?)$/.exec(time ?? '');
  const day = /^(\d{1,2})\/(\d{1,2})\/(\d{4})$/.exec(date ?? '');
  if (clock === null || day === null) return null;
  const midnight = Date.UTC(Number(day[3]), Number(day[2]) - 1, Number(day[1]));
  const seconds = Number(clock[1] ?? 0) * 3600 + Number(clock[2]) * 60 + Number(clock[3]);
  return midnight + Math.round(seconds * 1000);
}

function bad(where: string, message: string): MaiboError {
  return new MaiboError('input-format', message, { where });
}
