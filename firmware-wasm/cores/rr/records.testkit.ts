// Real recordings beside the repository (../shared/data): intervals between annotated beats, with what the annotators say of them.

import { readdirSync, readFileSync } from 'node:fs';

export interface AnnotatedInterval {
  readonly rrMs: number;
  /** Codes of the beats at which it begins and ends (WFDB: 1 N, 2 L, 3 R, 4 a, 5 V, 7 J, 8 A, 9 S ...). */
  readonly from: number;
  readonly to: number;
  /** The last rhythm annotation, such as "(AFIB". */
  readonly rhythm: string;
}

interface Annotation {
  readonly tick: number;
  readonly code: number;
  text: string;
}

const BEAT_CODES = new Set([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 25, 30, 34, 35, 38, 41]);
const RHYTHM_CODE = 28;
const [SKIP, AUX] = [59, 63];

/** Names of the records of a folder, by the ending of their annotation files. */
export function recordNames(folder: string, ending: string): string[] {
  const files = readdirSync(folder).filter((file) => file.endsWith(`.${ending}`));
  return files.map((file) => file.slice(0, -ending.length - 1)).sort();
}

export function readIntervals(path: string, ticksHz: number): AnnotatedInterval[] {
  const intervals: AnnotatedInterval[] = [];
  let rhythm = '';
  let last: Annotation | undefined;
  for (const annotation of readAnnotations(readFileSync(path))) {
    if (annotation.code === RHYTHM_CODE) rhythm = annotation.text;
    if (!BEAT_CODES.has(annotation.code)) continue;
    if (last && annotation.tick > last.tick) {
      const rrMs = ((annotation.tick - last.tick) * 1000) / ticksHz;
      intervals.push({ rrMs, from: last.code, to: annotation.code, rhythm });
    }
    last = annotation;
  }
  return intervals;
}

/** The annotation format of WFDB, annot(5). */
function readAnnotations(bytes: Buffer): Annotation[] {
  const annotations: Annotation[] = [];
  let tick = 0;
  for (let at = 0; at + 1 < bytes.length; ) {
    const word = bytes.readUInt16LE(at);
    const [code, low] = [word >> 10, word & 1023];
    at += 2;
    if (word === 0) break;
    if (code === SKIP) {
      tick += (bytes.readUInt16LE(at) << 16) | bytes.readUInt16LE(at + 2);
      at += 4;
    } else if (code === AUX) {
      annotations.at(-1)!.text = bytes.toString('latin1', at, at + low).replace(/\0+$/, '');
      at += low + (low & 1);
    } else if (code < SKIP) {
      tick += low;
      annotations.push({ tick, code, text: '' });
    }
  }
  return annotations;
}
