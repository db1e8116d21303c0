// 100,000 inputs per run through every decoder of bytes: whatever comes, the answer is a value or a fault. The inputs are values of the
// schema, encoded and then edited, and the golden vectors, edited. `npm run fuzz` does the same for longer and watches time and memory.

import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeCbor } from '../cbor/cbor.ts';
import { decodeRecord, encodeRecord } from '../evidence/record-codec.ts';
import { decodeReceipt, decodeSegment, decodeSegmentHeader, encodeSegment } from '../evidence/segment-codec.ts';
import { decodeFrame, encodeFrame, SerialFramer } from '../framing/serial-framer.ts';
import { arbEvidenceRecord, arbHandshake, arbItem, arbMessage, arbSegment } from '../generated/arbitraries.gen.ts';
import { describeBytes } from '../inspect/describe-bytes.ts';
import { fromHex } from '../inspect/hex.ts';
import { decodeMessage, encodeMessage } from '../message/message-codec.ts';
import { decodePacket } from '../packet/packet-codec.ts';
import { randomOf } from '../packet/wire.testkit.ts';
import { openCose } from '../security/cose-sign1.ts';
import { decodeHandshakeMessage, encodeHandshakeMessage } from '../session/handshake-codec.ts';
import { decodeItem, encodeItem } from '../sync/item-codec.ts';
import { mutate } from './mutate.testkit.ts';
import { readVectors } from './read-vectors.ts';

const RUNS = 100_000;
const PER_TYPE = 200;
const SEED = Number(process.env.MAIBO_FUZZ_SEED ?? Date.now() & 0x7fff_ffff);

const messages = readVectors('messages.json').cases as { hex: string; frame: string }[];
const evidence = readVectors('evidence.json');
const golden = [
  ...messages.flatMap(({ hex, frame }) => [hex, frame]),
  ...evidence.records.flatMap(({ hex, sealed }: { hex: string; sealed: string }) => [hex, sealed]),
  evidence.segment.hex,
  evidence.segment.headerHex,
  evidence.receipt.hex,
  evidence.receipt.sealed,
].map(fromHex);

function made<T>(arbitrary: fc.Arbitrary<T>, encode: (value: T) => Uint8Array): Uint8Array[] {
  return fc.sample(arbitrary, { numRuns: PER_TYPE, seed: SEED }).map(encode);
}

const framer = new SerialFramer();
const decoders: ((bytes: Uint8Array) => unknown)[] = [
  decodeCbor,
  decodeMessage,
  decodeItem,
  decodeRecord,
  decodeSegment,
  decodeSegmentHeader,
  decodeReceipt,
  openCose,
  decodeHandshakeMessage,
  decodePacket,
  decodeFrame,
  (bytes) => framer.push(bytes),
];

test(`no decoder throws (MAIBO_FUZZ_SEED=${SEED})`, () => {
  const random = randomOf(SEED);
  const corpus = [
    ...golden,
    ...made(arbMessage, encodeMessage),
    ...made(arbMessage, (message) => encodeFrame(encodeMessage(message))),
    ...made(arbHandshake, encodeHandshakeMessage),
    ...made(arbItem, encodeItem),
    ...made(arbEvidenceRecord, encodeRecord),
    ...made(arbSegment, encodeSegment),
  ].filter((bytes) => bytes.length <= 4_096);
  for (let turn = 0; turn < RUNS; turn++) {
    const bytes = mutate(corpus[Math.floor(random() * corpus.length)]!, random);
    for (const decode of decoders) decode(bytes);
    if (turn % 50 === 0) describeBytes(bytes);
  }
  expect(framer.counts.frames + (framer.counts.faults['bad-check'] ?? 0)).toBeGreaterThan(0);
});
