// Samples of one WFDB signal. Signals of the same file are interleaved frame by frame:
//
//   | s0 s0 | s1 | s2 | s0 s0 | s1 | s2 | ...        s0 with two samples per frame
//
// A file is checked against its header when the record is opened, then read in blocks of whole frames.

import { join } from 'node:path';
import { MaiboError } from '../errors.ts';
import { findInputFile, type InputFile, readChunks } from './input-file.ts';
import { CHUNK_BYTES, GAP_CHUNK_SAMPLES, WFDB_FRAME_SAMPLES_MAX } from './limits.ts';
import type { NoteList } from './recording-parts.ts';
import type { WfdbHeader, WfdbSignalLine } from './wfdb-header.ts';
import { PICK, packedBytes, SAMPLE_BITS, samplesInBytes } from './wfdb-packing.ts';

export interface WfdbSignal {
  readonly line: WfdbSignalLine;
  readonly file: InputFile;
  /** Samples of all signals in one frame of the file, and where this signal's begin. */
  readonly frameSamples: number;
  readonly firstInFrame: number;
  /** Whole frames that the file holds. */
  readonly fileFrames: number;
  /** Frames that the record has. */
  readonly frameCount: number;
}

export async function planWfdbSignals(folder: string, header: WfdbHeader, notes: NoteList): Promise<WfdbSignal[]> {
  const groups = groupByFile(header.signals);
  const held = new Map<string, { file: InputFile; frameSamples: number; fileFrames: number }>();
  for (const [name, lines] of groups) held.set(name, await measureGroup(join(folder, name), lines));
  const frameCount = header.frameCount ?? Math.min(...[...held.values()].map((group) => group.fileFrames));
  for (const group of held.values()) checkLength(group, frameCount, header, notes);
  return header.signals.map((line) => {
    const group = held.get(line.fileName)!;
    return { line, ...group, firstInFrame: firstInFrame(line, groups.get(line.fileName)!), frameCount };
  });
}

/** Counts as the file has them, one Float32Array per block; the sum is compared with the header's after the last. */
export async function* readWfdbSignal(signal: WfdbSignal, notes: NoteList): AsyncGenerator<Float32Array> {
  const { line, frameCount } = signal;
  const perFrame = line.samplesPerFrame;
  let toSkip = line.skewFrames * perFrame;
  let left = frameCount * perFrame;
  let sum = 0;
  for await (const block of readBlocks(signal)) {
    sum = (sum + block.sum) | 0;
    const skipped = Math.min(toSkip, block.samples.length);
    toSkip -= skipped;
    const samples = block.samples.subarray(skipped, skipped + left);
    left -= samples.length;
    if (samples.length > 0) yield samples;
  }
  // A skewed signal ends early by its skew: those samples were never recorded.
  for (; left > 0; left -= Math.min(left, GAP_CHUNK_SAMPLES)) {
    yield new Float32Array(Math.min(left, GAP_CHUNK_SAMPLES)).fill(Number.NaN);
  }
  compareChecksum(signal, sum, notes);
}

async function* readBlocks(signal: WfdbSignal): AsyncGenerator<{ samples: Float32Array; sum: number }> {
  const { line, file, frameSamples, firstInFrame: first } = signal;
  const perFrame = line.samplesPerFrame;
  const framesToRead = Math.min(signal.fileFrames, signal.frameCount + line.skewFrames);
  const byteCount = packedBytes(line.packing, framesToRead * frameSamples);
  const chunkBytes = packedBytes(line.packing, blockFrames(signal) * frameSamples);
  for await (const bytes of readChunks(file, { fromByte: line.byteOffset, byteCount, chunkBytes })) {
    const frames = Math.floor(samplesInBytes(line.packing, bytes.length) / frameSamples);
    const samples = new Float32Array(frames * perFrame);
    let sum = 0;
    for (let nth = 0; nth < perFrame; nth++) {
      const target = { into: samples, intoFirst: nth, intoStride: perFrame };
      sum =
        (sum + PICK[line.packing](bytes, { first: first + nth, stride: frameSamples, count: frames, ...target })) | 0;
    }
    yield { samples, sum };
  }
}

/** An even number of frames, so that every block of format 212 begins on a whole byte. */
function blockFrames(signal: WfdbSignal): number {
  const frameBytes = (signal.frameSamples * SAMPLE_BITS[signal.line.packing]) / 8;
  return Math.max(2, Math.floor(CHUNK_BYTES / frameBytes / 2) * 2);
}

function groupByFile(signals: readonly WfdbSignalLine[]): Map<string, WfdbSignalLine[]> {
  const groups = new Map<string, WfdbSignalLine[]>();
  for (const line of signals) groups.set(line.fileName, [...(groups.get(line.fileName) ?? []), line]);
  return groups;
}

function firstInFrame(line: WfdbSignalLine, group: readonly WfdbSignalLine[]): number {
  return group.slice(0, group.indexOf(line)).reduce((sum, before) => sum + before.samplesPerFrame, 0);
}

async function measureGroup(path: string, lines: readonly WfdbSignalLine[]) {
  const [first] = lines;
  const { packing, byteOffset, where } = first!;
  for (const line of lines) {
    if (line.packing === packing && line.byteOffset === byteOffset) continue;
    const message = 'signals of one file have to share format and byte offset';
    throw new MaiboError('input-format', message, { where: line.where });
  }
  const frameSamples = lines.reduce((sum, line) => sum + line.samplesPerFrame, 0);
  if (frameSamples > WFDB_FRAME_SAMPLES_MAX) {
    throw new MaiboError('input-format', `a frame of more than ${WFDB_FRAME_SAMPLES_MAX} samples is not read`, {
      where,
    });
  }
  const file = await findSignalFile(path, where);
  const sampleCount = samplesInBytes(packing, Math.max(0, file.sizeBytes - byteOffset));
  return { file, frameSamples, fileFrames: Math.floor(sampleCount / frameSamples), packing, byteOffset };
}

async function findSignalFile(path: string, where: string): Promise<InputFile> {
  const file = await findInputFile(path).catch((thrown) => {
    if (!(thrown instanceof MaiboError) || thrown.code !== 'input-missing') throw thrown;
    const message = `the signal file ${thrown.where} that the header names cannot be opened`;
    throw new MaiboError('input-missing', message, { where, cause: thrown });
  });
  if (file.sizeBytes > 0) return file;
  throw new MaiboError('input-empty', 'the signal file is empty', { where: file.label });
}

function checkLength(
  group: { file: InputFile; frameSamples: number; fileFrames: number },
  frameCount: number,
  header: WfdbHeader,
  notes: NoteList,
): void {
  const { file, fileFrames } = group;
  if (frameCount === 0) throw new MaiboError('input-empty', 'the signal file holds no sample', { where: file.label });
  if (fileFrames < frameCount) {
    const message = `the file ends at sample ${fileFrames} (byte ${file.sizeBytes}); ${header.label} says ${frameCount} samples`;
    throw new MaiboError('input-format', message, {
      where: file.label,
      hint: 'the file may be truncated; copy it again',
    });
  }
  const skewMax = Math.max(...header.signals.map((line) => line.skewFrames));
  if (fileFrames > frameCount + skewMax + 1) {
    notes.set(`longer ${file.label}`, `${file.label} holds ${fileFrames} samples; the header says ${frameCount}.`);
  }
}

function compareChecksum(signal: WfdbSignal, sum: number, notes: NoteList): void {
  const { checksum, skewFrames, name } = signal.line;
  // The sum covers the samples before the skew too, but which ones past the end depends on the writer: not compared.
  if (checksum === null || skewFrames > 0 || ((sum - checksum) & 0xffff) === 0) return;
  const found = (sum << 16) >> 16;
  notes.set(
    `checksum ${signal.firstInFrame} ${name}`,
    `The checksum of ${name} is ${found}; the header says ${checksum}.`,
  );
}
