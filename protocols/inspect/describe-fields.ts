// Typed values as indented lines for people: hex for bytes, a summary for samples.

import { toHex } from './hex.ts';

/** Bytes up to this size are printed whole: every hash, key id and signature. */
const BYTES_SHOWN_MAX = 64;
const NUMBERS_SHOWN_MAX = 12;

export function describeFields(value: object, indent = '  '): string[] {
  const lines: string[] = [];
  for (const [name, member] of Object.entries(value)) {
    if (name === 'samples' && member instanceof Uint8Array && 'format' in value) {
      lines.push(`${indent}${name}: ${describeSamples(member, value.format)}`);
    } else lines.push(...describeField(name, member, indent));
  }
  return lines;
}

function describeField(name: string, value: unknown, indent: string): string[] {
  if (Array.isArray(value)) return describeList(name, value, indent);
  if (value instanceof Uint8Array) return [`${indent}${name}: ${describeHex(value)}`];
  if (typeof value === 'object' && value !== null)
    return [`${indent}${name}:`, ...describeFields(value, `${indent}  `)];
  return [`${indent}${name}: ${JSON.stringify(value)}`];
}

function describeList(name: string, list: readonly unknown[], indent: string): string[] {
  if (list.every((item) => typeof item !== 'object' || item === null)) {
    const shown = list.slice(0, NUMBERS_SHOWN_MAX).map((item) => JSON.stringify(item));
    const more = list.length > shown.length ? `, .. ${list.length} in all` : '';
    return [`${indent}${name}: [${shown.join(', ')}${more}]`];
  }
  return [`${indent}${name}:`, ...list.flatMap((item, index) => describeField(`[${index}]`, item, `${indent}  `))];
}

export function describeHex(bytes: Uint8Array): string {
  if (bytes.length <= BYTES_SHOWN_MAX) return `${toHex(bytes)} (${bytes.length} bytes)`;
  return `${toHex(bytes.subarray(0, 16))}.. (${bytes.length} bytes)`;
}

/** Count, range and missing ones; formats as in schema/common.cddl. What is coded takes a core to read, and says only how much it is. */
function describeSamples(bytes: Uint8Array, format: unknown): string {
  if (format === 3) return `${waveFrames(bytes)} x int16, coded in ${bytes.length} bytes`;
  const size = format === 2 ? 4 : 2;
  const missing = format === 2 ? -2_147_483_648 : -32_768;
  if (bytes.length % size !== 0) return `${bytes.length} bytes, not a whole number of int${size * 8}`;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  let missingCount = 0;
  for (let at = 0; at < bytes.length; at += size) {
    const count = size === 4 ? view.getInt32(at, true) : view.getInt16(at, true);
    if (count === missing) missingCount++;
    else {
      low = Math.min(low, count);
      high = Math.max(high, count);
    }
  }
  const range = low <= high ? `, ${low}..${high}` : '';
  return `${bytes.length / size} x int${size * 8}${range}, ${missingCount} missing`;
}

/** Frames of a wave block, from its head. */
function waveFrames(block: Uint8Array): number | '?' {
  const [, short, low, high] = block;
  if (short === undefined || short < 255) return short ?? '?';
  return low === undefined || high === undefined ? '?' : low | (high << 8);
}
