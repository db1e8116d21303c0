// Records of the MIT-BIH Arrhythmia Database, read just far enough for the tests: format 212, channel 0, beat annotations.

import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const RATE_HZ = 360;
const BASELINE = 1024;
const BEAT_CODES = new Set([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 25, 30, 34, 35, 38, 41]);
const CODE_SKIP = 59;
const CODE_AUX = 63;
/** NUM, SUB and CHN say something about the annotation before them and take no time. */
const CODES_WITHOUT_TIME = new Set([60, 61, 62]);

/** Where the recordings are when they are there: beside the repository. */
export function mitdbFolder(): string {
  const repository = join(dirname(fileURLToPath(import.meta.url)), '../../..');
  return join(repository, '../shared/data/mitdb');
}

export function readMitdb(folder: string, record: string): { samples: Float32Array; beats: number[]; rateHz: number } {
  const samples = readChannel0(readFileSync(join(folder, `${record}.dat`)));
  return { samples, beats: readBeats(readFileSync(join(folder, `${record}.atr`))), rateHz: RATE_HZ };
}

/** Three bytes hold one sample of each of two channels, 12 bits each. */
function readChannel0(bytes: Uint8Array): Float32Array {
  return Float32Array.from({ length: Math.floor(bytes.length / 3) }, (_, i) => {
    const word = bytes[3 * i]! | ((bytes[3 * i + 1]! & 15) << 8);
    return ((word << 20) >> 20) - BASELINE;
  });
}

function readBeats(bytes: Uint8Array): number[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const beats: number[] = [];
  let time = 0;
  for (let at = 0; at + 1 < bytes.length; ) {
    const word = view.getUint16(at, true);
    const code = word >> 10;
    const low = word & 1023;
    at += 2;
    if (word === 0) break;
    if (code === CODE_SKIP) {
      time += view.getInt16(at, true) * 65_536 + view.getUint16(at + 2, true);
      at += 4;
    } else if (code === CODE_AUX) at += (low + 1) & ~1;
    else if (!CODES_WITHOUT_TIME.has(code)) {
      time += low;
      if (BEAT_CODES.has(code)) beats.push(time);
    }
  }
  return beats;
}
