// A WFDB record: header, signal files and an annotation file of the same name. The path may be the record ("dir/100"), its
// header, its signal file or one of its annotation files.

import { basename, dirname, extname } from 'node:path';
import { MaiboError } from '../errors.ts';
import { inputFileExists } from './input-file.ts';
import { HEADER_LINES_MAX } from './limits.ts';
import type { Annotation, Channel, Recording } from './recording.ts';
import { CLOCK_NOTE, collectAnnotations, makeRecording, NoteList } from './recording-parts.ts';
import { guessSignalKind } from './signal-kind.ts';
import { findTextFile, peekLines } from './text-lines.ts';
import { intervalsBetweenBeats, readWfdbAnnotations } from './wfdb-annotation.ts';
import { parseWfdbHeader, type WfdbHeader } from './wfdb-header.ts';
import { planWfdbSignals, readWfdbSignal, type WfdbSignal } from './wfdb-signal.ts';

export interface WfdbOptions {
  /** Extension of the annotation file, such as 'atr'. Without it the first of ANNOTATORS that exists. */
  readonly annotator?: string | undefined;
}

/** Reference annotations before automatic ones, PhysioNet's usual names. */
const ANNOTATORS = ['atr', 'ecg', 'ari', 'qrs', 'ann', 'man', 'st', 'apn'];
const ANNOTATOR_NAME = /^[A-Za-z0-9_]{1,20}$/;

export async function openWfdb(path: string, options: WfdbOptions = {}): Promise<Recording> {
  const record = await findRecord(path);
  const header = await readHeader(record.headerPath);
  const notes = new NoteList();
  const folder = dirname(record.headerPath);
  const annotationPath = await findAnnotations(record.stem, options.annotator ?? record.annotator, notes);
  if (header.startUtcMs !== null) notes.set('clock', CLOCK_NOTE);
  const annotate = () => readWfdbAnnotations(annotationPath ?? '', header.frameRateHz, notes);
  const annotations = async (): Promise<readonly Annotation[]> =>
    annotationPath === null ? [] : collectAnnotations(annotate(), basename(annotationPath));
  const shared = { path, format: 'wfdb' as const, startUtcMs: header.startUtcMs, notes, annotations };
  if (header.signals.length === 0) {
    requireAnnotations(annotationPath, header);
    const intervals = () => intervalsBetweenBeats(annotate(), header.frameRateHz, notes);
    return makeRecording({ ...shared, intervals });
  }
  const signals = await planWfdbSignals(folder, header, notes);
  const channels = signals.map((signal) => toChannel(signal, header));
  return makeRecording({ ...shared, channels, samples: (channel) => readWfdbSignal(signals[channel]!, notes) });
}

interface RecordPlace {
  /** Path without extension. */
  readonly stem: string;
  readonly headerPath: string;
  /** Set when the path is that of an annotation file. */
  readonly annotator: string | undefined;
}

async function findRecord(path: string): Promise<RecordPlace> {
  const extension = extname(path);
  const isRecord = !ANNOTATOR_NAME.test(extension.slice(1)) || (await inputFileExists(`${path}.hea`));
  if (isRecord) return { stem: path, headerPath: `${path}.hea`, annotator: undefined };
  const stem = path.slice(0, -extension.length);
  if (extension.toLowerCase() === '.hea') return { stem, headerPath: path, annotator: undefined };
  const isSignal = extension.toLowerCase() === '.dat';
  return { stem, headerPath: `${stem}.hea`, annotator: isSignal ? undefined : extension.slice(1) };
}

async function readHeader(headerPath: string): Promise<WfdbHeader> {
  const label = basename(headerPath);
  const text = await findTextFile(headerPath).catch((thrown) => {
    if (!(thrown instanceof MaiboError) || thrown.code !== 'input-missing') throw thrown;
    const message = 'the WFDB header that belongs to the recording cannot be opened';
    throw new MaiboError('input-missing', message, { where: label, cause: thrown });
  });
  return parseWfdbHeader(await peekLines(text, HEADER_LINES_MAX + 1), label);
}

async function findAnnotations(stem: string, wanted: string | undefined, notes: NoteList): Promise<string | null> {
  if (wanted !== undefined) {
    if (!ANNOTATOR_NAME.test(wanted)) throw new MaiboError('usage', `"${wanted}" is no annotator name such as atr`);
    if (await inputFileExists(`${stem}.${wanted}`)) return `${stem}.${wanted}`;
    throw new MaiboError('input-missing', 'no such annotation file', { where: `${basename(stem)}.${wanted}` });
  }
  const found: string[] = [];
  for (const annotator of ANNOTATORS) if (await inputFileExists(`${stem}.${annotator}`)) found.push(annotator);
  if (found.length > 1)
    notes.set('annotators', `Annotations are from .${found[0]}; also there: .${found.slice(1).join(', .')}.`);
  return found[0] === undefined ? null : `${stem}.${found[0]}`;
}

function requireAnnotations(annotationPath: string | null, header: WfdbHeader): void {
  if (annotationPath !== null) return;
  throw new MaiboError('input-empty', 'the header has no signals and no annotation file lies beside it', {
    where: header.label,
    hint: `an annotation file has the record's name and ends in .${ANNOTATORS.slice(0, 4).join(', .')} or similar`,
  });
}

function toChannel(signal: WfdbSignal, header: WfdbHeader): Channel {
  const { line, frameCount } = signal;
  return {
    name: line.name,
    kind: guessSignalKind(line.name, line.unit),
    rateHz: header.frameRateHz * line.samplesPerFrame,
    unit: line.unit,
    gain: line.gain,
    offset: line.baseline,
    bits: line.bits,
    sampleCount: frameCount * line.samplesPerFrame,
  };
}
