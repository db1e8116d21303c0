// 100,000 mutated inputs per run through every decoder: whatever comes, the answer is a value or a fault.

import { expect, test } from 'vitest';
import { decodeCbor } from '../cbor/cbor.ts';
import { decodeRecord } from '../evidence/record-codec.ts';
import { decodeReceipt, decodeSegment, decodeSegmentHeader } from '../evidence/segment-codec.ts';
import { decodeFrame, SerialFramer } from '../framing/serial-framer.ts';
import { describeBytes } from '../inspect/describe-bytes.ts';
import { fromHex } from '../inspect/hex.ts';
import { decodeMessage } from '../message/message-codec.ts';
import { openCose } from '../security/cose-sign1.ts';
import { readVectors } from './read-vectors.ts';

const RUNS = 100_000;
const SEED = Number(process.env.MAIBO_FUZZ_SEED ?? Date.now() & 0x7fff_ffff);

const messages = readVectors('messages.json').cases as { hex: string; frame: string }[];
const evidence = readVectors('evidence.json');
const corpus = [
  ...messages.flatMap(({ hex, frame }) => [hex, frame]),
  ...evidence.records.flatMap(({ hex, sealed }: { hex: string; sealed: string }) => [hex, sealed]),
  evidence.segment.hex,
  evidence.segment.headerHex,
  evidence.receipt.hex,
  evidence.receipt.sealed,
].map(fromHex);

const framer = new SerialFramer();
const decoders: ((bytes: Uint8Array) => unknown)[] = [
  decodeCbor,
  decodeMessage,
  decodeRecord,
  decodeSegment,
  decodeSegmentHeader,
  decodeReceipt,
  openCose,
  decodeFrame,
  (bytes) => framer.push(bytes),
];

test(`no decoder throws (MAIBO_FUZZ_SEED=${SEED})`, () => {
  const random = mulberry32(SEED);
  for (let turn = 0; turn < RUNS; turn++) {
    const bytes = mutate(corpus[Math.floor(random() * corpus.length)]!, random);
    for (const decode of decoders) decode(bytes);
    if (turn % 50 === 0) describeBytes(bytes);
  }
  expect(framer.counts.frames + (framer.counts.faults['bad-check'] ?? 0)).toBeGreaterThan(0);
});

/** One to four edits: a byte set, a stretch cut out, a stretch doubled, or the end lost. */
function mutate(original: Uint8Array, random: () => number): Uint8Array {
  let bytes = original.slice();
  for (let edits = 1 + Math.floor(random() * 4); edits > 0; edits--) {
    const at = Math.floor(random() * bytes.length);
    const end = Math.min(bytes.length, at + 1 + Math.floor(random() * 8));
    const kind = random();
    if (kind < 0.6) bytes[at] = Math.floor(random() * 256);
    else if (kind < 0.75) bytes = Uint8Array.from([...bytes.subarray(0, at), ...bytes.subarray(end)]);
    else if (kind < 0.9) bytes = Uint8Array.from([...bytes.subarray(0, end), ...bytes.subarray(at)]);
    else bytes = bytes.slice(0, at);
  }
  return bytes;
}

/** Tommy Ettinger's Mulberry32: small, seeded, good enough to pick edits. */
function mulberry32(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
