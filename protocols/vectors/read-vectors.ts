// Reads a vector file for tests; JSON has no bytes, so {"hex": ..} stands for them.

import { readFileSync } from 'node:fs';
import { fromHex } from '../inspect/hex.ts';

// biome-ignore lint/suspicious/noExplicitAny: vector files are checked by the tests that use them
export function readVectors(name: string): any {
  return JSON.parse(readFileSync(new URL(name, import.meta.url), 'utf8'));
}

export function fromVector(json: unknown): unknown {
  if (Array.isArray(json)) return json.map(fromVector);
  if (typeof json !== 'object' || json === null) return json;
  if ('hex' in json && Object.keys(json).length === 1) return fromHex(json.hex as string);
  return Object.fromEntries(Object.entries(json).map(([name, value]) => [name, fromVector(value)]));
}
