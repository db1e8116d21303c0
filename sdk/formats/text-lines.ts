// Lines of a text file, gzipped or not, in batches of one chunk. A byte order mark, CRLF and a missing final newline are
// fine; control bytes mean that this is no text, and the error says at which line.

import { MaiboError } from '../errors.ts';
import { findInputFile, type InputFile, isGzip, readChunks, readHead, readInflated } from './input-file.ts';
import { LINE_CHARS_MAX, SNIFF_CHARS_MAX } from './limits.ts';

export interface TextLine {
  /** Counted from 1. */
  readonly number: number;
  readonly text: string;
}

export interface TextFile {
  readonly file: InputFile;
  readonly isGzipped: boolean;
}

export async function findTextFile(path: string): Promise<TextFile> {
  const file = await findInputFile(path);
  const head = await readHead(file, 4);
  if (file.sizeBytes === 0) throw new MaiboError('input-empty', 'the file is empty', { where: file.label });
  const isUtf16 = (head[0] === 0xff && head[1] === 0xfe) || (head[0] === 0xfe && head[1] === 0xff);
  if (isUtf16) {
    throw new MaiboError('input-format', 'this is UTF-16 text', { where: file.label, hint: 'save it as UTF-8' });
  }
  return { file, isGzipped: isGzip(head) };
}

export async function* readLines(source: TextFile): AsyncGenerator<TextLine[]> {
  const decoder = new TextDecoder('utf-8'); // drops the byte order mark
  const label = source.file.label;
  let carry = '';
  let lineNumber = 1;
  for await (const chunk of source.isGzipped ? readInflated(source.file) : readChunks(source.file)) {
    requireText(chunk, lineNumber, label);
    const parts = (carry + decoder.decode(chunk, { stream: true })).split('\n');
    carry = parts.pop() ?? '';
    const lines = parts.map((part, index) => toLine(part, lineNumber + index, label));
    lineNumber += parts.length;
    if (carry.length > LINE_CHARS_MAX) throw tooLong(label, lineNumber);
    yield lines;
  }
  carry += decoder.decode();
  if (carry !== '') yield [toLine(carry, lineNumber, label)];
}

/** The first lines, blank ones too; fewer when they are very long. */
export async function peekLines(source: TextFile, lineCount: number): Promise<TextLine[]> {
  const lines: TextLine[] = [];
  let charCount = 0;
  for await (const batch of readLines(source)) {
    for (const line of batch) {
      lines.push(line);
      charCount += line.text.length;
    }
    if (lines.length >= lineCount || charCount > SNIFF_CHARS_MAX) break;
  }
  return lines.slice(0, lineCount);
}

function toLine(text: string, number: number, label: string): TextLine {
  if (text.length > LINE_CHARS_MAX) throw tooLong(label, number);
  return { number, text: text.endsWith('\r') ? text.slice(0, -1) : text };
}

function requireText(bytes: Uint8Array, lineNumber: number, label: string): void {
  let line = lineNumber;
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i]!;
    if (byte >= 0x20 || byte === 0x0d || byte === 0x09) continue;
    if (byte === 0x0a) line++;
    else throw notText(label, line, byte);
  }
}

function notText(label: string, line: number, byte: number): MaiboError {
  const hex = byte.toString(16).padStart(2, '0');
  return new MaiboError('input-format', `this is not text: it holds the byte 0x${hex}`, {
    where: `${label}, line ${line}`,
    hint: 'if it is a binary recording, name its format with --format',
  });
}

function tooLong(label: string, line: number): MaiboError {
  const message = `the line is longer than ${LINE_CHARS_MAX} characters`;
  return new MaiboError('input-format', message, { where: `${label}, line ${line}` });
}
