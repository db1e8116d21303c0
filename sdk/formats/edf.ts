// EDF and EDF+ files. Data records hold a stretch of every signal; each call to samples() walks the records and takes its own.
// In a discontinuous file (EDF+D) the time between two records is filled with NaN: missing, not zero.

import { MaiboError } from '../errors.ts';
import { type EdfNote, parseEdfNotes } from './edf-annotation.ts';
import { EDF_FIXED_BYTES, type EdfHeader, type EdfSignal, edfHeaderBytes, parseEdfHeader } from './edf-header.ts';
import { findInputFile, type InputFile, readChunks, readHead } from './input-file.ts';
import { CHUNK_BYTES, GAP_CHUNK_SAMPLES } from './limits.ts';
import type { Annotation, Channel, Recording } from './recording.ts';
import { CLOCK_NOTE, collectAnnotations, makeRecording, NoteList, requireGap } from './recording-parts.ts';
import { guessSignalKind } from './signal-kind.ts';

interface EdfFile {
  readonly file: InputFile;
  readonly header: EdfHeader;
  readonly recordCount: number;
}

export async function openEdf(path: string): Promise<Recording> {
  const file = await findInputFile(path);
  if (file.sizeBytes === 0) throw new MaiboError('input-empty', 'the file is empty', { where: file.label });
  const headerBytes = edfHeaderBytes(await readHead(file, EDF_FIXED_BYTES), file.label);
  const header = parseEdfHeader(await readHead(file, headerBytes), file.label);
  const notes = new NoteList();
  const edf = { file, header, recordCount: countRecords(file, header, notes) };
  const signals = header.signals.filter((signal) => !signal.isAnnotations);
  if (signals.length === 0)
    throw new MaiboError('input-empty', 'the file holds only annotations', { where: file.label });
  if (header.startUtcMs !== null) notes.set('clock', CLOCK_NOTE);
  const channels = signals.map((signal) => toChannel(signal, edf, notes));
  return makeRecording({
    path,
    format: 'edf',
    channels,
    startUtcMs: header.startUtcMs,
    notes,
    samples: (channel) => readSignal(edf, signals[channel]!),
    annotations: () => collectAnnotations(readAnnotations(edf, channels[0]!.rateHz), file.label),
  });
}

function countRecords(file: InputFile, header: EdfHeader, notes: NoteList): number {
  const held = Math.floor((file.sizeBytes - header.headerBytes) / header.recordBytes);
  const said = header.recordCount;
  if (said === null)
    notes.set('count', `The header does not say how many data records there are; the file holds ${held}.`);
  if (held === 0 || said === 0)
    throw new MaiboError('input-empty', 'the file holds no data record', { where: file.label });
  if (said !== null && held < said) {
    const message = `the file ends in data record ${held + 1} (byte ${file.sizeBytes}); the header says ${said} records`;
    throw new MaiboError('input-format', message, {
      where: file.label,
      hint: 'the file may be truncated; copy it again',
    });
  }
  if (said !== null && held > said)
    notes.set('longer', `The file holds ${held} data records; the header says ${said}.`);
  return said ?? held;
}

function toChannel(signal: EdfSignal, { header, recordCount }: EdfFile, notes: NoteList): Channel {
  const { physicalMin, physicalMax, digitalMin, digitalMax, label, unit } = signal;
  const isCalibrated = digitalMax > digitalMin && physicalMax !== physicalMin;
  if (!isCalibrated) notes.set(`gain ${label}`, `${label} has no calibration; its values are converter counts.`);
  const gain = isCalibrated ? (digitalMax - digitalMin) / (physicalMax - physicalMin) : 1;
  return {
    name: label,
    kind: guessSignalKind(label, unit),
    rateHz: signal.samplesPerRecord / header.recordS,
    unit: isCalibrated ? unit : '',
    gain,
    offset: isCalibrated ? digitalMin - physicalMin * gain : 0,
    bits: 16,
    sampleCount: header.isDiscontinuous ? null : recordCount * signal.samplesPerRecord,
  };
}

function readSignal(edf: EdfFile, signal: EdfSignal): AsyncGenerator<Float32Array> {
  return edf.header.isDiscontinuous ? readWithGaps(edf, signal) : readContinuous(edf, signal);
}

async function* readContinuous(edf: EdfFile, { samplesPerRecord, byteInRecord }: EdfSignal) {
  const { recordBytes } = edf.header;
  for await (const chunk of readRecordChunks(edf)) {
    const view = viewOf(chunk);
    const samples = new Float32Array((chunk.length / recordBytes) * samplesPerRecord);
    for (let at = byteInRecord, to = 0; at < chunk.length; at += recordBytes) {
      for (let i = 0; i < samplesPerRecord; i++) samples[to++] = view.getInt16(at + 2 * i, true);
    }
    yield samples;
  }
}

async function* readWithGaps(edf: EdfFile, signal: EdfSignal): AsyncGenerator<Float32Array> {
  const rateHz = signal.samplesPerRecord / edf.header.recordS;
  let given = 0;
  let firstS: number | null = null;
  for await (const { view, index } of readRecords(edf)) {
    const startS = recordStart(edf, view, index);
    firstS ??= startS;
    const missing = countMissing(Math.round((startS - firstS) * rateHz) - given, rateHz, edf, index);
    yield* fillMissing(missing);
    const samples = new Float32Array(signal.samplesPerRecord);
    for (let i = 0; i < samples.length; i++) samples[i] = view.getInt16(signal.byteInRecord + 2 * i, true);
    given += missing + samples.length;
    yield samples;
  }
}

async function* readAnnotations(edf: EdfFile, rateHz: number): AsyncGenerator<Annotation> {
  let firstS: number | null = null;
  for await (const { view, index } of readRecords(edf)) {
    for (const { onsetS, text } of notesOfRecord(edf, view, index)) {
      firstS ??= text === '' ? onsetS : 0;
      if (text === '') continue;
      yield { sample: Math.round((onsetS - firstS) * rateHz), code: '"', isBeat: false, text };
    }
  }
}

/** Chunks of whole data records. */
function readRecordChunks({ file, header, recordCount }: EdfFile): AsyncGenerator<Uint8Array> {
  const { headerBytes: fromByte, recordBytes } = header;
  const chunkBytes = Math.max(1, Math.floor(CHUNK_BYTES / recordBytes)) * recordBytes;
  return readChunks(file, { fromByte, byteCount: recordCount * recordBytes, chunkBytes });
}

async function* readRecords(edf: EdfFile): AsyncGenerator<{ view: DataView; index: number }> {
  const { recordBytes } = edf.header;
  let index = 0;
  for await (const chunk of readRecordChunks(edf)) {
    for (let at = 0; at < chunk.length; at += recordBytes) {
      yield { view: viewOf(chunk.subarray(at, at + recordBytes)), index: index++ };
    }
  }
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
}

function notesOfRecord({ file, header }: EdfFile, view: DataView, index: number): EdfNote[] {
  return header.signals
    .filter((signal) => signal.isAnnotations)
    .flatMap(({ byteInRecord, samplesPerRecord }) => {
      const bytes = new Uint8Array(view.buffer, view.byteOffset + byteInRecord, samplesPerRecord * 2);
      return parseEdfNotes(bytes, `${file.label}, data record ${index + 1}`);
    });
}

function recordStart(edf: EdfFile, view: DataView, index: number): number {
  const stamp = notesOfRecord(edf, view, index)[0];
  if (stamp !== undefined && stamp.text === '') return stamp.onsetS;
  throw new MaiboError('input-format', 'the data record does not say when it begins', {
    where: `${edf.file.label}, data record ${index + 1}`,
  });
}

/** Samples between two records. A record that is stamped one sample early is a matter of rounding. */
function countMissing(count: number, rateHz: number, { file }: EdfFile, index: number): number {
  const where = `${file.label}, data record ${index + 1}`;
  if (count < -1) throw new MaiboError('input-format', 'the data record begins before the last one ends', { where });
  return requireGap(Math.max(0, count), rateHz, where);
}

function* fillMissing(count: number): Generator<Float32Array> {
  for (let left = count; left > 0; left -= GAP_CHUNK_SAMPLES) {
    yield new Float32Array(Math.min(left, GAP_CHUNK_SAMPLES)).fill(Number.NaN);
  }
}
