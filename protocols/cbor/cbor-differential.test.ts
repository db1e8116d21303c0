// The decoder against two others: cbor2 on whether an input is of the profile, cbor-x on what an accepted input says.

import { Decoder } from 'cbor-x';
import { decode as decodeWithCbor2, SequenceEvents } from 'cbor2';
import { sortCoreDeterministic } from 'cbor2/sorts';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { fromHex, toHex } from '../inspect/hex.ts';
import { randomOf } from '../packet/wire.testkit.ts';
import { mutate } from '../vectors/mutate.testkit.ts';
import { readVectors } from '../vectors/read-vectors.ts';
import { arbCborValue } from './arbitraries.testkit.ts';
import { decodeCbor, encodeCbor } from './cbor.ts';
import type { CborLimits, CborValue } from './cbor-value.ts';

const INPUTS = 100_000;
const SEED = Number(process.env.MAIBO_FUZZ_SEED ?? Date.now() & 0x7fff_ffff);
const LIMITS: CborLimits = { bytesMax: 1_000_000, itemsMax: 100_000, depthMax: 6 };

test(`${INPUTS} inputs: accepted when cbor2 accepts, and then cbor-x reads the same (MAIBO_FUZZ_SEED=${SEED})`, () => {
  const random = randomOf(SEED);
  const corpus = [
    ...fc.sample(arbCborValue, { numRuns: 1_000, seed: SEED }).map(encodeCbor),
    ...(readVectors('messages.json').cases as { hex: string }[]).map(({ hex }) => fromHex(hex)),
    ...(readVectors('malformed-cbor.json').cases as [string][]).map(([hex]) => fromHex(hex)),
  ].filter((bytes) => bytes.length < 120);
  const seen = { accepted: 0, refused: 0 };
  for (let turn = 0; turn < INPUTS; turn++) {
    const original = corpus[Math.floor(random() * corpus.length)]!;
    const input = random() < 0.1 ? original : mutate(original, random);
    const found = decodeCbor(input, LIMITS);
    if (found.ok !== isOfTheProfile(input)) throw new Error(`we say ${found.ok}, cbor2 does not: ${toHex(input)}`);
    seen[found.ok ? 'accepted' : 'refused']++;
    if (found.ok && !isSame(found.value, lenient.decode(input))) throw new Error(`cbor-x differs: ${toHex(input)}`);
  }
  expect(Math.min(seen.accepted, seen.refused)).toBeGreaterThan(INPUTS / 20);
}, 120_000);

const LENIENT = { useRecords: false, mapsAsObjects: false, int64AsNumber: true };
const lenient = new Decoder(LENIENT);

const STRICT = {
  rejectStreaming: true,
  requirePreferred: true,
  sortKeys: sortCoreDeterministic,
  rejectDuplicateKeys: true,
  rejectSimple: true,
  rejectUndefined: true,
  rejectNegativeZero: true,
  preferMap: true,
  ignoreGlobalTags: true,
};

/** What cbor2's strict options say, and, on its events and values, the rules of ours that it has no option for. */
function isOfTheProfile(input: Uint8Array): boolean {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0; // nine in ten are refused by throwing, and nobody reads the traces
  try {
    const value = decodeWithCbor2(input, STRICT);
    for (const event of new SequenceEvents(input, STRICT)) if (!isAllowed(event)) return false;
    return isShallow(value, 0);
  } catch {
    return false;
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}

function isAllowed([major, info, value]: readonly [number, number, unknown, ...unknown[]]): boolean {
  if (major <= 1) return Number.isSafeInteger(value);
  if (major === 3) return !(value as string).startsWith('\ufeff');
  if (major === 7 && info >= 24) return info === 27 && Number.isFinite(value) && !Number.isSafeInteger(value);
  return major !== 6;
}

function isShallow(value: unknown, depth: number): boolean {
  if (depth > LIMITS.depthMax) return false;
  if (Array.isArray(value)) return depth < LIMITS.depthMax && value.every((one) => isShallow(one, depth + 1));
  if (!(value instanceof Map)) return true;
  const isKey = (key: unknown) => typeof key === 'string' || Number.isSafeInteger(key);
  return depth < LIMITS.depthMax && [...value].every(([key, one]) => isKey(key) && isShallow(one, depth + 1));
}

/** `other` has a Map for every map. */
function isSame(ours: CborValue, other: unknown): boolean {
  if (Array.isArray(ours)) {
    return Array.isArray(other) && ours.length === other.length && ours.every((one, at) => isSame(one, other[at]));
  }
  if (ours instanceof Uint8Array) return other instanceof Uint8Array && toHex(ours) === toHex(other);
  if (typeof ours !== 'object' || ours === null) return Object.is(ours, other);
  const entries: (readonly [string | number, CborValue])[] = ours instanceof Map ? [...ours] : Object.entries(ours);
  if (!(other instanceof Map) || other.size !== entries.length) return false;
  return entries.every(([key, one]) => other.has(key) && isSame(one, other.get(key)));
}
