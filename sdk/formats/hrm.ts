// Polar .hrm files, after Polar's "HRM file format" (1.02 to 1.07): an INI-like text. [Params] says what [HRData] holds:
// Interval=238 is RR intervals in ms, 1 to 60 is the mean heart rate every so many seconds.

import { MaiboError } from '../errors.ts';
import { HEADER_LINES_MAX } from './limits.ts';
import { notANumber, parseDecimal, parseSample, showCell } from './number-cell.ts';
import type { Channel, Recording, RrInterval } from './recording.ts';
import { CLOCK_NOTE, makeRecording, NoteList, requireRr, SampleChunk } from './recording-parts.ts';
import { findTextFile, peekLines, readLines, type TextFile, type TextLine } from './text-lines.ts';

interface HrmHeader {
  readonly params: ReadonlyMap<string, string>;
  readonly firstDataLine: number;
}

const INTERVAL_RR = 238;
const INTERVAL_S_MAX = 60;
const VERSIONS = ['102', '105', '106', '107'];

export async function openHrm(path: string): Promise<Recording> {
  const text = await findTextFile(path);
  const { label } = text.file;
  const header = readHeader(await peekLines(text, HEADER_LINES_MAX + 1), label);
  const notes = new NoteList();
  const version = header.params.get('version') ?? '';
  if (!VERSIONS.includes(version))
    notes.set('version', `The version ${showCell(version)} is not one of ${VERSIONS.join(', ')}.`);
  const startUtcMs = parseStart(header.params);
  if (startUtcMs !== null) notes.set('clock', CLOCK_NOTE);
  const shared = { path, format: 'hrm' as const, startUtcMs, notes };
  const interval = parseDecimal(header.params.get('interval') ?? '');
  if (interval === INTERVAL_RR) return makeRecording({ ...shared, intervals: () => readIntervals(text, header) });
  if (interval === null || !(interval >= 1 && interval <= INTERVAL_S_MAX)) {
    const message = `Interval=${header.params.get('interval') ?? ''} is not read; expected ${INTERVAL_RR} (RR) or 1 to ${INTERVAL_S_MAX} s`;
    throw new MaiboError('input-format', message, { where: `${label}, [Params]` });
  }
  const channels = [heartRateChannel(interval)];
  return makeRecording({ ...shared, channels, samples: () => readHeartRate(text, header) });
}

function readHeader(lines: readonly TextLine[], label: string): HrmHeader {
  const params = new Map<string, string>();
  let section = '';
  for (const { text, number } of lines) {
    const line = text.trim();
    if (line.startsWith('[')) section = line.toLowerCase();
    if (section === '[hrdata]') {
      if (params.size === 0) throw new MaiboError('input-format', 'there is no [Params] section', { where: label });
      return { params, firstDataLine: number + 1 };
    }
    const equals = line.indexOf('=');
    if (section === '[params]' && equals > 0) params.set(line.slice(0, equals).toLowerCase(), line.slice(equals + 1));
  }
  const message = `there is no [HRData] section in the first ${HEADER_LINES_MAX} lines`;
  throw new MaiboError('input-format', message, { where: label });
}

function heartRateChannel(intervalS: number): Channel {
  const values = { unit: 'bpm', gain: 1, offset: 0, bits: null, sampleCount: null };
  return { name: 'heart rate', kind: 'other', rateHz: 1 / intervalS, ...values };
}

async function* readIntervals(text: TextFile, header: HrmHeader): AsyncGenerator<RrInterval> {
  let timeMs = 0;
  for await (const { cell, where } of readDataCells(text, header)) {
    const value = parseDecimal(cell);
    if (value === null) throw notANumber(cell, where);
    const rrMs = requireRr(value, where);
    timeMs += rrMs;
    yield { timeS: timeMs / 1000, rrMs };
  }
}

/** A heart rate of 0 is how the monitor writes that it had no contact. */
async function* readHeartRate(text: TextFile, header: HrmHeader): AsyncGenerator<Float32Array> {
  const chunk = new SampleChunk();
  for await (const { cell, where } of readDataCells(text, header)) {
    const value = parseSample(cell, where);
    if (value < 0) throw new MaiboError('input-range', `a heart rate of ${value} is not possible`, { where });
    if (chunk.push(value === 0 ? Number.NaN : value)) yield chunk.take();
  }
  if (!chunk.isEmpty) yield chunk.take();
}

/** The first column of [HRData], which is the heart in every mode of the monitor. */
async function* readDataCells(text: TextFile, header: HrmHeader): AsyncGenerator<{ cell: string; where: string }> {
  let count = 0;
  for await (const lines of readLines(text)) {
    for (const line of lines) {
      const content = line.text.trim();
      if (line.number < header.firstDataLine || content === '') continue;
      if (content.startsWith('[')) return;
      count++;
      yield { cell: content.split(/\s+/, 1)[0]!, where: `${text.file.label}, line ${line.number}` };
    }
  }
  if (count === 0) throw new MaiboError('input-empty', 'there is nothing in [HRData]', { where: text.file.label });
}

/** Date=20080208 and StartTime=08:50:31.0 */
function parseStart(params: ReadonlyMap<string, string>): number | null {
  const day = /^(\d{4})(\d{2})(\d{2})$/.exec(params.get('date') ?? '');
  const clock = /^(\d{1,2}):(\d{2}):(\d{2}(?:\.\d+)?)$/.exec(params.get('starttime') ?? '');
  if (day === null || clock === null) return null;
  const midnight = Date.UTC(Number(day[1]), Number(day[2]) - 1, Number(day[3]));
  return midnight + Math.round((Number(clock[1]) * 3600 + Number(clock[2]) * 60 + Number(clock[3])) * 1000);
}
